import { randomBytes, randomInt } from 'node:crypto';
import { checkItems, checkRuns, leaveOutLargeFares } from '../../../shared/feeds/check-sizes.ts';
import { fareSheet } from '../../../shared/feeds/fare-sheet.ts';
import { problemLines, problemList } from '../../../shared/feeds/problems.ts';
import { nameLengthMax } from '../../../shared/feeds/visible-names.ts';
import { bytesOfItem, itemBytesMax } from '../../../shared/platform/item-size.ts';
import { serviceDateSchema, stopIdSchema, tripIdSchema } from '../../../shared/platform/ids.ts';
import { instantSchema } from '../../../shared/platform/time.ts';
import { callsMax, type StopCall, type Trip, type Version } from '../../../shared/timetable/model.ts';
import { unpackCalls } from '../../../shared/timetable/packed.ts';
import { tripBucketsFor, versionItems, type KeptStop } from '../../../shared/timetable/version-store.ts';
import { sampleLayouts } from '../../support/sample-carrier.ts';

const { layouts } = sampleLayouts;
/** A text that does not compress well, of characters that take three bytes each. */
const noise = (length: number): string =>
  String.fromCharCode(...Array.from({ length }, () => 0x4e00 + randomInt(20_000)));

const stopAt = (n: number, languages: number): KeptStop => ({
  stopId: stopIdSchema.parse(`S${n}`),
  name: noise(nameLengthMax),
  names: Object.fromEntries(Array.from({ length: languages }, (_, at) => [`l${at}`, noise(nameLengthMax)])),
  code: `S${n}`,
  timeZone: 'Europe/Berlin',
  calls: 1,
});

/** A trip of as many calls as can be sold, with a headsign of its own at each. */
const longTrip: Trip = {
  tripId: tripIdSchema.parse('long'),
  name: 'T',
  layoutId: layouts[0]!.layoutId,
  days: Uint8Array.of(1),
  calls: Array.from({ length: callsMax }, (_, n) => ({
    stopId: stopIdSchema.parse(`S${n}`),
    arrives: n * 60,
    departs: n * 60,
    boarding: true,
    alighting: true,
    headsign: { text: noise(nameLengthMax) },
  })),
};

const versionOf = (trips: number): Version => ({
  version: 'v',
  importedAt: instantSchema.parse('2026-12-01T00:00:00.000Z'),
  timeZone: 'Europe/Berlin',
  firstDate: serviceDateSchema.parse('2026-12-01'),
  lastDate: serviceDateSchema.parse('2026-12-01'),
  stops: callsMax,
  trips,
  tripBuckets: tripBucketsFor(trips),
});

const refusalsOf = (languages: number): string[] => {
  const stops = Array.from({ length: callsMax }, (_, n) => stopAt(n, languages));
  const problems = problemList();
  checkRuns({ trips: [longTrip], stops, layouts }, versionOf(1), problems);
  return problemLines(problems.byKind('refusal'));
};

test('the longest trip with the longest names can be frozen', () => {
  expect(refusalsOf(0)).toEqual([]);
});

test('with such names in ten languages it is refused before anything is written', () => {
  expect(refusalsOf(10)).toEqual([
    expect.stringMatching(
      /^trips\.txt: a run of trip long, .+ takes \d+ KB, and the database keeps at most 398 KB/,
    ),
  ]);
});

test('stops and calls that pack badly take more items, and none is too large', () => {
  const stops = Array.from({ length: 1000 }, (_, n) => stopAt(n, 2));
  const calls = Array.from({ length: 3000 }, (_, n): StopCall => {
    const { calls: _calls, ...trip } = longTrip;
    const call = { arrives: n, departs: n, boarding: true, alighting: true, index: 0, stopCount: 2 };
    return { ...trip, ...call, tripId: tripIdSchema.parse(`T${n}`), days: randomBytes(140) };
  });
  const callsAt = new Map([[stopIdSchema.parse('S0'), calls]]);
  const items = [...versionItems(versionOf(0), { stops, layouts, trips: [], callsAt })];
  expect(Math.max(...items.map(bytesOfItem))).toBeLessThan(itemBytesMax);
  const read = items
    .filter(({ sk }) => String(sk).startsWith('calls#'))
    .flatMap(({ packed }) => unpackCalls(packed as Uint8Array));
  expect(read.map(({ tripId }) => tripId)).toEqual(calls.map(({ tripId }) => tripId));
  const problems = problemList();
  checkItems(items, problems);
  expect(problems.count('refusal')).toBe(0);
});

test('a trip that does not fit into an item is named', () => {
  const names = () =>
    Object.fromEntries(Array.from({ length: 8 }, (_, at) => [`l${at}`, noise(nameLengthMax)]));
  const calls = longTrip.calls.map((call) => ({ ...call, headsign: { text: 'X', names: names() } }));
  const rows = { stops: [], layouts, trips: [{ ...longTrip, calls }], callsAt: new Map() };
  const problems = problemList();
  checkItems([...versionItems(versionOf(1), rows)], problems);
  expect(problemLines(problems.byKind('refusal'))).toEqual([
    expect.stringMatching(/^trips\.txt: what passengers read of long takes \d+ KB/),
  ]);
});

test('fares of a pair that are too many are left out, and those of other pairs stay', () => {
  const [from, to, other] = ['A', 'B', 'C'].map((id) => stopIdSchema.parse(id)) as [never, never, never];
  const sheet = fareSheet('EUR');
  for (let n = 0; n < 8000; n += 1) {
    sheet.set({ from, to, trip: tripIdSchema.parse(`trip-of-a-long-name-${n}`), cls: 'standard', amount: n });
  }
  sheet.set({ from, to: other, trip: '*', cls: '*', amount: 100 });
  const problems = problemList();
  leaveOutLargeFares(sheet, 'fares.csv', problems);
  expect([sheet.has(from, to), sheet.has(from, other), sheet.size()]).toEqual([false, true, 1]);
  expect(problemLines(problems.byKind('leftOut'))).toEqual([
    expect.stringMatching(
      /^fares\.csv: from A to B, 8000 trips have fares of their own, which takes? \d+ KB/,
    ),
  ]);
});
