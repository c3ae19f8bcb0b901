import { failuresOf } from '../failures.ts';

export const { transientFailure, providerRefusal } = failuresOf('Stripe');

/**
 * Refusals of a refund that may pass: the account's balance is too low, or the charge is not settled yet. Any other refusal is
 * final. Source: "Error codes" of Stripe's documentation.
 */
const passing: ReadonlySet<string> = new Set(['balance_insufficient', 'charge_not_settled', 'lock_timeout']);

export const isPassing = (code: string): boolean => passing.has(code);
