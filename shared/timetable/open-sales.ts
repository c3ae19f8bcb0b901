import type { Table } from '../platform/dynamo.ts';
import type { ServiceDate } from '../platform/ids.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import { plusDays } from '../platform/time.ts';
import type { Sales } from './model.ts';
import { putSales, readSales } from './store.ts';

/**
 * The dates on sale after some more are opened. They are one stretch: what is opened before or after it must touch it,
 * lest the days between be opened unseen; a stretch that is over is forgotten.
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

/** Opens service dates for sale. Moves two dates, whatever number of runs that puts on sale. */
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
