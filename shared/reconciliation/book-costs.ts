import { entryOf } from '../ledger/rules.ts';
import { putCosts, readCosts } from '../ledger/store.ts';
import type { Carrier } from '../platform/carrier.ts';
import { writeTogether, type Table } from '../platform/dynamo.ts';
import { money, type Money } from '../platform/money.ts';
import { instantOf, millisecondsOf } from '../platform/time.ts';
import type { Span } from './decide-answer.ts';
import { decideCosts } from './decide-costs.ts';
import { reportIdOf, type BillDay, type BillTotals, type Finding } from './model.ts';

type Dependencies = { bookings: Table; carrier: Carrier };

const readBooked = async (bookings: Table, day: BillDay): Promise<Money | undefined> => {
  const entry = await readCosts(bookings, day.provider, reportIdOf(day));
  const leg = entry?.legs.find(({ account }) => account === 'costs');
  return entry && leg && money(leg.amount, entry.currency);
};

/**
 * Books what a provider kept on a day, once; at the end of that day, so that the books of the day have it. Returns the
 * differences from what was booked before.
 */
export const bookCosts = async (
  { bookings, carrier }: Dependencies,
  day: BillDay,
  { costs }: Pick<BillTotals, 'costs'>,
  span: Span,
): Promise<Finding[]> => {
  const { currency } = carrier;
  const decided = decideCosts(day, costs, { booked: await readBooked(bookings, day), currency });
  if (!decided.book) return decided.findings;
  const at = instantOf(millisecondsOf(span.until) - 1);
  const { provider } = day;
  const entry = entryOf('provider-costs', { provider, source: reportIdOf(day), amount: decided.book, at });
  const outcome = await writeTogether(bookings.client, [
    { label: 'costs', write: putCosts(bookings, entry, carrier) },
  ]);
  if (outcome.outcome === 'written') return decided.findings;
  // Another run has booked them since the read: what it booked counts.
  return decideCosts(day, costs, { booked: await readBooked(bookings, day), currency }).findings;
};
