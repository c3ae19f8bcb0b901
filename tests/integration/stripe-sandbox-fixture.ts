import { stripeProvider } from '../../shared/payments/stripe/provider.ts';
import { openSandboxShop } from './sandbox-shop.ts';

/** A shop that takes Stripe, in euros. */
export const openStripeShop = () =>
  openSandboxShop({
    at: 'stripe',
    method: 'card',
    currency: 'EUR',
    open: (sandbox, clock) => stripeProvider({ secret: sandbox.secrets.stripe, clock }),
    pageOf: ({ paymentId }) => `/stripe/cashier/${paymentId}`,
    answer: { status: 200, body: 'ok' },
  });
