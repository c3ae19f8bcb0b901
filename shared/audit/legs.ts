import type { Account, EntryKind, JournalEntry } from '../ledger/model.ts';
import { imbalanceOf } from '../ledger/rules.ts';
import type { ProviderName } from '../payments/model.ts';
import type { findingsAbout } from './lookups.ts';
import type { OrderPart } from './model.ts';

type Report = ReturnType<typeof findingsAbout>['report'];

/** The accounts of each kind, from docs/protocol.md and not from the ledger: its table is one of the things under audit. */
const accountsOf: Readonly<Record<EntryKind, { debit: Account; credit: Account }>> = {
  captured: { debit: 'clearing', credit: 'passengers' },
  issued: { debit: 'passengers', credit: 'fares' },
  'refund-requested': { debit: 'passengers', credit: 'refunds-payable' },
  'refund-granted': { debit: 'fares', credit: 'refunds-payable' },
  'fee-kept': { debit: 'fares', credit: 'fees' },
  refunded: { debit: 'refunds-payable', credit: 'clearing' },
  'refund-returned': { debit: 'clearing', credit: 'refunds-payable' },
  'refund-settled': { debit: 'refunds-payable', credit: 'by-hand' },
  'surplus-returned': { debit: 'clearing', credit: 'overpaid' },
  'paid-twice-by-provider': { debit: 'overpaid', credit: 'clearing' },
  'paid-twice-by-hand': { debit: 'overpaid', credit: 'by-hand' },
  'provider-costs': { debit: 'costs', credit: 'clearing' },
};

/** Checks each entry by itself: its sum, its accounts, whose money it moves, and its place in the index of the books. */
export const auditLegs = (part: OrderPart, report: Report): void => {
  for (const entry of part.entries) {
    const { entryId } = entry;
    const off = imbalanceOf(entry);
    if (off !== 0n)
      report('entry-balanced', entryId, `the entry ${entryId} of ${part.orderId} is off by ${off}`);
    if (!hasItsAccounts(entry))
      report(
        'journal-agrees',
        entryId,
        `the entry ${entryId} moves money between other accounts than its kind`,
      );
    if (entry.inBooks === undefined) continue;
    if (!entry.inBooks)
      report('books-indexed', entryId, `the entry ${entryId} is not in the books of its day`);
    const provider = providerOf(part, entry);
    if (movesAtProvider(entry) && provider && entry.provider !== provider) {
      const what = `the entry ${entryId} moves the money of ${entry.provider ?? 'no provider'}, not of ${provider}`;
      report('journal-agrees', entryId, what);
    }
  }
};

const hasItsAccounts = ({ kind, legs: [first, second, ...more] }: JournalEntry): boolean => {
  const { debit, credit } = accountsOf[kind];
  return (
    more.length === 0 &&
    first?.account === debit &&
    first.amount > 0 &&
    second?.account === credit &&
    second.amount < 0
  );
};

const movesAtProvider = ({ legs }: JournalEntry): boolean =>
  legs.some(({ account }) => account === 'clearing');

/** The provider of the payment, or of the refund's payment, that the entry names as its source. */
const providerOf = ({ payments, refunds }: OrderPart, { source }: JournalEntry): ProviderName | undefined => {
  const refund = refunds.find(({ refundNumber }) => refundNumber === source);
  return payments.find(({ paymentId }) => paymentId === (refund?.paymentId ?? source))?.provider;
};
