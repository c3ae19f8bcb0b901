import type { Clock } from '../platform/time.ts';
import type { PaymentProvider } from './provider.ts';

/** The entry that a provider's folder adds to the list of providers. */
export type ProviderEntry = {
  /** What it takes, by ISO 4217. */
  currencies: readonly string[];
  /**
   * Makes the provider from the content of its secret; undefined if that is not a whole set of keys. Throws if a key cannot be
   * used. Empty content (`{}`) switches the provider off; any other that does not make a provider has an alarm.
   */
  open: (keys: unknown, needs: { clock: Clock }) => PaymentProvider | undefined;
};
