import type { Table } from '../platform/dynamo.ts';
import type { ServiceDate } from '../platform/ids.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import { plusDays } from '../platform/time.ts';
import type { Sales } from './model.ts';
import { putSales, readSales } from './store.ts';

/**
 * The dates on sale after adding some. They are one stretch: new dates must touch it at either end, otherwise the days
 * between would open unnoticed. A stretch that is over no longer counts.
 */
export const openDates = (
  current: Sales | undefined,
  opened: Sales,
  today: ServiceDate,
): Outcome<{ sales: Sales }, 'gap'> => {
  if (!current || current.until < today) return accepted({ sales: opened });
  const touches = opened.from <= plusDays(current.until, 1) && opened.until >= plusDays(current.from, -1);
  if (!touches) return rejected('gap');
  return accepted({
    sales: {
      from: opened.from < current.from ? opened.from : current.from,
      until: opened.until > current.until ? opened.until : current.until,
    },
  });
};

/** Opens service dates for sale. It moves two dates, however many runs that puts on sale. */
export const openSales = async (
  timetable: Table,
  opened: Sales,
  today: ServiceDate,
): Promise<Outcome<{ sales: Sales }, 'gap'> & { current: Sales | undefined }> => {
  const current = await readSales(timetable);
  const decision = openDates(current, opened, today);
  if (decision.outcome === 'accepted') await putSales(timetable, decision.sales);
  return { ...decision, current };
};
