import type { OrderId } from '../platform/ids.ts';
import type { Money } from '../platform/money.ts';
import type { Instant } from '../platform/time.ts';
import type { JournalEntry } from './model.ts';

type Account = JournalEntry['legs'][number]['account'];

/** The accounts between which each kind of entry moves money. */
const movements: Readonly<Record<JournalEntry['kind'], { debit: Account; credit: Account }>> = {
  captured: { debit: 'clearing', credit: 'passengers' },
  issued: { debit: 'passengers', credit: 'fares' },
  'refund-requested': { debit: 'passengers', credit: 'refunds-payable' },
  refunded: { debit: 'refunds-payable', credit: 'clearing' },
  'refund-settled': { debit: 'refunds-payable', credit: 'by-hand' },
  'paid-twice-by-provider': { debit: 'overpaid', credit: 'clearing' },
  'paid-twice-by-hand': { debit: 'overpaid', credit: 'by-hand' },
};

/**
 * The entry for a fact. `source` is the number of the payment or refund that causes it. Throws if the amount is not
 * positive: an entry of nothing would hide a bug.
 */
export const entryOf = (
  kind: JournalEntry['kind'],
  { orderId, source, amount, at }: { orderId: OrderId; source: string; amount: Money; at: Instant },
): JournalEntry => {
  if (amount.amount <= 0) throw new RangeError('an entry books a positive amount');
  const { debit, credit } = movements[kind];
  return balanced({
    orderId,
    entryId: `${source}-${kind}`,
    kind,
    at,
    currency: amount.currency,
    legs: [
      { account: debit, amount: amount.amount },
      { account: credit, amount: -amount.amount },
    ],
  });
};

/** Throws if the legs of an entry do not add up to zero. */
export const balanced = (entry: JournalEntry): JournalEntry => {
  const sum = entry.legs.reduce((total, { amount }) => total + amount, 0);
  if (sum !== 0) throw new RangeError(`the entry ${entry.entryId} is off by ${sum}`);
  return entry;
};
