import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readFare } from '../../shared/fares/find-fare.ts';
import {
  importTimetable,
  type ImportOptions,
  type ImportReport,
} from '../../shared/feeds/import-timetable.ts';
import { problemText } from '../../shared/feeds/problems.ts';
import { writeAvailability } from '../../shared/inventory/availability-store.ts';
import { searchJourneys, type Journey } from '../../shared/journeys/search-journeys.ts';
import { classSchema, runIdSchema, serviceDateSchema, stopIdSchema } from '../../shared/platform/ids.ts';
import { instantSchema, type Instant } from '../../shared/platform/time.ts';
import { findStops } from '../../shared/timetable/find-stops.ts';
import { openSales } from '../../shared/timetable/open-sales.ts';
import { freezeRun, readFrozenRun, readRun, readState, readStops } from '../../shared/timetable/store.ts';
import { testTables, type TestTables } from '../support/dynamo.ts';
import { sampleCarrier } from '../support/sample-carrier.ts';
import { soundFeed, withRow, writeFeed, writeZip, type FeedTexts } from '../support/sample-feed.ts';

let tables: TestTables;
let now: Instant = instantSchema.parse('2027-06-01T08:00:00.000Z');
const clock = () => now;
const carrier = { ...sampleCarrier, currency: 'EUR' };
const day = (text: string) => serviceDateSchema.parse(text);
const cls = (name: string) => classSchema.parse(name);

beforeAll(async () => {
  tables = await testTables();
});
afterAll(() => tables?.stop());

const run = (source: string, options: ImportOptions = {}) =>
  importTimetable({ timetable: tables.timetable, now: clock, carrier })({ source, options });

const imported = async (changes: FeedTexts = {}, options: ImportOptions = {}): Promise<ImportReport> => {
  const result = await run(writeFeed(changes), options);
  if (result.outcome !== 'imported') throw new Error(result.problems.map(problemText).join('\n'));
  return result.report;
};

const search = async (from: string, to: string, date: string): Promise<Journey[]> => {
  const { timetable, availability } = tables;
  const result = await searchJourneys({ timetable, availability, clock, carrier })({
    from: stopIdSchema.parse(from),
    to: stopIdSchema.parse(to),
    date: day(date),
    passengers: 1,
  });
  if (result.outcome !== 'accepted') throw new Error(result.reason);
  return result.journeys;
};

const open = (from: string, until: string) =>
  openSales(tables.timetable, { from: day(from), until: day(until) }, day('2027-06-01'));

const beside = (file: string, text: string): string => {
  const path = join(writeFeed(), file);
  writeFileSync(path, text);
  return path;
};

describe('before anything is imported', () => {
  test('there is nothing to be found', async () => {
    expect(await readState(tables.timetable)).toEqual({ version: undefined, sales: undefined });
    expect(await readRun(tables.timetable, runIdSchema.parse('day~2027-06-10'))).toBeUndefined();
    await expect(search('A', 'B', '2027-06-10')).rejects.toThrow('unknown-from');
  });
});

