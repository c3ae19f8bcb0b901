import { join } from 'node:path';
import { openCashier } from '../cashier-sandbox.ts';
import type { ProviderSandbox, SandboxParts } from '../provider-sandbox.ts';
import { sandboxKeys } from './keys.ts';
import { pageOfSecret, stripeSite } from './site.ts';
import { isTaken, retryAfterSeconds, signedEvent, teller } from './tell.ts';

export type StripeKeys = {
  secretKey: string;
  publishableKey: string;
  webhookSecrets: string[];
  gateway: string;
};

/**
 * Stripe's API: PaymentIntents (create, retrieve, search by our metadata, cancel) and refunds, with idempotency keys; charges and
 * balance transactions, which are the bill. Its events go to the address of `webhookUrlOf`. What a buyer or a
 * program in a buyer's place does:
 *
 * - `GET /scan?code=<client secret>`: the cashier's page, in place of Stripe's own form.
 * - `GET /stripe/cashier/{our number}`, and `POST …/{action}` with the actions of every cashier.
 */
export const stripeSandbox = (given: SandboxParts): ProviderSandbox<StripeKeys> => {
  const { dataDir, clock, url } = given;
  const keys = sandboxKeys(dataDir);
  const { parts, rest } = openCashier(given, {
    booksFile: join(dataDir, 'stripe-books.sqlite'),
    cashier: {
      name: 'Stripe',
      heading: '银行卡沙箱 · Stripe sandbox',
      addressOf: ({ outTradeNo }) => `/stripe/cashier/${encodeURIComponent(outTradeNo)}`,
    },
    tell: teller(given.webhookUrlOf?.('stripe')),
    sign: (delivery) => signedEvent(delivery, keys, clock()),
    isTaken,
    retryAfterSeconds,
    returnAddress: ({ returnUrl }) => returnUrl,
  });
  const { secretKey, publishableKey, webhookSecret } = keys;
  return {
    secret: { secretKey, publishableKey, webhookSecrets: [webhookSecret], gateway: url },
    answer: stripeSite({ ...parts, keys }),
    pageOf: (code) => pageOfSecret(code, parts),
    ...rest,
  };
};
