import { wechatpayProvider } from '../../shared/payments/wechatpay/provider.ts';
import { openSandboxShop } from './sandbox-shop.ts';

/** A shop that takes WeChat Pay. */
export const openWechatShop = () =>
  openSandboxShop({
    at: 'wechatpay',
    method: 'native',
    open: (sandbox, clock) => wechatpayProvider({ secret: sandbox.secrets.wechatpay, clock }),
    pageOf: ({ paymentId }) => `/wechatpay/cashier/${paymentId}`,
    answer: { status: 204, body: '' },
  });
