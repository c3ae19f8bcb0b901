import { knownProviders, providerNames } from '../../shared/payments/known-providers.ts';
import { route, type Route } from './route.ts';

/**
 * Payment providers report results here. Each provider has its own literal path, so other names get 404. Each provider has
 * its own format, and we verify the raw bytes, so the routes have no schema.
 */
export const paymentsRoutes: Readonly<Record<string, Route>> = Object.fromEntries(
  providerNames.map((name) => [
    `${name}Notification`,
    route({
      method: 'POST',
      path: `/v1/payment-callbacks/${name}`,
      function: `payment-callbacks/${name}`,
      caller: 'provider',
      tag: 'Payment callbacks',
      summary: `${knownProviders[name].title} reports the result of a payment; the provider signs the request and gets the answer it expects`,
      success: { status: 200, description: 'We stored the notification' },
      problems: [],
    }),
  ]),
);
