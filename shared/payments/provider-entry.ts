import type { Clock } from '../platform/time.ts';
import type { PaymentProvider } from './provider.ts';

/** What a provider's folder gives to the list of providers. */
export type ProviderEntry = {
  /**
   * The provider, made with what its secret holds; undefined where that is not a whole set of keys (`{}`, a blank field):
   * then the provider is switched off, which is no error.
   */
  open: (keys: unknown, needs: { clock: Clock }) => PaymentProvider | undefined;
};
