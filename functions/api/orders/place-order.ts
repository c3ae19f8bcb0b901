import * as z from 'zod';
import { carrier } from '../../../shared/platform/carrier-of-deployment.ts';
import { orderIdSchema, userIdSchema } from '../../../shared/platform/ids.ts';
import { localDateOf } from '../../../shared/platform/time.ts';
import { placeOrder } from '../../../shared/selling/place-order.ts';
import { apiHandler, refused, sent } from '../../middleware/api-handler.ts';
import { jsonType } from '../../middleware/write-answer.ts';
import { orderAnswerSchema, ordersRoutes } from '../../routes/orders.ts';
import { clock, placeOrderDependencies } from '../../compose/purchase-dependencies.ts';
import { orderAnswerOf } from '../../compose/order-answer.ts';
import { refusedHold } from '../../compose/refused-hold.ts';
import { unbornPassengers } from '../../compose/unborn-passengers.ts';

/** The one field that we read from a stored answer, since an earlier release may have written it. */
const placedSchema = z.object({ orderId: orderIdSchema });

export const handler = apiHandler(
  ordersRoutes.placeOrder,
  async ({ body, caller, languages, idempotency }) => {
    if (!idempotency) return refused('idempotency-key-missing');
    const userId = userIdSchema.parse(caller.userId);
    const { seats, ...request } = body;
    const today = localDateOf(clock(), carrier().timeZone);
    const unborn = unbornPassengers(request.passengers, today);
    if (unborn.length > 0) return refused('invalid-input', { fields: unborn });
    const outcome = await placeOrder(placeOrderDependencies())(
      { ...request, userId, confirmedEmail: caller.email, wishes: seats ?? {} },
      {
        scope: { userId, route: 'orders', ...idempotency },
        // The schema checks it once, here: we store these bytes, and a repeated request gets them, even from a later release.
        answer: (order) => JSON.stringify(orderAnswerSchema.parse(orderAnswerOf(order, [], languages))),
      },
    );
    if (outcome.outcome === 'rejected') return refusedHold(outcome);
    const { orderId } = placedSchema.parse(JSON.parse(outcome.answer));
    return sent(jsonType, outcome.answer, { location: `/v1/orders/${orderId}` });
  },
);
