import { knownProviders, providerNames, secretVariable } from '../shared/payments/known-providers.ts';
import { aboutRoutes } from './routes/about.ts';
import { exchangesRoutes } from './routes/exchanges.ts';
import { frontHeader } from './routes/front.ts';
import { gateRoutes } from './routes/gate.ts';
import { operatorRoutes } from './routes/operator.ts';
import { ordersRoutes } from './routes/orders.ts';
import { paymentsRoutes } from './routes/payments.ts';
import { refundsRoutes } from './routes/refunds.ts';
import type { Route } from './routes/route.ts';
import { ticketsRoutes } from './routes/tickets.ts';
import { timetableRoutes } from './routes/timetable.ts';
import { waitlistRoutes } from './routes/waitlist.ts';

/** What a deployment must know about payment providers; everything follows from their list. */
export { knownProviders, providerNames, secretVariable };

/** What a deployment with a distribution in front must know. */
export { frontHeader };

/**
 * THE table of routes, by operation id. API Gateway, its authorizer, the OpenAPI document and the handlers' types come from
 * it. The CDK app loads it, so import only models and zod here.
 */
export const routes: Readonly<Record<string, Route>> = {
  ...aboutRoutes,
  ...timetableRoutes,
  ...ordersRoutes,
  ...paymentsRoutes,
  ...refundsRoutes,
  ...exchangesRoutes,
  ...ticketsRoutes,
  ...gateRoutes,
  ...operatorRoutes,
  ...waitlistRoutes,
};
