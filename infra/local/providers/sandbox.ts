import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../../../shared/platform/time.ts';
import { openBooks } from './alipay/books.ts';
import { startClockwork } from './alipay/clockwork.ts';
import { appId, sandboxKeys, sellerId } from './alipay/keys.ts';
import type { Merchant } from './cashier-pages.ts';
import { sandboxSite, unreadable } from './site.ts';

export type SandboxOptions = {
  /** The folder of its keys and books, which survive a restart. */
  dataDir: string;
  clock: Clock;
  /** 0, the default, takes a free one. */
  port?: number;
  host?: string;
  /** The buyer sees it. */
  merchant?: Merchant;
};

type AlipayKeys = {
  appId: string;
  sellerId: string;
  privateKey: string;
  alipayPublicKey: string;
  gateway: string;
};

export type Sandbox = {
  url: string;
  cashierUrl: string;
  /** The secret of each provider for this sandbox, by the provider's name. */
  secrets: { alipay: AlipayKeys };
  stop: () => Promise<void>;
};

/**
 * Starts a payment provider on the loopback that speaks Alipay's wire protocol. A buyer, or a program in a buyer's
 * place, does what follows:
 *
 * - `GET /gateway.do?…` with `alipay.trade.page.pay` (the address a payment's `action.url` holds): makes the trade and
 *   redirects to its cashier, 302. Before this there is no trade.
 * - `GET /cashier/{outTradeNo}`: the cashier's page.
 * - `POST /cashier/{outTradeNo}/{action}`, no body needed; actions: `pay`, `decline`, `pay-late` (at once when the
 *   deadline has passed, else 30 s after it), `pay-notify-twice`, `pay-notify-out-of-order`, `pay-silently`, `answer-slowly`,
 *   `forge`, `change-amount`. Paying redirects (303) to the shop's return address with Alipay's signed parameters,
 *   else back to the cashier; with `Accept: application/json` the answer is 200 and
 *   `{ outTradeNo, status, message, returnUrl }`. 409 when the trade cannot be paid.
 * - `GET /`: recent trades. `GET /books`: everything the sandbox knows, as JSON: `{ trades, deliveries }`.
 *
 * The merchant calls `POST /gateway.do`: `alipay.trade.query`, `.close`, `.refund`, `.fastpay.refund.query`.
 */
export const startSandbox = async (options: SandboxOptions): Promise<Sandbox> => {
  const { dataDir, clock, port = 0, host = '127.0.0.1', merchant = { name: 'Keyun' } } = options;
  const keys = sandboxKeys(dataDir);
  const books = openBooks(dataDir);
  const clockwork = startClockwork({ books, keys, clock });
  const stopping = new AbortController();
  const site = sandboxSite({
    books,
    keys,
    clock,
    merchant,
    changed: clockwork.look,
    stopping: stopping.signal,
  });

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { status, headers, body } = await site(request).catch(unreadable);
    response.writeHead(status, { 'cache-control': 'no-store', ...headers }).end(body);
  };
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  const stopAll = async (): Promise<void> => {
    stopping.abort();
    await new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
    await clockwork.stop();
    books.close();
  };
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopped ??= stopAll());

  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    });
  } catch (error) {
    await stop();
    throw error;
  }
  const url = `http://${host}:${(server.address() as AddressInfo).port}`;
  return {
    url,
    cashierUrl: `${url}/`,
    secrets: {
      alipay: {
        appId,
        sellerId,
        privateKey: keys.merchantPrivatePem,
        alipayPublicKey: keys.alipayPublicPem,
        gateway: `${url}/gateway.do`,
      },
    },
    stop,
  };
};
