import type { ProviderEntry } from '../provider-entry.ts';
import { alipayCurrency, alipaySecretSchema } from './model.ts';
import { alipayProvider } from './provider.ts';

/** Alipay (支付宝). The keys of its merchant page switch it on. */
export const alipayEntry: ProviderEntry = {
  currencies: [alipayCurrency],
  open: (keys, { clock }) => {
    const { success, data: secret } = alipaySecretSchema.safeParse(keys);
    return success ? alipayProvider({ secret, clock }) : undefined;
  },
};