describe('an import', () => {
  test('puts trips on sale with their times, once the dates are opened', async () => {
    const report = await imported({}, { farePerKm: 10 });
    expect(report).toMatchObject({
      stops: 3,
      trips: 2,
      calls: 6,
      firstDate: '2027-01-01',
      lastDate: '2027-12-31',
      movedWeeks: 0,
      timeZone: 'Europe/Berlin',
      warningCount: 0,
      keptRuns: [],
    });
    expect(await search('A', 'C', '2027-06-10')).toEqual([]);
    await open('2027-06-01', '2027-06-20');
    expect(await search('A', 'C', '2027-06-10')).toEqual([
      {
        runId: 'day~2027-06-10',
        trip: 'ICE 701',
        from: { stopId: 'A', name: 'Altona', departs: '2027-06-10T10:00:00+02:00' },
        to: { stopId: 'C', name: 'München Hbf', arrives: '2027-06-10T16:00:00+02:00' },
        durationMinutes: 360,
        classes: [{ class: 'standard', fare: { amount: 7606, currency: 'EUR' }, seatsLeft: 80 }],
      },
      expect.objectContaining({ runId: 'night~2027-06-10', durationMinutes: 490 }),
    ]);
    expect(await search('B', 'C', '2027-06-11')).toEqual([
      expect.objectContaining({ runId: 'night~2027-06-10' }),
      expect.objectContaining({ runId: 'day~2027-06-11' }),
    ]);
    expect(await search('A', 'C', '2027-06-21')).toEqual([]);
  });

  test.each([
    ['unknown-from', 'X', 'C'],
    ['unknown-to', 'A', 'X'],
    ['same-stop', 'A', 'A'],
  ])('leaves a search refused as %s from %s to %s', async (reason, from, to) => {
    await expect(search(from, to, '2027-06-10')).rejects.toThrow(reason);
  });

  test('gives a run by its id on days when it runs, and on no other', async () => {
    const { timetable } = tables;
    const found = await readRun(timetable, runIdSchema.parse('night~2027-06-10'));
    expect(found).toMatchObject({ trip: 'Nachtzug', state: 'open', layout: { layoutId: 'standard' } });
    expect(found?.stops[1]).toMatchObject({ stopId: 'B', departs: '2027-06-10T22:40:00.000Z' });
    for (const other of [
      'night~2026-12-31',
      'night~2028-01-01',
      'nobody~2027-06-10',
      'night~2027-06-10~0600',
    ]) {
      expect(await readRun(timetable, runIdSchema.parse(other))).toBeUndefined();
    }
  });

  test('that is refused changes nothing at all', async () => {
    const before = await readState(tables.timetable);
    const result = await run(writeFeed(withRow('trips.txt', 'R9,never,x,')));
    expect(result).toMatchObject({
      outcome: 'refused',
      problemCount: 2,
      problems: [
        { file: 'trips.txt', line: 4, reason: 'route_id R9 is not in routes.txt' },
        { file: 'trips.txt', line: 4, reason: 'service_id never is in no calendar' },
      ],
    });
    expect(await readState(tables.timetable)).toEqual(before);
    expect(await search('A', 'C', '2027-06-10')).toHaveLength(2);
  });

  test.each<[string, () => string, string]>([
    ['nothing there', () => '/no/such/feed.zip', '/no/such/feed.zip: there is no such file or folder'],
    ['a zip that is none', () => beside('feed.zip', 'x'), 'feed.zip: not a readable zip'],
    [
      'a feed without a day of service',
      () => writeFeed({ 'calendar_dates.txt': undefined, 'calendar.txt': zeroCalendar }),
      'trips.txt: no trip that can be sold runs on any day',
    ],
  ])('is refused with %s', async (_, make, problem) => {
    const result = await run(make());
    expect(result.outcome === 'refused' && result.problems.map(problemText)[0]).toContain(problem);
  });

  test('reads a zip as it reads a folder', async () => {
    const result = await run(writeZip(soundFeed));
    expect(result).toMatchObject({ outcome: 'imported', report: { stops: 3, trips: 2 } });
  });

  test('moves dates by whole weeks, so that weekdays stay right', async () => {
    now = instantSchema.parse('2028-06-01T08:00:00.000Z');
    const report = await imported({}, { moveDates: true });
    now = instantSchema.parse('2027-06-01T08:00:00.000Z');
    expect(report).toMatchObject({ movedWeeks: 31, lastDate: '2028-08-04', firstDate: '2027-08-06' });
  });
});

const zeroCalendar = String(soundFeed['calendar.txt']).replace('1,1,1,1,1,1,1', '0,0,0,0,0,0,0');

const layouts = {
  layouts: [
    {
      layoutId: 'two',
      coaches: [
        { coach: '1', class: 'first', seats: { rows: 2, letters: 'AB' } },
        { coach: '2', class: 'second', seats: { rows: 3, letters: 'AB' } },
      ],
    },
  ],
  assign: [{ layout: 'two', trips: ['ICE*'] }],
  fareFactors: { first: 2 },
};
const layoutsPath = () => beside('layouts.json', JSON.stringify(layouts));
const faresPath = (...rows: string[]) =>
  beside('fares.csv', ['trip,from,to,class,amount,currency', ...rows, ''].join('\n'));

describe('layouts and fares of the operator', () => {
  test('are what is sold: by trip before any trip, else by distance', async () => {
    const report = await imported(
      {},
      {
        layouts: layoutsPath(),
        fares: faresPath('*,A,C,second,5000,EUR', 'ICE 701,A,C,second,4500,EUR', '*,C,A,second,1,EUR'),
        farePerKm: 10,
      },
    );
    expect(report).toMatchObject({ layouts: 2, farePairs: 2 });
    const [daily, night] = await search('A', 'C', '2027-06-10');
    expect(daily?.classes).toEqual([
      { class: 'first', fare: { amount: 15212, currency: 'EUR' }, seatsLeft: 4 },
      { class: 'second', fare: { amount: 4500, currency: 'EUR' }, seatsLeft: 6 },
    ]);
    expect(night?.classes).toEqual([
      { class: 'standard', fare: { amount: 7606, currency: 'EUR' }, seatsLeft: 80 },
    ]);
    const frozen = await readRun(tables.timetable, runIdSchema.parse('day~2027-06-10'));
    expect(await readFare(tables.timetable, frozen!, { from: 0, to: 2 }, cls('second'))).toEqual({
      amount: 4500,
      currency: 'EUR',
    });
  });

  test('are refused line by line', async () => {
    const fares = faresPath(
      'G9,A,C,second,1,EUR',
      '*,X,C,second,1,EUR',
      '*,A,X,second,1,EUR',
      '*,A,A,second,1,EUR',
      '*,A,C,sofa,1,EUR',
      '*,A,C,second,1.5,EUR',
      '*,A,C,second,1,CNY',
      '*,A,C,second,1,EUR',
      '*,A,C,second,2,EUR',
    );
    const result = await run(writeFeed(), { layouts: layoutsPath(), fares });
    expect(result.outcome === 'refused' && result.problems.map(problemText)).toEqual([
      'fares.csv:2: there is no trip G9',
      'fares.csv:3: from: there is no stop X',
      'fares.csv:4: to: there is no stop X',
      'fares.csv:5: from and to are the same stop A',
      'fares.csv:6: no layout has the class sofa',
      'fares.csv:7: amount 1.5 is not a whole number above 0, in minor units',
      'fares.csv:8: currency CNY: sold is in EUR',
      'fares.csv:10: trip * has a fare from A to C in second already',
    ]);
  });

  test('come from the feed itself where it has fares in the carrier’s currency', async () => {
    const zones = String(soundFeed['stops.txt'])
      .replace('stop_lon', 'stop_lon,zone_id')
      .replace('9.935', '9.935,1')
      .replace('13.369', '13.369,2')
      .replace('11.558', '11.558,2');
    const report = await imported({
      'stops.txt': zones,
      'fare_attributes.txt': 'fare_id,price,currency_type\nnear,2.50,EUR\nfar,9.90,EUR\nus,1,USD\n',
      'fare_rules.txt': 'fare_id,route_id,origin_id,destination_id\nnear,,2,2\nfar,R1,1,2\nus,,,\n',
    });
    expect(report.warnings.map(problemText)).toEqual([
      'fare_attributes.txt: fares in USD are left out: this carrier sells in EUR',
    ]);
    const fareOf = async (from: string, to: string) =>
      (await search(from, to, '2027-06-12')).map(({ trip, classes }) => [trip, classes[0]?.fare?.amount]);
    expect(await fareOf('B', 'C')).toEqual([
      ['Nachtzug', 250],
      ['ICE 701', 250],
    ]);
    expect(await fareOf('A', 'B')).toEqual([
      ['ICE 701', 990],
      ['Nachtzug', undefined],
    ]);
  });
});

