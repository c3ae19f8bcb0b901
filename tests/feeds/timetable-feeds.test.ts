import { text } from 'node:stream/consumers';
import { join } from 'node:path';
import type { ImportOptions, ImportReport } from '../../shared/feeds/import-report.ts';
import { importTimetable } from '../../shared/feeds/import-timetable.ts';
import { openFeed } from '../../shared/feeds/open-feed.ts';
import { countOf, problemLines, problemList } from '../../shared/feeds/problems.ts';
import { readFeed } from '../../shared/feeds/read-feed.ts';
import { searchJourneys, type Journey } from '../../shared/journeys/search-journeys.ts';
import { runIdSchema, serviceDateSchema, stopIdSchema } from '../../shared/platform/ids.ts';
import { instantSchema, type Instant } from '../../shared/platform/time.ts';
import { findStops } from '../../shared/timetable/find-stops.ts';
import { putSales, readRun, readState } from '../../shared/timetable/store.ts';
import { readStops } from '../../shared/timetable/version-store.ts';
import { testTables, type TestTables } from '../support/dynamo.ts';
import { sampleCarrier, sampleLayouts } from '../support/sample-carrier.ts';

const feeds = join(process.env['KEYUN_SHARED_DATA'] ?? '', 'feeds');
const [germany, caltrain, sample] = ['db-fv-2019.zip', 'caltrain-2016.zip', 'gtfs-sample-feed.zip'].map(
  (name) => join(feeds, name),
) as [string, string, string];
const day = (date: string) => serviceDateSchema.parse(date);

let tables: TestTables;
let now: Instant;
let currency = 'EUR';
const carrierNow = () => ({ ...sampleCarrier, currency });

beforeAll(async () => {
  tables = await testTables();
});
afterAll(() => tables?.stop());

const load = async (source: string, at: string, options: ImportOptions = {}): Promise<ImportReport> => {
  now = instantSchema.parse(at);
  const importFeed = importTimetable({
    ...tables,
    now: () => now,
    carrier: carrierNow(),
    carrierLayouts: sampleLayouts,
  });
  const result = await importFeed({ source, options, confirm: () => Promise.resolve(true) });
  if (result.outcome !== 'imported') throw new Error(problemLines(result.refusals).join('\n'));
  const { firstDate: from, lastDate: until } = result.report;
  await putSales(tables.timetable, { from, until });
  return result.report;
};

const search = async (from: string, to: string, date: string): Promise<Journey[]> => {
  const { timetable, availability } = tables;
  const ask = searchJourneys({ timetable, availability, clock: () => now, carrier: carrierNow() });
  const [fromId, toId] = [from, to].map((id) => stopIdSchema.parse(id)) as [never, never];
  const result = await ask({ from: fromId, to: toId, date: day(date), passengers: 1 });
  if (result.outcome !== 'accepted') throw new Error(result.reason);
  return result.journeys;
};

const told = ({ trip, from, to }: Journey): string => `${trip} ${from.departs} ${to.arrives}`;

/** What the feed's rows say, worked out the slow way, with plain dates and no time zone. */
const rowsOfGermany = async () => {
  const files = await openFeed(germany);
  const rows = async (file: string): Promise<string[][]> =>
    (await text(await files.open(file)))
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(','));
  const [trips, times, dates] = [
    await rows('trips.txt'),
    await rows('stop_times.txt'),
    await rows('calendar_dates.txt'),
  ];
  files.close();
  const serviceOf = new Map(trips.map(([, service, trip]) => [trip!, service!]));
  const datesOf = Map.groupBy(dates, ([service]) => service!);
  const runsOn = new Map(
    [...datesOf].map(([service, list]) => [service, new Set(list.map(([, date]) => date!))]),
  );
  const calls = Map.groupBy(times, ([trip]) => trip!);
  return {
    calls,
    runs: (trip: string, date: string) => runsOn.get(serviceOf.get(trip)!)?.has(date) ?? false,
  };
};

