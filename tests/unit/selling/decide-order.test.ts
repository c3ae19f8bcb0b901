import type { Availability } from '../../../shared/inventory/model.ts';
import { pairCount, pairIndex } from '../../../shared/inventory/rules.ts';
import { noCounts } from '../../../shared/orders/budgets.ts';
import { serviceDateSchema, userIdSchema } from '../../../shared/platform/ids.ts';
import { accepted, rejected } from '../../../shared/platform/outcome.ts';
import { instantSchema, plusSeconds } from '../../../shared/platform/time.ts';
import { decideOrder, decidePassengers, isTwice } from '../../../shared/selling/decide-order.ts';
import type { OrderRequest } from '../../../shared/selling/draft-order.ts';
import { decideNoSeats } from '../../../shared/selling/rules.ts';
import { sampleCarrier } from '../../support/sample-carrier.ts';
import { sampleRun } from '../../support/sample-run.ts';

const now = instantSchema.parse('2026-11-20T02:00:00.000Z');
const today = serviceDateSchema.parse('2026-11-20');
const run = sampleRun('2026-12-01', 2);
const [from, to] = [run.stops[0]!, run.stops[3]!];
const request: OrderRequest = {
  userId: userIdSchema.parse('user-1'),
  runId: run.runId,
  from: from.stopId,
  to: to.stopId,
  class: 'second' as OrderRequest['class'],
  passengers: [
    { name: '张三', type: 'adult', document: { kind: 'cn-resident-id', number: '11010519491231002X' } },
    { name: '李四', type: 'adult' },
  ],
  contact: { email: 'zhang@example.com', locale: 'zh-CN' },
  wishes: {},
};
const offer = { run, stretch: { from: 0, to: 3 } };
const read = {
  replay: { outcome: 'first' as const },
  offer: accepted(offer),
  view: undefined,
  counts: noCounts,
  today,
  now,
};
const decide = (more: object) => decideOrder({ ...read, ...more }, request, sampleCarrier);

/** The run as counted with so many seats left for every journey, and so many that may come free in a moment. */
const viewWith = (left: number, perhaps?: number): Availability => {
  const free = (seats: number) => ({ second: Array.from({ length: pairCount(4) }, () => seats) });
  return {
    runId: run.runId,
    generation: run.generation,
    feedVersion: run.version,
    stopCount: 4,
    asOf: now,
    free: free(left),
    ...(perhaps !== undefined && { perhaps: { free: free(perhaps), until: plusSeconds(now, 5) } }),
  } as unknown as Availability;
};

describe('a request for seats, by what was read', () => {
  test('may go on where nothing speaks against it', () => {
    expect(decide({})).toMatchObject(accepted(offer));
    expect(decide({ view: viewWith(2) })).toMatchObject(accepted(offer));
  });

  test.each([
    [
      { outcome: 'same', answer: 'stored' },
      { outcome: 'accepted', answer: 'stored' },
    ],
    [{ outcome: 'reused' }, { reason: 'key-reused' }],
    [{ outcome: 'in-progress' }, { reason: 'request-in-progress' }],
  ])('that was sent before (%j) is answered by that, whatever else is the matter', (replay, as) => {
    expect(decide({ replay, offer: rejected('no-fare') })).toMatchObject({ outcome: 'answered', as });
  });

  test('is refused as its offer is, before its seats are looked at', () => {
    expect(decide({ offer: rejected('not-on-sale'), view: viewWith(0) })).toEqual(rejected('not-on-sale'));
  });

  test('is sold out where the view has too few seats for the party', () => {
    expect(decide({ view: viewWith(1) })).toEqual(rejected('sold-out'));
  });

  test('is busy where enough of them may come free in a moment, and only until then', () => {
    expect(decide({ view: viewWith(1, 2) })).toEqual(rejected('busy'));
    expect(decide({ view: viewWith(1, 1) })).toEqual(rejected('sold-out'));
    expect(decide({ view: viewWith(1, 2), now: plusSeconds(now, 5) })).toEqual(rejected('sold-out'));
  });

  test('is refused beyond the budgets of its user', () => {
    expect(decide({ counts: { ...noCounts, openOrders: 10 } })).toEqual(rejected('too-many-open-orders'));
    expect(decide({ counts: { ...noCounts, ended: new Map([[today, 3]]) } })).toEqual(
      rejected('too-many-ended-orders'),
    );
    expect(decide({ counts: { ...noCounts, seats: new Map([[run.runId, 17]]) } })).toEqual(
      rejected('too-many-seats'),
    );
  });

  test('with documents is refused alike, once its user was told often enough when others travel', () => {
    const counts = { ...noCounts, asked: new Map([[today, new Set(['a', 'b', 'c', 'd', 'e'])]]) };
    expect(decide({ counts })).toEqual(rejected('passenger-unavailable'));
    const nameless = { ...request, passengers: [{ name: '李四', type: 'adult' as const }] };
    expect(decideOrder({ ...read, counts }, nameless, sampleCarrier)).toMatchObject(accepted(offer));
  });
});

