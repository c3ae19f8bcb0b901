import { carrier } from '../../shared/platform/carrier.ts';
import { userIdSchema } from '../../shared/platform/ids.ts';
import { localDateOf } from '../../shared/platform/time.ts';
import { placeOrder, type PlaceOrderRefusal } from '../../shared/purchase/place-order.ts';
import { isBornBy } from '../../shared/users/document.ts';
import { answered, apiHandler, refused } from '../middleware/api-handler.ts';
import type { FieldError, ProblemReason } from '../middleware/problems.ts';
import { orderAnswerSchema, ordersRoutes } from '../routes/orders.ts';
import { clock, placeOrderDependencies } from '../wire/dependencies.ts';
import { orderAnswerOf } from '../wire/order-answer.ts';

/** Each way a hold can be refused, as a problem; where a field is to blame, which and why. */
const refusals: Readonly<Record<PlaceOrderRefusal, { reason: ProblemReason; field?: FieldError }>> = {
  'unknown-run': { reason: 'invalid-input', field: { field: 'runId', message: 'there is no such run' } },
  'unknown-stop': {
    reason: 'invalid-input',
    field: { field: 'from', message: 'the run does not call at both stops' },
  },
  'wrong-order': {
    reason: 'invalid-input',
    field: { field: 'to', message: 'the run calls there before `from`' },
  },
  'no-boarding': { reason: 'invalid-input', field: { field: 'from', message: 'nobody may board there' } },
  'no-alighting': { reason: 'invalid-input', field: { field: 'to', message: 'nobody may alight there' } },
  'unknown-class': {
    reason: 'invalid-input',
    field: { field: 'class', message: 'the run has no such class' },
  },
  'document-missing': {
    reason: 'invalid-input',
    field: { field: 'passengers', message: 'this carrier needs an identity document of every passenger' },
  },
  'not-on-sale': { reason: 'not-on-sale' },
  'no-fare': { reason: 'no-fare' },
  'sold-out': { reason: 'sold-out' },
  'passenger-time-conflict': { reason: 'passenger-time-conflict' },
  'too-many-open-orders': { reason: 'too-many-open-orders' },
  'key-reused': { reason: 'idempotency-key-reused' },
  'request-in-progress': { reason: 'request-in-progress' },
  busy: { reason: 'busy' },
};

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
      answer: (order) => JSON.stringify(orderAnswerOf(order, [])),
    },
  );
  if (outcome.outcome === 'rejected') {
    const { reason, field } = refusals[outcome.reason];
    return refused(reason, field && { fields: [field] });
  }
  const order = orderAnswerSchema.parse(JSON.parse(outcome.answer));
  return answered(order, 201, { location: `/v1/orders/${order.orderId}` });
});
