import type { Clock } from '../../../shared/platform/time.ts';
import type { Listed, Merchant } from './pages.ts';

/** A request to the sandbox: the raw body, and header names in lower case. */
export type SandboxRequest = {
  method: string;
  url: URL;
  /** Path and query as they came, which some providers' clients sign. */
  target: string;
  headers: Readonly<Record<string, string | undefined>>;
  body: Buffer;
};

export type Answer = { status: number; headers: Record<string, string>; body?: string | Uint8Array };

/** One provider of the sandbox, with its keys, its books and its notifications. */
export type ProviderSandbox<Secret> = {
  /** What the product gets as the provider's secret; the addresses in it are of this sandbox. */
  secret: Secret;
  /** Answers the provider's own addresses and its cashier; undefined if the address is none of them. */
  answer: (request: SandboxRequest) => Promise<Answer | undefined>;
  /** The page of the payment that a QR text, a client secret or an address belongs to, if it is this provider's. */
  pageOf: (code: string) => string | undefined;
  latest: (count: number) => Listed[];
  /** Everything it knows, as JSON. */
  books: () => unknown;
  stop: () => Promise<void>;
};

export type SandboxParts = {
  /** The folder of its keys and books, which survive a restart. */
  dataDir: string;
  clock: Clock;
  merchant: Merchant;
  /** The address of the merchant's webhook, for providers that are told of it on a settings page and not by each payment. */
  webhookUrlOf?: ((provider: string) => string) | undefined;
  /** The start of the sandbox's own addresses, without a slash at the end. */
  url: string;
};

export const html = (status: number, body: string): Answer => ({
  status,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body,
});

export const json = (body: string, status = 200): Answer => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body,
});

export const redirect = (location: string, status: 302 | 303 = 302): Answer => ({
  status,
  headers: { location },
});
