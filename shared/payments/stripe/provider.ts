import type { PaymentProvider } from '../provider.ts';
import type { Clock } from '../../platform/time.ts';
import { stripeBills } from './bill.ts';
import { beginIntent, cancelIntent, queryIntent, stripeMethods } from './intents.ts';
import { stripeCurrencies } from './model.ts';
import { readStripeNotification } from './notification.ts';
import { queryRefund, requestRefund } from './refunds.ts';
import { stripeClient, type StripeConnection } from './request.ts';

/**
 * Stripe, by PaymentIntents with the account's own methods. Our payment's id is in the metadata of the PaymentIntent, our refund
 * number in that of the refund, and each is the idempotency key of what it makes. Throws `TransientFailure` if it learnt
 * nothing, `ProviderRefusal` if the keys are wrong.
 */
export const stripeProvider = (connection: StripeConnection & { clock: Clock }): PaymentProvider => {
  const { secret, clock } = connection;
  const client = stripeClient(connection);
  return {
    name: 'stripe',
    currencies: stripeCurrencies,
    methods: stripeMethods,
    methodFor: () => 'card',
    begin: (payment, _wish, signal) => beginIntent(client, secret, payment, signal),
    query: (payment, signal) => queryIntent(client, payment, signal),
    close: (payment, signal) => cancelIntent(client, payment, signal),
    refund: (payment, refund, signal) => requestRefund(client, payment, refund, signal),
    // It has no times; so long another request of ours may still be under way.
    refundTerms: { queryAfterSeconds: 10, sendAgainAfterSeconds: 10 },
    queryRefund: (payment, refund, signal) => queryRefund(client, payment, refund, signal),
    bills: stripeBills(client, clock),
    readNotification: async (request) => readStripeNotification(request, secret.webhookSecrets),
    answers: {
      received: { statusCode: 200, contentType: 'text/plain', body: 'ok' },
      refused: { statusCode: 400, contentType: 'text/plain', body: 'refused' },
    },
  };
};
