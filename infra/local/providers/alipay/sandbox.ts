import { startClockwork } from '../clockwork.ts';
import { post } from '../post.ts';
import type { ProviderSandbox, SandboxParts } from '../provider-sandbox.ts';
import { openBooks } from './books.ts';
import { attempted, signedForm } from './delivery.ts';
import { appId, sandboxKeys, sellerId } from './keys.ts';
import { listedOf } from './pages.ts';
import { settle } from './settle.ts';
import { alipaySite, pageOfCode } from './site.ts';

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
 * `.fastpay.refund.query`. A buyer, or a program in a buyer's place, does what follows:
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
export const alipaySandbox = ({
  dataDir,
  clock,
  merchant,
  url,
}: SandboxParts): ProviderSandbox<AlipayKeys> => {
  const keys = sandboxKeys(dataDir);
  const books = openBooks(dataDir);
  const clockwork = startClockwork({
    books,
    clock,
    settle: () => settle({ books, clock }),
    send: async (delivery, stopped) => {
      const body = signedForm(delivery, keys, clock()).toString();
      const answer = await post(delivery.url, { headers: formHeaders, body }, stopped);
      return attempted(delivery, clock(), answer);
    },
  });
  const stopping = new AbortController();
  const parts = { books, keys, clock, merchant, url, changed: clockwork.look, stopping: stopping.signal };
  return {
    secret: {
      appId,
      sellerId,
      privateKey: keys.merchantPrivatePem,
      alipayPublicKey: keys.alipayPublicPem,
      gateway: `${url}/gateway.do`,
    },
    answer: alipaySite(parts),
    pageOf: (code) => pageOfCode(code, parts),
    latest: (count) => {
      settle(parts);
      return books.trades(count).map(listedOf);
    },
    books: () => {
      settle(parts);
      return { trades: books.trades(), deliveries: books.deliveries() };
    },
    stop: async () => {
      stopping.abort();
      await clockwork.stop();
      books.close();
    },
  };
};
