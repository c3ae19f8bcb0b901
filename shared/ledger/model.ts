import * as z from 'zod';
import { providerSchema } from '../payments/model.ts';
import { orderIdSchema } from '../platform/ids.ts';
import { currencySchema } from '../platform/money.ts';
import { instantSchema } from '../platform/time.ts';

/**
 * Accounts of the double-entry ledger. `clearing`: money at the providers, a line for each. `passengers`: captured money
 * that has not paid for a ticket yet. `fares`: earned money. `fees`: what the carrier keeps of money that goes back.
 * `refunds-payable`: money that we owe back, until the provider confirms the refund. `costs`: what the providers keep for
 * their service. `by-hand`: money that a person paid back by another way. `overpaid`: money paid back twice, which
 * somebody must claim.
 */
export const accounts = [
  'clearing',
  'passengers',
  'fares',
  'fees',
  'refunds-payable',
  'costs',
  'by-hand',
  'overpaid',
] as const;
export type Account = (typeof accounts)[number];

/** A leg adds `amount` minor units to its account; debits are positive, credits negative. */
const legSchema = z.object({ account: z.enum(accounts), amount: z.int() });

export const entryKinds = [
  'captured',
  'issued',
  'refund-requested',
  /** Money of an issued order goes back. */
  'refund-granted',
  /** What the carrier keeps of a fare when its ticket is paid back. */
  'fee-kept',
  'refunded',
  /** The provider had the money again after it had paid it back. */
  'refund-returned',
  'refund-settled',
  /** The provider had the money again of a refund that a person had paid as well. */
  'surplus-returned',
  /** The provider paid a settled refund as well. */
  'paid-twice-by-provider',
  /** A person paid a refund that the provider had paid already. */
  'paid-twice-by-hand',
  /** What a provider kept for its service on one day of its bill. */
  'provider-costs',
] as const;
export type EntryKind = (typeof entryKinds)[number];

/** All legs of one booking in one item, so that half an entry cannot exist. Nothing changes it after its write. */
export const journalEntrySchema = z.object({
  /** Absent for a provider's costs, which belong to no order. */
  orderId: orderIdSchema.optional(),
  /** `<source>-<kind>`: nobody can book the same fact twice. */
  entryId: z.string(),
  kind: z.enum(entryKinds),
  /** The number of the payment, refund or order that causes it; `<provider>-<date>` for a provider's costs. */
  source: z.string(),
  /** Whose money moves, if any does at a provider. */
  provider: providerSchema.optional(),
  at: instantSchema,
  currency: currencySchema,
  legs: z.array(legSchema).min(2),
});
export type JournalEntry = z.infer<typeof journalEntrySchema>;
