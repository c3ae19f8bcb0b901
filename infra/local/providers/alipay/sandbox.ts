import { join } from 'node:path';
import { openCashier } from '../cashier-sandbox.ts';
import type { ProviderSandbox, SandboxParts } from '../provider-sandbox.ts';
import { appId, sandboxKeys, sellerId } from './keys.ts';
import { returnAddress } from './return-address.ts';
import { alipaySite, pageOfCode } from './site.ts';
import { isTaken, retryAfterSeconds, signedForm, tell } from './tell.ts';

export type AlipayKeys = {
  appId: string;
  sellerId: string;
  privateKey: string;
  alipayPublicKey: string;
  gateway: string;
};

const formHeaders = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };

/**
 * Alipay's wire protocol. The merchant calls `POST /gateway.do`: `alipay.trade.precreate`, `.query`, `.close`, `.refund`,
 * `.fastpay.refund.query`; and for the bill of a day, ready at nine in the morning of China,
 * `alipay.data.dataservice.bill.downloadurl.query`, whose address is good for thirty seconds. A buyer,
 * or a program in a buyer's place, does what follows:
 *
 * - `GET /gateway.do?…` with `alipay.trade.page.pay` or `.wap.pay` (the address in a payment's `action.url`): makes the
 *   trade and redirects to its cashier, 302. Before this there is no trade.
 * - `GET <code>`, the text of a QR code: a page that shows it. `POST <code>/scan` makes the trade and leads to its cashier,
 *   `POST <code>/pay` also pays.
 * - `GET /cashier/{outTradeNo}`: the cashier's page.
 * - `POST /cashier/{outTradeNo}/{action}`, no body needed; actions: `pay`, `decline`, `pay-late` (at once when the deadline has
 *   passed, else 30 s after it), `pay-notify-twice`, `pay-notify-out-of-order`, `pay-silently`, `answer-slowly`, `forge`,
 *   `change-amount`. Paying redirects (303) to the shop's return address with Alipay's signed parameters, else back to the
 *   cashier; with `Accept: application/json` the answer is 200 and `{ outTradeNo, status, message, returnUrl }`. 409
 *   when the trade cannot be paid.
 */
export const alipaySandbox = (given: SandboxParts): ProviderSandbox<AlipayKeys> => {
  const { dataDir, clock, url } = given;
  const keys = sandboxKeys(dataDir);
  const { parts, rest } = openCashier(given, {
    booksFile: join(dataDir, 'alipay-books.sqlite'),
    cashier: {
      name: '支付宝 Alipay',
      heading: '支付宝沙箱 · Alipay sandbox',
      addressOf: ({ outTradeNo }) => `/cashier/${encodeURIComponent(outTradeNo)}`,
      billLacks: ['bill-currency', 'bill-state'],
    },
    tell,
    sign: (delivery) => ({ headers: formHeaders, body: signedForm(delivery, keys, clock()).toString() }),
    isTaken,
    retryAfterSeconds,
    returnAddress: (trade) => returnAddress(trade, keys, clock),
  });
  return {
    secret: {
      appId,
      sellerId,
      privateKey: keys.merchantPrivatePem,
      alipayPublicKey: keys.alipayPublicPem,
      gateway: `${url}/gateway.do`,
    },
    answer: alipaySite({ ...parts, keys, url }),
    pageOf: (code) => pageOfCode(code, { ...parts, url }),
    ...rest,
  };
};