describe('a run that orders have touched', () => {
  const runId = runIdSchema.parse('day~2027-06-15');
  const later = String(soundFeed['stop_times.txt']).replaceAll('16:00:00', '17:30:00');

  test('is frozen once: the second to freeze it gets the first one’s', async () => {
    await imported({}, { farePerKm: 10 });
    const run = await readRun(tables.timetable, runId);
    expect(await readFrozenRun(tables.timetable, runId)).toBeUndefined();
    expect(await freezeRun(tables.timetable, run!)).toEqual(run);
    expect(await freezeRun(tables.timetable, { ...run!, trip: 'other' })).toEqual(run);
    expect(await readFrozenRun(tables.timetable, runId, { consistent: true })).toEqual(run);
  });

  test('keeps times, seats and fares when the timetable changes, and is reported', async () => {
    const frozen = await readFrozenRun(tables.timetable, runId);
    await writeAvailability(tables.availability, {
      runId,
      asOf: '2027-06-01T07:59:00.000Z',
      version: 1,
      feedVersion: frozen!.version,
      stopCount: 3,
      free: { standard: Uint16Array.of(80, 79, 78) },
    });
    const report = await imported({ 'stop_times.txt': later }, { farePerKm: 20 });
    expect(report.keptRuns).toEqual([{ runId, trip: 'ICE 701', differs: 'times' }]);
    expect(await readRun(tables.timetable, runId)).toEqual(frozen);
    const [sold] = await search('A', 'C', '2027-06-15');
    expect(sold).toMatchObject({
      runId,
      to: { arrives: '2027-06-15T16:00:00+02:00' },
      classes: [{ fare: { amount: 7606 }, seatsLeft: 79 }],
    });
    const [unsold] = await search('A', 'C', '2027-06-16');
    expect(unsold).toMatchObject({
      to: { arrives: '2027-06-16T17:30:00+02:00' },
      classes: [{ fare: { amount: 15212 }, seatsLeft: 80 }],
    });
  });

  test('is reported when its trip or its seats are gone', async () => {
    const { keptRuns } = await imported({}, { layouts: layoutsPath() });
    expect(keptRuns).toEqual([{ runId, trip: 'ICE 701', differs: 'layout' }]);
    const without = await imported({
      'trips.txt': 'route_id,service_id,trip_id\nR2,daily,night\n',
      'stop_times.txt': String(soundFeed['stop_times.txt']).replace(/^day,.*\n/gm, ''),
    });
    expect(without.keptRuns).toEqual([{ runId, trip: 'ICE 701', differs: 'gone' }]);
  });
});

test('the stops of a version are found by name and by the ids of their platforms', async () => {
  await imported({
    'stops.txt':
      'stop_id,stop_name,location_type,parent_station\nA,Altona,0,\nB,Berlin Hbf (tief),0,S\nS,Berlin Hbf,1,\nC,München,0,\n',
  });
  const { version } = await readState(tables.timetable);
  const stops = await readStops(tables.timetable, version!);
  expect(findStops(stops, 'berlin', 20).map(({ stopId, calls }) => [stopId, calls])).toEqual([['S', 2]]);
  expect(await search('A', 'B', '2027-06-16')).toEqual([
    expect.objectContaining({ to: expect.objectContaining({ stopId: 'S', name: 'Berlin Hbf' }) }),
    expect.objectContaining({ runId: 'night~2027-06-16' }),
  ]);
});
