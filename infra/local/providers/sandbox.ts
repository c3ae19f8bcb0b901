import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../../../shared/platform/time.ts';
import { alipaySandbox } from './alipay/sandbox.ts';
import type { Merchant } from './pages.ts';
import type { ProviderSandbox, SandboxParts } from './provider-sandbox.ts';
import { sandboxSite, unreadable } from './site.ts';
import { stripeSandbox } from './stripe/sandbox.ts';
import { wechatpaySandbox } from './wechatpay/sandbox.ts';

export type SandboxOptions = {
  /** The folder of its keys and books, which survive a restart. */
  dataDir: string;
  clock: Clock;
  /** 0, the default, takes a free one. */
  port?: number;
  host?: string;
  /** The buyer sees it. */
  merchant?: Merchant;
  /** Where a provider's webhook goes, for those that ask for it once. */
  webhookUrlOf?: (provider: string) => string;
};

/** The providers of the sandbox. Each file says which addresses it answers. */
const openProviders = (parts: SandboxParts) => ({
  alipay: alipaySandbox(parts),
  wechatpay: wechatpaySandbox(parts),
  stripe: stripeSandbox(parts),
});

type Providers = ReturnType<typeof openProviders>;

type SecretOf<Sandbox> = Sandbox extends ProviderSandbox<infer Secret> ? Secret : never;

export type Sandbox = {
  url: string;
  cashierUrl: string;
  /** The secret of each provider for this sandbox, by the provider's name. */
  secrets: { [Name in keyof Providers]: SecretOf<Providers[Name]> };
  stop: () => Promise<void>;
};

/**
 * Starts the payment providers on the loopback. Each speaks its own wire protocol and keeps its own books. For all of them:
 *
 * - `GET /`: the latest payments. `GET /books`: everything the sandbox knows, as JSON by provider.
 * - `GET /scan?code=…`, with the text of a QR code, a client secret or an address: redirects to that payment's page.
 * - `POST <that page>/pay` pays, and `POST <that page>/<trouble>` makes a trouble.
 * - `POST <that page>/bill-…` makes the bill of that day lie, or tell the truth again: cashier-site.ts says how.
 */
export const startSandbox = async (options: SandboxOptions): Promise<Sandbox> => {
  const {
    dataDir,
    clock,
    port = 0,
    host = '127.0.0.1',
    merchant = { name: 'Keyun' },
    webhookUrlOf,
  } = options;
  // The providers' keys name the address, which is known only when the server listens.
  const opened = Promise.withResolvers<ReturnType<typeof sandboxSite>>();
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { status, headers, body } = await (await opened.promise)(request).catch(unreadable);
    response.writeHead(status, { 'cache-control': 'no-store', ...headers }).end(body);
  };
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const url = `http://${host}:${(server.address() as AddressInfo).port}`;
  const providers = openProviders({ dataDir, clock, merchant, url, webhookUrlOf });
  opened.resolve(sandboxSite(providers));
  let stopped: Promise<void> | undefined;
  const stopAll = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await Promise.all(Object.values(providers).map((provider) => provider.stop()));
    await closed;
  };
  return {
    url,
    cashierUrl: `${url}/`,
    secrets: secretsOf(providers),
    stop: () => (stopped ??= stopAll()),
  };
};

const secretsOf = (providers: Providers): Sandbox['secrets'] =>
  Object.fromEntries(
    Object.entries(providers).map(([name, { secret }]) => [name, secret]),
  ) as Sandbox['secrets'];
