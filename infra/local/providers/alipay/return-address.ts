import type { Clock } from '../../../../shared/platform/time.ts';
import { chinaTime } from '../formats.ts';
import type { Trade } from '../trade.ts';
import { yuan } from './formats.ts';
import { appId, sellerId, textToSign, type SandboxKeys } from './keys.ts';

/** Where the buyer's browser goes after a payment: the shop's page with the parameters that Alipay adds and signs. */
export const returnAddress = (
  trade: Trade,
  keys: Pick<SandboxKeys, 'signAsAlipay'>,
  clock: Clock,
): string | undefined => {
  if (trade.returnUrl === undefined) return undefined;
  const fields = {
    charset: 'utf-8',
    method: 'alipay.trade.page.pay.return',
    version: '1.0',
    app_id: appId,
    auth_app_id: appId,
    seller_id: sellerId,
    out_trade_no: trade.outTradeNo,
    trade_no: trade.tradeNo,
    total_amount: yuan(trade.total),
    timestamp: chinaTime(clock()),
  };
  const address = new URL(trade.returnUrl);
  const all = { ...fields, sign_type: 'RSA2', sign: keys.signAsAlipay(textToSign(fields)) };
  for (const [name, value] of Object.entries(all)) address.searchParams.set(name, value);
  return address.href;
};
