import { journeyDaysMax } from '../../../shared/orders/rules.ts';
import * as z from 'zod';
import { carrier } from '../../../shared/platform/carrier-of-deployment.ts';
import { orderIdSchema, userIdSchema, type ServiceDate } from '../../../shared/platform/ids.ts';
import { localDateOf } from '../../../shared/platform/time.ts';
import { blamedPath } from '../../../shared/selling/decide-party.ts';
import type { OrderRequest } from '../../../shared/selling/draft-order.ts';
import { placeOrder } from '../../../shared/selling/place-order.ts';
import type { PlaceOrderRefusal } from '../../../shared/selling/rules.ts';
import { isBornBy } from '../../../shared/users/document.ts';
import { apiHandler, refused, sent } from '../../middleware/api-handler.ts';
import { jsonType } from '../../middleware/write-answer.ts';
import type { FieldError, ProblemReason } from '../../middleware/problems.ts';
import { orderAnswerSchema, ordersRoutes } from '../../routes/orders.ts';
import { clock, placeOrderDependencies } from '../../compose/purchase-dependencies.ts';
import { orderAnswerOf } from '../../compose/order-answer.ts';

/** Each reason to refuse a hold, as a problem; if a field is wrong, which one and why. */
const refusals: Readonly<Record<PlaceOrderRefusal, { reason: ProblemReason; field?: FieldError }>> = {
  'unknown-run': {
    reason: 'invalid-input',
    field: { field: 'runId', message: 'is not a run of this timetable' },
  },
  'unknown-stop': {
    reason: 'invalid-input',
    field: { field: 'from', message: 'must be a stop of this run, and so must `to`' },
  },
  'wrong-order': {
    reason: 'invalid-input',
    field: { field: 'to', message: 'must come after `from` on this run' },
  },
  'no-boarding': {
    reason: 'invalid-input',
    field: { field: 'from', message: 'is a stop where passengers cannot board' },
  },
  'no-alighting': {
    reason: 'invalid-input',
    field: { field: 'to', message: 'is a stop where passengers cannot alight' },
  },
  'unknown-class': {
    reason: 'invalid-input',
    field: { field: 'class', message: 'is not a class of this run' },
  },
  'unknown-passenger-type': {
    reason: 'invalid-input',
    field: {
      field: 'passengers[].type',
      message: 'must be a passenger type of this carrier: GET /v1/carrier lists them',
    },
  },
  unaccompanied: {
    reason: 'invalid-input',
    field: {
      field: 'passengers[].type',
      message: 'may not travel alone: GET /v1/carrier says with whom',
    },
  },
  'too-few-companions': {
    reason: 'invalid-input',
    field: {
      field: 'passengers[].type',
      message:
        'is one too many for the passengers who travel along: GET /v1/carrier says how many each may have',
    },
  },
  'document-missing': {
    reason: 'invalid-input',
    field: { field: 'passengers[].document', message: 'must each have an identity document' },
  },
  'document-not-asked': {
    reason: 'invalid-input',
    field: {
      field: 'passengers[].document',
      message: 'must be left out: this carrier asks for no documents',
    },
  },
  'document-kind-not-taken': {
    reason: 'invalid-input',
    field: {
      field: 'passengers[].document',
      message: 'is of a kind that this carrier does not take: GET /v1/carrier lists the kinds',
    },
  },
  'age-not-of-type': {
    reason: 'invalid-input',
    field: {
      field: 'passengers[].type',
      message: 'does not fit the age of the passenger on the day of departure',
    },
  },
  'age-not-proven': {
    reason: 'invalid-input',
    field: {
      field: 'passengers[].document',
      message: 'must be one that tells the date of birth, which this passenger type needs',
    },
  },
  'has-no-seat': {
    reason: 'invalid-input',
    field: {
      field: 'passengers[].type',
      message: 'has no seat: name such a passenger in `onLap` of the one who holds them',
    },
  },
  'not-on-lap': {
    reason: 'invalid-input',
    field: {
      field: 'passengers[].onLap',
      message: 'has somebody who needs a seat or somebody else’s lap: GET /v1/carrier says who may hold whom',
    },
  },
  'unknown-locale': {
    reason: 'invalid-input',
    field: {
      field: 'contact.locale',
      message: 'is not a language of this carrier: GET /v1/carrier lists them',
    },
  },
  'journey-too-long': {
    reason: 'invalid-input',
    field: {
      field: 'to',
      message: `must be at most ${journeyDaysMax} days after \`from\` if passengers have documents`,
    },
  },
  'not-on-sale': { reason: 'not-on-sale' },
  'no-fare': { reason: 'no-fare' },
  'sold-out': { reason: 'sold-out' },
  'passenger-time-conflict': { reason: 'passenger-time-conflict' },
  'passenger-unavailable': { reason: 'passenger-unavailable' },
  'too-many-open-orders': { reason: 'too-many-open-orders' },
  'too-many-ended-orders': { reason: 'too-many-ended-orders' },
  'too-many-seats': { reason: 'too-many-seats' },
  'key-reused': { reason: 'idempotency-key-reused' },
  'request-in-progress': { reason: 'request-in-progress' },
  busy: { reason: 'busy' },
};

/** The one field that we read from a stored answer, since an earlier release may have written it. */
const placedSchema = z.object({ orderId: orderIdSchema });

const unbornFault = (
  { document }: OrderRequest['passengers'][number],
  path: string,
  today: ServiceDate,
): FieldError[] =>
  document && !isBornBy(document, today)
    ? [{ field: `${path}.document.number`, message: 'contains a date of birth in the future' }]
    : [];

export const handler = apiHandler(
  ordersRoutes.placeOrder,
  async ({ body, caller, languages, idempotency }) => {
    if (!idempotency) return refused('idempotency-key-missing');
    const userId = userIdSchema.parse(caller.userId);
    const { seats, ...request } = body;
    const today = localDateOf(clock(), carrier().timeZone);
    const unborn = request.passengers.flatMap((passenger, index): FieldError[] => [
      ...unbornFault(passenger, `passengers[${index}]`, today),
      ...(passenger.onLap ?? []).flatMap((person, at) =>
        unbornFault(person, `passengers[${index}].onLap[${at}]`, today),
      ),
    ]);
    if (unborn.length > 0) return refused('invalid-input', { fields: unborn });
    const outcome = await placeOrder(placeOrderDependencies())(
      { ...request, userId, confirmedEmail: caller.email, wishes: seats ?? {} },
      {
        scope: { userId, route: 'orders', ...idempotency },
        // The schema checks it once, here: we store these bytes, and a repeated request gets them, even from a later release.
        answer: (order) => JSON.stringify(orderAnswerSchema.parse(orderAnswerOf(order, [], languages))),
      },
    );
    if (outcome.outcome === 'rejected') {
      const { reason, field } = refusals[outcome.reason];
      const at = blamedPath(outcome);
      return refused(reason, field && { fields: [{ ...field, field: field.field.replace('[]', at) }] });
    }
    const { orderId } = placedSchema.parse(JSON.parse(outcome.answer));
    return sent(jsonType, outcome.answer, { location: `/v1/orders/${orderId}` });
  },
);
