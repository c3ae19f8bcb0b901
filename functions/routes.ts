import { knownProviders, providerNames, secretVariable } from '../shared/payments/known-providers.ts';
import { aboutRoutes } from './routes/about.ts';
import { ordersRoutes } from './routes/orders.ts';
import { paymentsRoutes } from './routes/payments.ts';
import type { Route } from './routes/route.ts';
import { ticketsRoutes } from './routes/tickets.ts';
import { timetableRoutes } from './routes/timetable.ts';

/** What a deployment must know of payment providers; it follows from their list alone. */
export { knownProviders, providerNames, secretVariable };

/**
 * THE table of routes. API Gateway and its authorizer, the OpenAPI document and the handlers' types are made from it;
 * the names are the operation ids. Keep it light: the CDK app loads it, so models and zod only.
 */
export const routes: Readonly<Record<string, Route>> = {
  ...aboutRoutes,
  ...timetableRoutes,
  ...ordersRoutes,
  ...paymentsRoutes,
  ...ticketsRoutes,
};
