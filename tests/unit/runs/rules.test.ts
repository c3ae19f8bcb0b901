import { closedForGood, untouchedShard } from '../../../shared/inventory/pieces.ts';
import { serviceDateSchema } from '../../../shared/platform/ids.ts';
import type { Names } from '../../../shared/platform/languages.ts';
import { instantOf, instantSchema, plusDays, plusSeconds } from '../../../shared/platform/time.ts';
import {
  closedByChange,
  datesToSweep,
  decideFollowing,
  decideOwned,
  differenceOf,
  isLeftClosed,
  lookAgainAt,
  nextLookAt,
} from '../../../shared/runs/rules.ts';
import type { Run } from '../../../shared/timetable/model.ts';
import { sampleOrder } from '../../support/sample-order.ts';
import { sampleRun } from '../../support/sample-run.ts';

const run: Run = { ...sampleRun('2026-12-02', 2), version: 'a' };
const fresh: Run = { ...run, version: 'b' };
const now = instantSchema.parse('2026-12-01T00:00:00.000Z');
const late = plusSeconds(run.stops[0]!.departs, 1);
const retimed: Run = {
  ...fresh,
  stops: fresh.stops.map((stop) => ({ ...stop, departs: plusSeconds(stop.departs, 60) })),
};

describe('what a version has otherwise', () => {
  const renamed = { ...fresh, stops: fresh.stops.map((stop) => ({ ...stop, name: 'other' })) };
  const saying = (text: string) => fresh.stops.map((stop) => ({ ...stop, headsign: { text } }));
  const named = (names: Names) => fresh.stops.map((stop) => ({ ...stop, names }));
  test.each([
    ['nothing, though its version is another', fresh, undefined],
    ['nothing of it at all', undefined, 'gone'],
    ['its times', retimed, 'times'],
    ['its stops', { ...fresh, stops: fresh.stops.slice(1) }, 'times'],
    ['its seats', { ...fresh, layout: sampleRun('2026-12-02', 3).layout }, 'layout'],
    ['its names', renamed, 'details'],
    ['what it is called', { ...fresh, trip: 'G2' }, 'details'],
    ['where it says it goes', { ...fresh, headsign: { text: 'Berlin' } }, 'details'],
    ['what it is called elsewhere', { ...fresh, tripNames: { de: 'Nachtzug' } }, 'details'],
    ['where it says it goes from a stop on', { ...fresh, stops: saying('Berlin') }, 'details'],
    ['what its stops are called elsewhere', { ...fresh, stops: named({ de: 'Nord' }) }, 'details'],
  ] as const)('is %s', (_, other, expected) => {
    expect(differenceOf(run, other as Run | undefined)).toBe(expected);
  });

  test('is nothing where the same names stand in another order', () => {
    const [one, other] = [
      { de: 'Nord', en: 'North' },
      { en: 'North', de: 'Nord' },
    ];
    const run = { ...fresh, tripNames: one, headsign: { text: 'Nord', names: one }, stops: named(one) };
    const again = { ...run, tripNames: other, headsign: { names: other, text: 'Nord' }, stops: named(other) };
    expect(differenceOf(run, again)).toBeUndefined();
  });
});

describe('a frozen run', () => {
  test.each([
    ['follows what is newer', run, retimed, 'b', now, 'behind'],
    ['is left as it is where the newer version has it just so', run, fresh, 'b', now, 'current'],
    ['is left as it is by its own version', run, retimed, 'a', now, 'current'],
    ['is left as it is by an older one', run, retimed, '0', now, 'current'],
    ['is left as it is once it is closed', { ...run, state: 'closed' }, retimed, 'b', now, 'over'],
    ['is left as it is once it has departed', run, retimed, 'b', plusSeconds(late, 60), 'over'],
    ['follows until it departs as the newer version has it', run, retimed, 'b', late, 'behind'],
    ['is not there any more', run, undefined, 'b', now, 'gone'],
  ] as const)('%s', (_, frozen, other, version, at, expected) => {
    expect(decideFollowing({ run: frozen as Run, fresh: other, version }, at)).toBe(expected);
  });
});

describe('who has seats of it', () => {
  test.each([
    ['paid', 'kept'],
    ['issued', 'kept'],
    ['held', 'held'],
    ['closing', 'held'],
    ['releasing', 'held'],
    ['expired', 'held'],
    ['refunding', 'held'],
  ] as const)('an order that is %s: %s', (state, expected) => {
    expect(decideOwned([sampleOrder('cancelled'), sampleOrder(state)])).toBe(expected);
  });

  test('is looked at again when the last hold is over, not before a minute, not after five', () => {
    const until = (seconds: number) => ({ ...sampleOrder('held'), expiresAt: plusSeconds(now, seconds) });
    expect(lookAgainAt([], now)).toBe(plusSeconds(now, 60));
    expect(lookAgainAt([until(10)], now)).toBe(plusSeconds(now, 60));
    expect(lookAgainAt([until(200), until(100)], now)).toBe(plusSeconds(now, 200));
    expect(lookAgainAt([until(900)], now)).toBe(plusSeconds(now, 300));
    expect(lookAgainAt([{ ...sampleOrder('expired'), expiresAt: plusSeconds(now, 250) }], now)).toBe(
      plusSeconds(now, 60),
    );
  });
});

