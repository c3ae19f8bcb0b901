import { join } from 'node:path';
import type { ImportOptions, ImportReport } from '../../shared/feeds/import-report.ts';
import { importTimetable } from '../../shared/feeds/import-timetable.ts';
import { problemLines } from '../../shared/feeds/problems.ts';
import { searchJourneys } from '../../shared/journeys/search-journeys.ts';
import { serviceDateSchema, stopIdSchema } from '../../shared/platform/ids.ts';
import { instantSchema } from '../../shared/platform/time.ts';
import { putSales } from '../../shared/timetable/store.ts';
import { testTables, type TestTables } from '../support/dynamo.ts';
import { sampleCarrier, sampleLayouts } from '../support/sample-carrier.ts';

const cases = join(process.env['KEYUN_SHARED_DATA'] ?? '', 'cases');
const now = () => instantSchema.parse('2026-11-20T08:00:00.000Z');
const day = serviceDateSchema.parse('2026-12-01');

let tables: TestTables;
beforeAll(async () => {
  tables = await testTables();
});
afterAll(() => tables?.stop());

const load = (path: string, options: ImportOptions = {}) =>
  importTimetable({ ...tables, now, carrier: sampleCarrier, carrierLayouts: sampleLayouts })({
    source: join(cases, path),
    options: { farePerKm: 10, ...options },
  });

const imported = async (path: string, options: ImportOptions = {}): Promise<ImportReport> => {
  const result = await load(path, options);
  if (result.outcome === 'refused') throw new Error(problemLines(result.refusals).join('\n'));
  await putSales(tables.timetable, { from: result.report.firstDate, until: result.report.lastDate });
  return result.report;
};

/** The trips from one stop to another, in order of departure, with what a seat costs. */
const journeys = async (from: string, to: string) => {
  const { timetable, availability } = tables;
  const search = searchJourneys({ timetable, availability, clock: now, carrier: sampleCarrier });
  const [fromId, toId] = [stopIdSchema.parse(from), stopIdSchema.parse(to)];
  const result = await search({ from: fromId, to: toId, date: day, passengers: 1 });
  if (result.outcome === 'rejected') throw new Error(result.reason);
  return result.journeys;
};
const sold = async (from = 'A', to = 'D') => (await journeys(from, to)).map(({ trip }) => trip);

describe('small feeds that once failed', () => {
  test.each<[string, ImportOptions]>([
    ['03-unknown-service', { tolerate: 34 }],
    ['04-rows-of-commas', {}],
    ['06a-quote-in-quoted', {}],
    ['06b-quote-in-plain', {}],
    ['06c-blank-after-quote', {}],
    ['07b-flex-location', {}],
    ['08a-calendar-to-3000', {}],
    ['08b-calendar-to-2099', {}],
    ['10-time-of-unknown-trip', {}],
    ['11a-exponent-lon', {}],
    ['11b-lat-shortened', {}],
    ['12-trip-of-70-calls', {}],
    ['13a-backslash/13a-backslash.zip', {}],
    ['13c-upper/13c-upper.zip', {}],
    ['13l-one-stray-backslash/13l-one-stray-backslash.zip', {}],
    ['13q-bytes-after-the-end/13q-bytes-after-the-end.zip', {}],
    ['14-empty-optional-files', {}],
    ['14b-empty-optional-calendar-dates-only', {}],
    ['14c-empty-frequencies-only', {}],
    ['15b-folder-in-folder', {}],
    ['16-no-times-at-all', { tolerate: 34 }],
    ['20-station-in-stop-times', {}],
    ['25b-heading-case', {}],
    ['29a-same-exception-twice', {}],
    ['36-two-backward-times', { tolerate: 34 }],
    ['52-same-row-twice', {}],
  ])('%s sells its good trips', async (path, options) => {
    await imported(path, options);
    expect(await sold()).toEqual(['K1', 'K2']);
  });

  test.each([
    ['03-unknown-service', 'trips.txt:4: service_id GONE is in no calendar: trip T3 is left out'],
    ['16-no-times-at-all', 'trips.txt:4: fewer than two of its calls can be sold: trip T3 is left out'],
    [
      '36-two-backward-times',
      'stop_times.txt:11: arrives before the trip departs from the call before: trip T3 is left out',
    ],
  ])('%s loses a third of its trips, which is more than goes without asking', async (path, line) => {
    const result = await load(path);
    expect(
      result.outcome === 'refused' && [problemLines(result.leftOut), problemLines(result.refusals)],
    ).toEqual([
      [line],
      [expect.stringContaining('1 of 3 trips are left out, 33.3 %, and at most 1 % may be')],
    ]);
  });

  test.each([
    ['13d-bzip2/13d-bzip2.zip', 'agency.txt: is compressed by bzip2: zip the feed the usual way, by Deflate'],
    [
      '13g-zip-in-zip/13g-zip-in-zip.zip',
      '13g-zip-in-zip.zip: holds no feed but an archive, feed/gtfs.zip: unpack that one, and import what is in it',
    ],
    [
      '61-agency-zone-pst',
      'agency.txt:2: agency_timezone PST is not the name of one time zone, such as America/Los_Angeles',
    ],
  ])('%s is refused with its reason', async (path, reason) => {
    const result = await load(path);
    expect(result.outcome === 'refused' && problemLines(result.refusals)).toContain(reason);
  });

  test('57: one bad trip of two hundred is left out, and the others are sold', async () => {
    const report = await imported('57-only-one-bad-trip-of-many');
    expect(report.tripsLeftOut).toBe(1);
    expect(report.feedTrips - report.trips).toBe(1);
    expect((await sold()).length).toBeGreaterThan(100);
  });

  test('18a: a headway of half a minute makes one departure a minute', async () => {
    await imported('18a-headway-30s');
    expect(await sold()).toEqual([...Array.from({ length: 10 }, () => 'K1'), 'K2']);
  });

  test('18b: windows that overlap make each departure once', async () => {
    await imported('18b-frequencies-meet');
    const departures = (await journeys('A', 'D')).flatMap(({ trip, from }) =>
      trip === 'K1' ? [from.departs.slice(11, 16)] : [],
    );
    expect(departures).toEqual(['06:00', '06:30', '07:00', '07:30', '08:00', '08:30', '09:00', '09:30']);
  });

  test('06a and 06b: the quotes of a name are part of it', async () => {
    await imported('06a-quote-in-quoted');
    expect((await journeys('A', 'D'))[0]?.from.name).toBe('Casa "La Torre"');
    await imported('06b-quote-in-plain');
    expect((await journeys('A', 'D'))[0]?.from.name).toBe('Rsa "S. Carlo" Nord');
  });

  test('11a: a longitude with an exponent is a place, and so has a fare by distance', async () => {
    await imported('11a-exponent-lon');
    expect((await journeys('A', 'D'))[0]?.classes[0]?.fare).toBeDefined();
  });

  test('08a: a calendar without an end is cut, and the report says so', async () => {
    const report = await imported('08a-calendar-to-3000');
    expect(report.lastDate < '2030-01-01').toBe(true);
    expect(problemLines(report.warnings)).toEqual([
      'calendar.txt: services run from 2026-11-01 to 3000-12-31: only the days from 2026-11-01 to 2029-11-22 are taken',
    ]);
  });

  test('51: search takes the ids of platforms', async () => {
    await imported('51-platforms');
    expect(await sold('A1', 'D1')).toEqual(['K1', 'K2']);
    expect(await sold('SA', 'SD')).toEqual(['K1', 'K2']);
  });
});