describe('Deutsche Bahn 2019', () => {
  // Stop ids of the feed; trains to Munich leave from Berlin's lower level.
  const [berlin, munich, hamburg] = ['8098160', '8000261', '8002549'];

  test('is read whole: every call, and every trip on every one of its days', async () => {
    const files = await openFeed(germany);
    const problems = problemList();
    const feed = await readFeed({ files, problems, today: day('2019-03-01'), onProgress: () => undefined });
    files.close();
    expect([problems.count('refusal'), problems.count('leftOut')]).toEqual([0, 0]);
    const perDay = new Map<number, number>();
    for (const { days } of feed?.trips ?? []) {
      for (let n = 0; n < days.length * 8; n += 1) {
        if (((days[n >> 3] ?? 0) >> (n & 7)) & 1) perDay.set(n, (perDay.get(n) ?? 0) + 1);
      }
    }
    const counts = [...perDay.values()];
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(268_033);
    expect(Math.max(...counts)).toBe(840);
    const late = feed?.trips.flatMap(({ calls }) => calls.filter(({ departs }) => departs >= 86_400));
    // 7,603 rows, one of which contradicts the row before and is given the time between its neighbours.
    expect(late).toHaveLength(7603);
    const twice = feed?.trips.filter(
      ({ calls }) => new Set(calls.map(({ stopId }) => stopId)).size < calls.length,
    );
    expect(twice).toHaveLength(25);
  });

  test('imports whole and tells which three rows nobody can board at', async () => {
    const report = await load(germany, '2019-03-01T00:00:00.000Z', { farePerKm: 12 });
    expect(report).toMatchObject({
      stops: 664,
      trips: 6063,
      calls: 86_193,
      services: 2924,
      firstDate: '2018-12-09',
      lastDate: '2019-12-14',
      feedTrips: 6063,
      tripsLeftOut: 0,
      leftOut: [],
    });
    expect(
      report.warnings.flatMap(({ listed }) => listed.map(({ file, line }) => `${file}:${line}`)),
    ).toEqual(['stop_times.txt:41660', 'stop_times.txt:41729', 'stop_times.txt:59659']);
    expect(report.items).toBeLessThan(2000);
  });

  test('finds the trains of a day with the times of the feed', async () => {
    const journeys = await search(berlin, munich, '2019-03-13');
    expect(journeys).toHaveLength(25);
    const times = journeys.map(told);
    expect(times[0]).toBe('ICE 501 2019-03-13T04:28:00+01:00 2019-03-13T09:17:00+01:00');
    expect(times.at(-1)).toBe('ICE 1617 2019-03-13T19:28:00+01:00 2019-03-14T00:22:00+01:00');
    expect(times).toContain('ICE 1001 2019-03-13T06:01:00+01:00 2019-03-13T10:01:00+01:00');
    const fares = journeys.map(({ classes }) => classes[0]?.fare?.amount ?? 0);
    expect(Math.min(...fares)).toBeGreaterThan(504 * 12);
  });

  test('keeps the clock on days when it changes', async () => {
    const spring = (await search(berlin, munich, '2019-03-31')).map(told);
    expect(spring).toHaveLength(14);
    expect(spring[0]).toBe('ICE 593 2019-03-31T05:28:00+02:00 2019-03-31T13:27:00+02:00');
    expect(spring.at(-1)).toBe('ICE 993 2019-03-31T21:28:00+02:00 2019-04-01T07:32:00+02:00');
    const autumn = (await search(hamburg, munich, '2019-10-27')).map(told);
    expect(autumn).toHaveLength(19);
    expect(autumn).toContain('NJ 40491 2019-10-27T18:10:00+01:00 2019-10-28T07:09:00+01:00');
    // The night before has an hour more: the service day's 31:09 is reached an hour earlier by the clock.
    const night = (await search(hamburg, munich, '2019-10-26')).map(told);
    expect(night).toContain('NJ 40491 2019-10-26T18:10:00+02:00 2019-10-27T06:09:00+01:00');
  });

  test('agrees with its rows on any pair of stops and any day', async () => {
    const { calls, runs } = await rowsOfGermany();
    const trips = [...calls.values()];
    let found = 0;
    for (let n = 0; n < 60; n += 1) {
      const some = trips[(n * 7919) % trips.length]!;
      const [a, b] = [some[n % (some.length - 1)]![3]!, some.at(-1)![3]!];
      const date = new Date(Date.UTC(2019, 3 + (n % 6), 1 + ((n * 11) % 27)));
      if (a === b) continue;
      const expected = trips.flatMap((rows) => departure(rows, a, b, date, runs));
      const journeys = await search(a, b, date.toISOString().slice(0, 10));
      const actual = journeys.map(
        ({ runId, from }) => `${runId.split('~')[0]} ${from.departs.slice(11, 16)}`,
      );
      expect([a, b, actual.toSorted()]).toEqual([a, b, expected.toSorted()]);
      found += expected.length;
    }
    expect(found).toBeGreaterThan(100);
  });

  test('moves by whole weeks to end sixty days ahead', async () => {
    const report = await load(germany, '2026-11-22T00:00:00.000Z', { moveDates: true });
    expect(report).toMatchObject({ movedWeeks: 371, firstDate: '2026-01-18', lastDate: '2027-01-23' });
    expect(await search(berlin, munich, '2026-12-16')).not.toEqual([]);
  });
});

