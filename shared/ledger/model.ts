import * as z from 'zod';
import { orderIdSchema } from '../platform/ids.ts';
import { currencySchema } from '../platform/money.ts';
import { instantSchema } from '../platform/time.ts';

/**
 * Accounts of the double-entry ledger. `clearing`: money at the providers. `passengers`: captured money that has not
 * paid for a ticket yet. `fares`: earned money. `refunds-payable`: money that we owe back, until the provider confirms
 * the refund. `by-hand`: money that a person paid back by another way. `overpaid`: money paid back twice, which
 * somebody must claim.
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
  /** The provider paid a settled refund as well. */
  'paid-twice-by-provider',
  /** A person paid a refund that the provider had paid already. */
  'paid-twice-by-hand',
] as const;

/** All legs of one booking in one item, so that half an entry cannot exist. Nothing changes it after its write. */
export const journalEntrySchema = z.object({
  orderId: orderIdSchema,
  /** `<source>-<kind>`: nobody can book the same fact twice. */
  entryId: z.string(),
  kind: z.enum(entryKinds),
  at: instantSchema,
  currency: currencySchema,
  legs: z.array(legSchema).min(2),
});
export type JournalEntry = z.infer<typeof journalEntrySchema>;
