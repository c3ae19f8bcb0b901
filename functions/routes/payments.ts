import { knownProviders, providerNames } from '../../shared/payments/known-providers.ts';
import { route, type Route } from './route.ts';

/**
 * Where payment providers tell what happened. One literal path per provider: an unknown one is simply not found. The
 * bodies are the providers' own and are verified on the raw bytes, so no schema stands here.
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
      summary: `${knownProviders[name].title} tells what became of a payment: signed by it, and answered in its own words`,
      success: { status: 200, description: 'The notification is stored' },
      problems: [],
    }),
  ]),
);
