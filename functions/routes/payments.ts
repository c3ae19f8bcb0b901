import { knownProviders, providerNames } from '../../shared/payments/known-providers.ts';
import { route, type Route } from './route.ts';

/**
 * Where payment providers report what happened. Each provider has its own literal path, so an unknown one is not found.
 * The bodies are the providers' own, and we verify the raw bytes, so there is no schema here.
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