/** The shortest pair of a trip's calls, if the trip leaves the first on that date. */
const departure = (
  rows: string[][],
  a: string,
  b: string,
  date: Date,
  runs: (trip: string, date: string) => boolean,
): string[] => {
  let best: [number, number] | undefined;
  for (const [i, from] of rows.entries()) {
    for (const [j, to] of rows.entries()) {
      if (from[3] !== a || to[3] !== b || j <= i) continue;
      if (!best || j - i < best[1] - best[0]) best = [i, j];
    }
  }
  if (!best) return [];
  const row = rows[best[0]]!;
  const [hours, minutes] = row[2]!.split(':') as [string, string];
  const service = new Date(date.getTime() - Math.floor(Number(hours) / 24) * 86_400_000);
  if (!runs(row[0]!, service.toISOString().slice(0, 10).replaceAll('-', ''))) return [];
  return [`${row[0]} ${String(Number(hours) % 24).padStart(2, '0')}:${minutes}`];
};

describe('Caltrain 2016', () => {
  test('sells between stations, with the zone fares of the feed', async () => {
    currency = 'USD';
    const report = await load(caltrain, '2016-05-01T08:00:00.000Z');
    expect(report).toMatchObject({ stops: 31, trips: 218, calls: 3103, services: 3 });
    expect(countOf([...report.warnings, ...report.leftOut])).toBe(0);
    const { version } = await readState(tables.timetable);
    const stops = await readStops(tables.timetable, version!);
    expect(findStops(stops, 'san francisco caltrain', 5)[0]).toMatchObject({ stopId: 'ctsf', calls: 160 });
    const weekday = await search('ctsf', 'ctsj', '2016-05-27');
    // Memorial Day is a Monday on which Sunday's trains run.
    const holiday = await search('ctsf', 'ctsj', '2016-05-30');
    const sunday = await search('ctsf', 'ctsj', '2016-05-29');
    // Without the last train of the evening before, which leaves after midnight.
    const namesOf = (journeys: Journey[], date: string) =>
      journeys.filter(({ runId }) => runId.endsWith(date)).map(({ trip }) => trip);
    expect(weekday.length).toBeGreaterThan(holiday.length);
    expect(namesOf(holiday, '2016-05-30')).toEqual(namesOf(sunday, '2016-05-29'));
    expect(weekday.map(({ classes }) => classes[0]?.fare)).toEqual(
      weekday.map(() => ({ amount: 975, currency: 'USD' })),
    );
    // A platform's id stands for its station.
    expect(await search('70011', '70262', '2016-05-27')).toEqual(weekday);
  });
});

describe('the sample feed of GTFS', () => {
  test('sells every departure of a frequency as a run of its own', async () => {
    currency = 'USD';
    const report = await load(sample, '2007-06-01T08:00:00.000Z');
    expect(report).toMatchObject({
      stops: 9,
      trips: 144,
      calls: 600,
      firstDate: '2007-01-01',
      lastDate: '2010-12-31',
    });
    const shuttles = await search('STAGECOACH', 'BEATTY_AIRPORT', '2007-06-05');
    expect(shuttles).toHaveLength(32);
    expect(shuttles[1]).toMatchObject({
      runId: 'STBA~2007-06-05~0630',
      from: { departs: '2007-06-05T06:30:00-07:00' },
      to: { arrives: '2007-06-05T06:50:00-07:00' },
      classes: [{ fare: { amount: 125, currency: 'USD' } }],
    });
    expect(await search('STAGECOACH', 'BEATTY_AIRPORT', '2007-06-04')).toEqual([]);
    const run = await readRun(tables.timetable, runIdSchema.parse('CITY1~2007-06-05~0810'));
    expect(run?.stops.map(({ departs }) => departs.slice(11, 16))).toEqual([
      '15:10',
      '15:17',
      '15:24',
      '15:31',
      '15:38',
    ]);
    expect(await search('BEATTY_AIRPORT', 'AMV', '2007-06-09')).toMatchObject([
      { classes: [{ fare: { amount: 525 } }] },
      { classes: [{ fare: { amount: 525 } }] },
    ]);
    // Weekends only.
    expect(await search('BEATTY_AIRPORT', 'AMV', '2007-06-08')).toEqual([]);
  });
});