describe('passengers', () => {
  const time = { from: from.departs, to: to.arrives };
  const wish = { claim: 'c', holder: 'mine-1', time };
  const day = (holder: string, taken: typeof time) => ({
    claim: 'c',
    day: '2026-12-01',
    version: 1,
    claims: { [holder]: taken },
  });

  test('are free to travel when nobody claims them then', () => {
    const later = { from: to.arrives, to: plusSeconds(to.arrives, 60) };
    expect(decidePassengers([wish], [day('other-1', later)])).toEqual({ outcome: 'accepted' });
    expect(decidePassengers([wish], [day('mine-1', time)])).toEqual({ outcome: 'accepted' });
  });

  test('are not while they sit in another seat', () => {
    const [one, other] = ['01ARZ3NDEKTSV4RRFFQ69G5FAV', '01ARZ3NDEKTSV4RRFFQ69G5FAW'];
    const taken = [day(`${one}-1`, time), day(`${one}-2`, time), day(`${other}-1`, time)];
    expect(decidePassengers([wish], taken)).toEqual({
      ...rejected('passenger-time-conflict'),
      asked: [wish],
      inTheWay: [one, other],
    });
  });

  test('are each somebody else', () => {
    expect(isTwice([wish, { ...wish, holder: 'mine-2' }])).toBe(true);
    expect(isTwice([wish, { ...wish, claim: 'd' }])).toBe(false);
  });
});

test('no seats are sold out once nobody can give any back', () => {
  expect(decideNoSeats({ mayComeFree: false })).toEqual(rejected('sold-out'));
  expect(decideNoSeats({ mayComeFree: true })).toEqual(rejected('busy'));
});

describe('a party that agrees to change seats', () => {
  const [whole, before, after] = [
    pairIndex(4, { from: 0, to: 3 }),
    pairIndex(4, { from: 0, to: 1 }),
    pairIndex(4, { from: 1, to: 3 }),
  ];
  const left = (seats: Record<number, number>) =>
    Array.from({ length: pairCount(4) }, (_, pair) => seats[pair] ?? 0) as unknown as Uint16Array;
  const changing = accepted({ ...offer, changeAt: 1 });
  const decided = (seats: Record<number, number>, perhaps?: Record<number, number>) =>
    decide({
      offer: changing,
      view: {
        ...viewWith(0),
        free: { second: left(seats) },
        ...(perhaps && { perhaps: { until: plusSeconds(now, 1), free: { second: left(perhaps) } } }),
      },
    });

  test('fits if both stretches have seats, or the whole one', () => {
    expect(decided({ [before]: 2, [after]: 2 }).outcome).toBe('accepted');
    expect(decided({ [whole]: 2, [before]: 2, [after]: 2 }).outcome).toBe('accepted');
  });

  test('does not fit if one of them is short of a seat, for good or for a moment', () => {
    expect(decided({ [before]: 2, [after]: 1 })).toEqual(rejected('sold-out'));
    expect(decided({ [before]: 1, [after]: 2 })).toEqual(rejected('sold-out'));
    expect(decided({ [before]: 2, [after]: 1 }, { [before]: 2, [after]: 2 })).toEqual(rejected('busy'));
  });

  test('that does not agree is not seated like that', () => {
    const view = { ...viewWith(0), free: { second: left({ [before]: 2, [after]: 2 }) } };
    expect(decide({ view })).toEqual(rejected('sold-out'));
  });
});
