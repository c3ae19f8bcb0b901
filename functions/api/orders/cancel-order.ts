import { listPayments } from '../../../shared/payments/store.ts';
import { bookingsTable } from '../../../shared/platform/clients.ts';
import { userIdSchema } from '../../../shared/platform/ids.ts';
import { cancelOrder } from '../../../shared/selling/cancel-order.ts';
import { answered, apiHandler, refused } from '../../middleware/api-handler.ts';
import { ordersRoutes } from '../../routes/orders.ts';
import { purchaseDependencies } from '../../compose/purchase-dependencies.ts';
import { orderAnswerOf } from '../../compose/order-answer.ts';

export const handler = apiHandler(ordersRoutes.cancelOrder, async ({ path, caller, languages, timeLeft }) => {
  const userId = userIdSchema.parse(caller.userId);
  const outcome = await cancelOrder(await purchaseDependencies(timeLeft))(path.orderId, userId);
  if (outcome.outcome === 'rejected') return refused(outcome.reason);
  if (outcome.order.state === 'void') return refused('not-found');
  const payments = await listPayments(bookingsTable(), path.orderId);
  return answered(orderAnswerOf(outcome.order, payments, languages));
});