describe('a run that was looked at', () => {
  const note = {};
  const awaiting = { awaits: { version: 'b', since: now } };
  test.each([
    ['and is held is looked at again', note, 'held', 'a', 0, 60],
    ['while somebody else changed it is too', note, 'overtaken', 'a', 0, 60],
    ['and has followed is not', note, 'changed', 'a', 0, undefined],
    ['and is to follow what is in force is not', awaiting, 'current', 'b', 0, undefined],
    ['and is to follow what was overtaken is not', awaiting, 'kept', 'c', 0, undefined],
    [
      'before its version is in force is, also when nothing is in force',
      awaiting,
      'current',
      undefined,
      0,
      300,
    ],
    ['before its version is in force is, for an hour', awaiting, 'current', 'a', 3599, 300],
    ['and whose version has not come in an hour is not', awaiting, 'current', 'a', 3600, undefined],
  ] as const)('%s', (_, noted, followed, inForce, passed, expected) => {
    const at = plusSeconds(now, passed);
    const again = nextLookAt({ note: noted, followed, inForce, orders: [] }, at);
    expect(again).toBe(expected === undefined ? undefined : plusSeconds(at, expected));
  });
});

describe('a shard that is closed', () => {
  test.each([
    ['by a change that is over is opened', { changing: undefined }, true],
    ['while another change is under way is opened', { changing: 4 }, true],
    ['by the change under way is not', { changing: 3 }, false],
    ['of a run that is closed is not', { state: 'closed' }, false],
    ['of a generation that the run has left is not', { generation: 2 }, false],
  ] as const)('%s', (_, change, expected) => {
    expect(isLeftClosed({ generation: 1, closed: 3 }, { ...run, ...change } as Run)).toBe(expected);
  });

  test('for good is nobody’s to open', () => {
    expect(closedByChange({ ...untouchedShard(1, 3), closed: closedForGood })).toBeUndefined();
    expect(closedByChange({ ...untouchedShard(1, 3), closed: 7 })).toBe(7);
    expect(closedByChange(untouchedShard(1, 3))).toBeUndefined();
  });
});

describe('the dates on sale', () => {
  const today = serviceDateSchema.parse('2026-12-01');
  // One date more than those on sale: where the clock is behind, a run of it leaves on the last of them.
  const sales = { from: today, until: plusDays(today, 57) };
  const all = Array.from({ length: 60 }, (_, n) => plusDays(today, n - 1));
  const at = (minute: number) => instantOf(Date.parse(now) + minute * 60_000 + 1234);
  const swept = (from: number, to: number, every = 1) =>
    Array.from({ length: Math.ceil((to - from) / every) }, (_, n) => from + n * every).map((minute) =>
      datesToSweep(sales, today, { since: at(minute), now: at(minute + every) }),
    );

  test('are swept once a day each, and spread over it', () => {
    const aDay = swept(0, 1440);
    expect(aDay.flat().sort()).toEqual(all);
    expect(Math.max(...aDay.map((dates) => dates.length))).toBe(1);
    const hours = swept(0, 1440, 60).map((dates) => dates.length);
    expect(Math.min(...hours)).toBeGreaterThanOrEqual(1);
    expect(Math.max(...hours)).toBeLessThanOrEqual(4);
  });

  test('are swept as often when minutes are skipped, and in whatever second of them it is', () => {
    expect(swept(0, 1440, 7).flat().slice(0, 60).sort()).toEqual(all);
    expect(datesToSweep(sales, today, { since: at(5), now: plusSeconds(at(5), 30) })).toEqual([]);
  });

  test('keep their minute from day to day, so that none is left out when the day changes', () => {
    const tomorrow = plusDays(today, 1);
    const before = datesToSweep(sales, today, { since: at(0), now: at(960) });
    const after = datesToSweep(sales, tomorrow, { since: at(960), now: at(1440) });
    expect([...before, ...after].sort()).toEqual(all);
  });

  test('are all swept when the last time is not known, long ago or from the future', () => {
    for (const since of [undefined, at(-1500), at(2000)])
      expect(datesToSweep(sales, today, { since, now: at(0) })).toEqual(all);
    expect(
      datesToSweep(sales, today, { since: at(0), now: at(0), owed: [today, plusDays(today, 80)] }),
    ).toEqual([today]);
    expect(
      datesToSweep({ from: today, until: plusDays(today, -5) }, today, { since: undefined, now }),
    ).toEqual([]);
  });
});
