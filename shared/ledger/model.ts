import * as z from 'zod';
import { orderIdSchema } from '../platform/ids.ts';
import { currencySchema } from '../platform/money.ts';
import { instantSchema } from '../platform/time.ts';

/**
 * Accounts of the double-entry ledger. `clearing`: money at the providers. `passengers`: captured money that has not
 * become a ticket yet. `fares`: earned. `refunds-payable`: owed back, not yet confirmed by the provider. `by-hand`: paid
 * back by a person, by another way. `overpaid`: paid back twice, and to be claimed.
 */
export const accounts = [
  'clearing',
  'passengers',
  'fares',
  'refunds-payable',
  'by-hand',
  'overpaid',
] as const;

/** A leg adds `amount` minor units to its account; debits are positive, credits negative. */
const legSchema = z.object({ account: z.enum(accounts), amount: z.int() });

export const entryKinds = [
  'captured',
  'issued',
  'refund-requested',
  'refunded',
  'refund-settled',
  /** A settled refund that the provider paid as well. */
  'paid-twice-by-provider',
  /** A refund that the provider had paid, and a person as well. */
  'paid-twice-by-hand',
] as const;

/** All legs of one booking in one item, so that half an entry cannot exist. Never changed once written. */
export const journalEntrySchema = z.object({
  orderId: orderIdSchema,
  /** `<what it follows from>-<kind>`: the same fact can only be booked once. */
  entryId: z.string(),
  kind: z.enum(entryKinds),
  at: instantSchema,
  currency: currencySchema,
  legs: z.array(legSchema).min(2),
});
export type JournalEntry = z.infer<typeof journalEntrySchema>;
