import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ImportOptions, ImportReport } from '../../shared/feeds/import-report.ts';
import { importTimetable } from '../../shared/feeds/import-timetable.ts';
import { problemLines } from '../../shared/feeds/problems.ts';
import { searchJourneys, type Journey } from '../../shared/journeys/search-journeys.ts';
import { serviceDateSchema, stopIdSchema } from '../../shared/platform/ids.ts';
import { instantSchema } from '../../shared/platform/time.ts';
import { openSales } from '../../shared/timetable/open-sales.ts';
import { testTables } from './dynamo.ts';
import { sampleCarrier, sampleLayouts } from './sample-carrier.ts';
import { writeFeed, type FeedTexts } from './sample-feed.ts';

const day = (text: string) => serviceDateSchema.parse(text);

/** Tables with a carrier that sells in euros, on the first of June 2027, and what is done to its timetable. */
export const timetableWorld = async () => {
  const tables = await testTables();
  const carrier = { ...sampleCarrier, currency: 'EUR' };
  const time = { now: instantSchema.parse('2027-06-01T08:00:00.000Z') };
  const clock = () => time.now;
  const { timetable, availability } = tables;

  /** An import by an operator who says yes to whatever looks like a mistake. */
  const run = (source: string, options: ImportOptions = {}, carrierLayouts = sampleLayouts) =>
    importTimetable({ ...tables, now: clock, carrier, carrierLayouts })({
      source,
      options,
      confirm: async () => true,
    });

  /** Imports the sound feed with changes, or throws what is wrong. */
  const imported = async (changes: FeedTexts = {}, options: ImportOptions = {}): Promise<ImportReport> => {
    const result = await run(writeFeed(changes), options);
    if (result.outcome !== 'imported') throw new Error(problemLines(result.refusals).join('\n'));
    return result.report;
  };

  /** The journeys of a day, or throws why there is no answer. */
  const search = async (
    from: string,
    to: string,
    date: string,
    languages: string[] = [],
  ): Promise<Journey[]> => {
    const ask = searchJourneys({ timetable, availability, clock, carrier });
    const [fromId, toId] = [stopIdSchema.parse(from), stopIdSchema.parse(to)];
    const result = await ask({ from: fromId, to: toId, date: day(date), passengers: 1, languages });
    if (result.outcome !== 'accepted') throw new Error(result.reason);
    return result.journeys;
  };

  const open = (from: string, until: string) =>
    openSales(timetable, { from: day(from), until: day(until) }, day('2027-06-01'));

  return { tables, time, run, imported, search, open };
};

export type TimetableWorld = Awaited<ReturnType<typeof timetableWorld>>;

/** Writes one file into a folder of its own. */
export const fileNamed = (file: string, text: string): string => {
  const path = join(writeFeed(), file);
  writeFileSync(path, text);
  return path;
};

/** Trains whose name begins with ICE get two classes, four first and six second; first costs double by distance. */
export const twoClassLayouts = (): string =>
  fileNamed(
    'layouts.json',
    JSON.stringify({
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
    }),
  );
