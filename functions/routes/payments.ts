import { knownProviders, providerNames } from '../../shared/payments/known-providers.ts';
import * as z from 'zod';
import { methodSchema, paymentActionSchema, providerSchema } from '../../shared/payments/model.ts';
import { currencySchema } from '../../shared/platform/money.ts';
import { route, type Route } from './route.ts';

const actionKinds = paymentActionSchema.options.map(({ shape }) => shape.kind.value);

const methodsView = z
  .object({
    currency: currencySchema,
    providers: z.array(
      z.object({
        provider: providerSchema,
        title: z.string(),
        methods: z
          .array(
            z.object({
              method: methodSchema,
              action: z.enum(actionKinds).meta({ description: 'What the client gets to do' }),
              needs: z
                .array(z.enum(['openid']))
                .meta({ description: 'What a payment request must have as well' }),
            }),
          )
          .min(1),
        fits: methodSchema.meta({ description: 'The method that fits this device' }),
      }),
    ),
  })
  .meta({ id: 'PaymentMethods' });

export const paymentMethodsRoute = route({
  method: 'GET',
  path: '/v1/payment-methods',
  function: 'api/payments/list-methods',
  caller: 'anyone',
  tag: 'Payments',
  summary: 'How passengers can pay here, in the carrier’s currency',
  success: {
    status: 200,
    description: 'The providers that are switched on; none if the carrier cannot take payments yet',
    body: methodsView,
  },
  problems: [],
});

/**
 * Payment providers report results here. Each provider has its own literal path, so other names get 404. Each provider has
 * its own format, and we verify the raw bytes, so the routes have no schema.
 */
const callbackRoutes: Readonly<Record<string, Route>> = Object.fromEntries(
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

export const paymentsRoutes: Readonly<Record<string, Route>> = {
  listPaymentMethods: paymentMethodsRoute,
  ...callbackRoutes,
};
