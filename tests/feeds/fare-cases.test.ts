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

const imported = async (path: string, options: ImportOptions = {}): Promise<ImportReport> => {
  const importFeed = importTimetable({
    ...tables,
    now,
    carrier: sampleCarrier,
    carrierLayouts: sampleLayouts,
  });
  const result = await importFeed({ source: join(cases, path), options, confirm: async () => true });
  if (result.outcome === 'refused') throw new Error(problemLines(result.refusals).join('\n'));
  await putSales(tables.timetable, { from: result.report.firstDate, until: result.report.lastDate });
  return result.report;
};

/** What a seat costs on each trip of the day between two stops; null where it is not sold. */
const fares = async (from: string, to: string): Promise<(number | null)[]> => {
  const { timetable, availability } = tables;
  const search = searchJourneys({ timetable, availability, clock: now, carrier: sampleCarrier });
  const [fromId, toId] = [stopIdSchema.parse(from), stopIdSchema.parse(to)];
  const result = await search({ from: fromId, to: toId, date: day, passengers: 1 });
  if (result.outcome === 'rejected') throw new Error(result.reason);
  return result.journeys.map(({ classes }) => classes[0]?.fare?.amount ?? null);
};

describe('fares of small feeds that once failed', () => {
  test('01: a fare by the zones passed holds where they are passed, and nowhere else', async () => {
    const report = await imported('01-contains-id-only');
    expect(await fares('A', 'B')).toEqual([200, 200]);
    expect(await fares('A', 'D')).toEqual([8800, 8800]);
    // No rule is for zones 2 to 4: the ride is listed and not sold.
    expect(await fares('B', 'D')).toEqual([null, null]);
    expect(report).toMatchObject({ farePairs: 5, pairsWithoutFare: 1, leftOut: [], warnings: [] });
  });

  test('02: a fare of nothing is none, and wins nowhere', async () => {
    const report = await imported('02-free-fare-no-rules');
    expect(await fares('A', 'D')).toEqual([8800, 8800]);
    expect(problemLines(report.leftOut)).toEqual([
      'fare_attributes.txt:2: costs nothing: only --allow-free accepts such a fare: fare free is left out',
    ]);
    await imported('02-free-fare-no-rules', { allowFree: true });
    expect(await fares('A', 'D')).toEqual([8800, 8800]);
  });

  test('28: a product of Fares v2 is sold where its rule says, which is everywhere', async () => {
    const report = await imported('28-fares-v2');
    expect(await fares('A', 'B')).toEqual([1200, 1200]);
    expect(await fares('B', 'D')).toEqual([1200, 1200]);
    expect(report).toMatchObject({ farePairs: 6, pairsWithoutFare: 0, leftOut: [] });
  });
});
