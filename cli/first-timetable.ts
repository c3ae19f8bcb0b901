import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { LocalRun } from '../infra/local/run/run-stack.ts';
import type { ImportReport } from '../shared/feeds/import-report.ts';
import { importTimetable } from '../shared/feeds/import-timetable.ts';
import { problemLines } from '../shared/feeds/problems.ts';
import { soundCarrier } from '../shared/carriers/read-carrier.ts';
import { carrierFiles, carrierFolderOf, UnusableCarrier } from '../shared/platform/carrier-folder.ts';
import { awsClient, patientLimits } from '../shared/platform/aws-client.ts';
import { documentClient, type Table } from '../shared/platform/dynamo.ts';
import { instantOf, localDateOf, plusDays } from '../shared/platform/time.ts';
import { openSales } from '../shared/timetable/open-sales.ts';
import { readState } from '../shared/timetable/store.ts';
import { importProgress } from './progress.ts';

type Run = Omit<LocalRun, 'stop'>;

/**
 * Imports the demo feed and opens its sales if there is no timetable yet, so that a newcomer can buy at once. Returns the
 * import's report; undefined if a timetable is already in force, or if the carrier has no demo feed. Throws `UnusableCarrier`
 * with a line for each reason if the feed cannot be imported.
 */
export const importFirstTimetable = async (run: Run): Promise<ImportReport | undefined> => {
  const sound = soundCarrier(run.environment['KEYUN_CARRIER'] ?? '');
  return importDemoFeed(run, carrierFolderOf(sound.carrier.carrierId), sound);
};

/** The same for the carrier in this folder. */
export const importDemoFeed = async (
  run: Pick<Run, 'endpoints' | 'now'>,
  folder: string,
  { carrier, layouts: carrierLayouts }: Pick<ReturnType<typeof soundCarrier>, 'carrier' | 'layouts'>,
): Promise<ImportReport | undefined> => {
  const source = join(folder, carrierFiles.demo);
  if (!existsSync(source)) return undefined;
  const base = awsClient(DynamoDBClient, patientLimits, {
    endpoint: run.endpoints.dynamodb,
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const client = documentClient(base);
  const { tables } = run.endpoints;
  const table = (name: string): Table => ({ client, name });
  const timetable = table(tables.timetable);
  const now = () => instantOf(run.now());
  try {
    if ((await readState(timetable)).version) return undefined;
    const progress = importProgress();
    const [layouts, fares] = [join(source, 'layouts.json'), join(source, 'fares.csv')];
    const options = {
      moveDates: true,
      ...(existsSync(layouts) && { layouts }),
      ...(existsSync(fares) && { fares }),
    };
    const importFeed = importTimetable({
      timetable,
      inventory: table(tables.inventory),
      bookings: table(tables.bookings),
      now,
      carrier,
      carrierLayouts,
    });
    const result = await importFeed({ source, options, onProgress: progress.show }).finally(progress.end);
    if (result.outcome === 'refused') {
      const feed = `the feed in carriers/${carrier.carrierId}/${carrierFiles.demo} cannot be imported`;
      throw new UnusableCarrier([`${feed}:`, ...problemLines(result.refusals)].join('\n'));
    }
    const today = localDateOf(now(), result.report.timeZone);
    await openSales(timetable, { from: today, until: plusDays(today, carrier.salesOpenDays - 1) }, today);
    return result.report;
  } finally {
    base.destroy();
  }
};
