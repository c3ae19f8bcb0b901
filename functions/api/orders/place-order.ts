import { journeyDaysMax } from '../../../shared/orders/rules.ts';
import * as z from 'zod';
import { carrier } from '../../../shared/platform/carrier.ts';
import { orderIdSchema, userIdSchema } from '../../../shared/platform/ids.ts';
import { localDateOf } from '../../../shared/platform/time.ts';
import { placeOrder } from '../../../shared/selling/place-order.ts';
import type { PlaceOrderRefusal } from '../../../shared/selling/rules.ts';
import { isBornBy } from '../../../shared/users/document.ts';
import { apiHandler, refused, sent } from '../../middleware/api-handler.ts';
import { jsonType } from '../../middleware/write-answer.ts';
import type { FieldError, ProblemReason } from '../../middleware/problems.ts';
import { orderAnswerSchema, ordersRoutes } from '../../routes/orders.ts';
import { clock, placeOrderDependencies } from '../../compose/purchase-dependencies.ts';
import { orderAnswerOf } from '../../compose/order-answer.ts';

/** Each way a hold can be refused, as a problem; where a field is to blame, which and why. */
const refusals: Readonly<
  Record<PlaceOrderRefusal, { reason: ProblemReason; field?: FieldError; detail?: string }>
> = {
  'unknown-run': { reason: 'invalid-input', field: { field: 'runId', message: 'is not a run that we know' } },
  'unknown-stop': {
    reason: 'invalid-input',
    field: { field: 'from', message: 'the run does not stop at both stops' },
  },
  'wrong-order': {
    reason: 'invalid-input',
    field: { field: 'to', message: 'the run stops there before `from`' },
  },
  'no-boarding': {
    reason: 'invalid-input',
    field: { field: 'from', message: 'passengers cannot board at this stop' },
  },
  'no-alighting': {
    reason: 'invalid-input',
    field: { field: 'to', message: 'passengers cannot alight at this stop' },
  },
  'unknown-class': {
    reason: 'invalid-input',
    field: { field: 'class', message: 'is not a class of this run' },
  },
  'document-missing': {
    reason: 'invalid-input',
    field: { field: 'passengers', message: 'every passenger needs an identity document' },
  },
  'journey-too-long': {
    reason: 'invalid-input',
    field: { field: 'to', message: `a journey with documents takes at most ${journeyDaysMax} days` },
  },
  'not-on-sale': { reason: 'not-on-sale' },
  'no-fare': { reason: 'no-fare' },
  'sold-out': { reason: 'sold-out' },
  'passenger-time-conflict': { reason: 'passenger-time-conflict' },
  'passenger-unavailable': {
    reason: 'passenger-unavailable',
    detail: 'Please check the passengers’ documents and try again tomorrow.',
  },
  'too-many-open-orders': {
    reason: 'too-many-open-orders',
    detail: 'Please pay or cancel one of your unpaid orders first.',
  },
  'too-many-ended-orders': {
    reason: 'too-many-ended-orders',
    detail: 'You can hold seats again tomorrow. You can still pay for the orders you hold now.',
  },
  'too-many-seats': {
    reason: 'too-many-seats',
    detail: 'Please choose another run, or ask the other passengers to book with their own accounts.',
  },
  'key-reused': { reason: 'idempotency-key-reused' },
  'request-in-progress': { reason: 'request-in-progress' },
  busy: { reason: 'busy' },
};

/** All that is read of an answer, which may be of an earlier release. */
const placedSchema = z.object({ orderId: orderIdSchema });

export const handler = apiHandler(ordersRoutes.placeOrder, async ({ body, caller, idempotency }) => {
  if (!idempotency) return refused('idempotency-key-missing');
  const userId = userIdSchema.parse(caller.userId);
  const { seats, ...request } = body;
  const today = localDateOf(clock(), carrier().timeZone);
  const unborn = request.passengers.flatMap(({ document }, index): FieldError[] =>
    document && !isBornBy(document, today)
      ? [{ field: `passengers[${index}].document.number`, message: 'has a date of birth in the future' }]
      : [],
  );
  if (unborn.length > 0) return refused('invalid-input', { fields: unborn });
  const outcome = await placeOrder(placeOrderDependencies())(
    { ...request, userId, confirmedEmail: caller.email, wishes: seats ?? {} },
    {
      scope: { userId, route: 'orders', ...idempotency },
      // Checked here, once: it is stored, and whoever repeats the request gets these very bytes, also from a later release.
      answer: (order) => JSON.stringify(orderAnswerSchema.parse(orderAnswerOf(order, []))),
    },
  );
  if (outcome.outcome === 'rejected') {
    const { reason, field, detail } = refusals[outcome.reason];
    return refused(reason, { ...(field && { fields: [field] }), ...(detail && { detail }) });
  }
  const { orderId } = placedSchema.parse(JSON.parse(outcome.answer));
  return sent(jsonType, outcome.answer, { location: `/v1/orders/${orderId}` });
});
