import type { Table } from '../platform/dynamo.ts';
import type { ServiceDate } from '../platform/ids.ts';
import { rejected, type Outcome } from '../platform/outcome.ts';
import { decideSales, type SalesCommand, type SalesRefusal } from './decide-sales.ts';
import type { Sales } from './model.ts';
import { readState, replaceSales } from './store.ts';

/** Somebody else may change the sale between our read and our write this many times. */
const attemptsMax = 5;

/** The sale after a command, and before it. */
export type SalesResult = Outcome<{ sales: Sales }, SalesRefusal | 'busy'> & { current: Sales | undefined };

/**
 * Opens or closes the sale of dates, of a trip or of a route. It writes one item, however many runs that concerns; from
 * the next second on, search and sale go by it. Seats that are held or sold stay as they are.
 */
export const changeSales = async (
  timetable: Table,
  command: SalesCommand,
  today: ServiceDate,
): Promise<SalesResult> => {
  let current: Sales | undefined;
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    current = (await readState(timetable, { afresh: true })).sales;
    const decided = decideSales(current, command, today);
    if (decided.outcome === 'rejected') return { ...decided, current };
    if (await replaceSales(timetable, decided.sales, current)) return { ...decided, current };
  }
  return { ...rejected('busy'), current };
};

/** Opens dates for sale. It moves two dates, however many runs that puts on sale. */
export const openSales = (
  timetable: Table,
  dates: { from: ServiceDate; until: ServiceDate },
  today: ServiceDate,
): Promise<SalesResult> => changeSales(timetable, { what: 'open', subject: { kind: 'all' }, dates }, today);
