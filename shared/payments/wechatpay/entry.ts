import type { ProviderEntry } from '../provider-entry.ts';
import { wechatpayCurrency, wechatpaySecretSchema } from './model.ts';
import { wechatpayProvider } from './provider.ts';

/** WeChat Pay (微信支付). The keys of its merchant page switch it on. */
export const wechatpayEntry: ProviderEntry = {
  currencies: [wechatpayCurrency],
  open: (keys, { clock }) => {
    const { success, data: secret } = wechatpaySecretSchema.safeParse(keys);
    return success ? wechatpayProvider({ secret, clock }) : undefined;
  },
};
