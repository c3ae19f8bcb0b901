import { listAttention } from '../bookings/attention-store.ts';
import { idOf } from '../bookings/keys.ts';
import type { Table } from '../platform/dynamo.ts';
import { billDayOf, type Report } from './model.ts';
import { readReports } from './store.ts';

/** Reading stops at so many flagged items in a shard: by then the alarm has long gone off. */
const flaggedPerShardMax = 250;

/** The reports that need a person, the oldest day first. */
export const readFlaggedReports = async (bookings: Table): Promise<Report[]> => {
  const { items } = await listAttention(bookings, { perShardMax: flaggedPerShardMax });
  const days = items
    .filter(({ attention }) => attention.kind === 'bill-differs')
    .flatMap(({ key }) => billDayOf(idOf(key.pk)) ?? []);
  const reports = await readReports(bookings, days);
  return reports.toSorted((a, b) => (a.date < b.date ? -1 : Number(a.date > b.date)));
};

/** How many differences are open, in all reports that need a person. */
export const countOpenDifferences = async (bookings: Table): Promise<number> =>
  (await readFlaggedReports(bookings)).reduce((sum, { open }) => sum + open, 0);
