import type { ProviderEntry } from '../provider-entry.ts';
import { stripeCurrencies, stripeSecretSchema } from './model.ts';
import { stripeProvider } from './provider.ts';

/** Stripe. The keys of its dashboard switch it on. */
export const stripeEntry: ProviderEntry = {
  currencies: stripeCurrencies,
  open: (keys, { clock }) => {
    const { success, data: secret } = stripeSecretSchema.safeParse(keys);
    return success ? stripeProvider({ secret, clock }) : undefined;
  },
};
