import { serviceDateSchema, stopIdSchema } from '../../../shared/platform/ids.ts';
import { money } from '../../../shared/platform/money.ts';
import { plusSeconds } from '../../../shared/platform/time.ts';
import { decideFare, decideOffer } from '../../../shared/selling/decide-offer.ts';
import type { OrderRequest } from '../../../shared/selling/draft-order.ts';
import type { Run } from '../../../shared/timetable/model.ts';
import { sampleCarrier } from '../../support/sample-carrier.ts';
import { sampleRun } from '../../support/sample-run.ts';

const run = sampleRun('2026-12-01', 2);
const [first, second, last] = [run.stops[0]!, run.stops[1]!, run.stops[3]!];
const now = plusSeconds(first.departs, -86_400);
const day = (text: string) => serviceDateSchema.parse(text);
const sales = { from: day('2026-11-01'), until: day('2027-01-01') };
const document = { kind: 'cn-resident-id' as const, number: '11010519491231002X' };
const request: Parameters<typeof decideOffer>[1] = {
  from: first.stopId,
  to: last.stopId,
  class: 'second' as OrderRequest['class'],
  passengers: [{ name: '张三', type: 'adult', document }],
  contact: { email: 'zhang@example.com' },
};
const fresh = { frozen: undefined, fresh: run, isBehind: false, sales };
const decide = (more: object, wish: object = {}, at = now) =>
  decideOffer({ ...fresh, ...more }, { ...request, ...wish }, sampleCarrier, at);

const withStop = (index: number, change: object): Run => ({
  ...run,
  stops: run.stops.map((stop, at) => (at === index ? { ...stop, ...change } : stop)),
});

describe('a journey', () => {
  test('is offered from the timetable, and as it is stored where its run is frozen', () => {
    expect(decide({})).toEqual({ outcome: 'accepted', run, frozen: false, stretch: { from: 0, to: 3 } });
    const frozen = { ...run };
    expect(decide({ frozen, fresh: undefined })).toMatchObject({ run: frozen, frozen: true });
  });

  const elsewhere = { from: stopIdSchema.parse('nowhere') };
  test.each<[string, string, object, object]>([
    ['no version has its run', 'unknown-run', { fresh: undefined }, {}],
    ['the run does not call there', 'unknown-stop', {}, elsewhere],
    ['the run calls there before', 'wrong-order', {}, { from: last.stopId, to: second.stopId }],
    ['nobody may board', 'no-boarding', { fresh: withStop(0, { boarding: false }) }, {}],
    ['nobody may alight', 'no-alighting', { fresh: withStop(3, { alighting: false }) }, {}],
    ['the run has no such class', 'unknown-class', {}, { class: 'third' }],
    [
      'a passenger has no document',
      'document-missing',
      {},
      { passengers: [{ name: '李四', type: 'adult' }] },
    ],
    [
      'it takes more days than one order can claim for its passengers',
      'journey-too-long',
      { fresh: withStop(3, { arrives: plusSeconds(last.arrives, 10 * 86_400) }) },
      {},
    ],
    ['nothing is on sale yet', 'not-on-sale', { sales: undefined }, {}],
    ['its run is closed', 'not-on-sale', { fresh: { ...run, state: 'closed' } }, {}],
    [
      'the newest version does not have it',
      'not-on-sale',
      { frozen: run, fresh: undefined, isBehind: true },
      {},
    ],
  ])('is refused where %s: %s', (_, reason, read, wish) => {
    const blamed = reason === 'document-missing' && { passenger: 0 };
    expect(decide(read, wish)).toEqual({ outcome: 'rejected', reason, ...blamed });
  });

  test('is refused once the sale has ended where they board, or it has left by the newest version', () => {
    const closes = plusSeconds(first.departs, -sampleCarrier.saleClosesSeconds);
    expect(decide({}, {}, closes)).toMatchObject({ reason: 'not-on-sale' });
    const leftBefore = withStop(0, { departs: plusSeconds(now, -60) });
    expect(decide({ frozen: run, fresh: leftBefore, isBehind: true })).toMatchObject({
      reason: 'not-on-sale',
    });
  });

  test('is sold as it is stored where the newest version has it for the same stops', () => {
    const later = withStop(0, { departs: plusSeconds(first.departs, 60) });
    expect(decide({ frozen: run, fresh: later, isBehind: true })).toMatchObject({ run, frozen: true });
  });
});

describe('a journey that is on sale', () => {
  const journey = { run, frozen: true, stretch: { from: 0, to: 3 } };
  const decideFor = (type: 'adult' | 'child', minorUnits: number | undefined) =>
    decideFare(
      journey,
      minorUnits === undefined ? undefined : money(minorUnits, 'CNY'),
      { passengers: [{ name: '张三', type }], class: run.layout.coaches[0]!.class },
      sampleCarrier,
    );

  test('is offered at its fare', () => {
    expect(decideFor('adult', 1)).toEqual({
      outcome: 'accepted',
      ...journey,
      adultFare: { amount: 1, currency: 'CNY' },
    });
    expect(decideFor('child', 1)).toMatchObject({ outcome: 'accepted' });
  });

  test.each([
    ['nobody has set one', undefined],
    ['it is nothing', 0],
  ])('has no fare where %s', (_, minorUnits) => {
    expect(decideFor('adult', minorUnits)).toEqual({ outcome: 'rejected', reason: 'no-fare' });
  });
});
