import { readOrder } from '../../../shared/orders/store.ts';
import { listRefunds } from '../../../shared/payments/refunds-store.ts';
import { listPayments } from '../../../shared/payments/store.ts';
import { listTickets } from '../../../shared/tickets/store.ts';
import { bookingsTable } from '../../../shared/platform/clients.ts';
import { answered, apiHandler, refused } from '../../middleware/api-handler.ts';
import { ordersRoutes } from '../../routes/orders.ts';
import { orderAnswerOf } from '../../compose/order-answer.ts';

/** Another user's order gets the same answer as one that does not exist. */
export const handler = apiHandler(ordersRoutes.getOrder, async ({ path, caller, languages }) => {
  const bookings = bookingsTable();
  const [order, payments, refunds, tickets] = await Promise.all([
    readOrder(bookings, path.orderId, { consistent: true }),
    listPayments(bookings, path.orderId),
    listRefunds(bookings, path.orderId),
    listTickets(bookings, path.orderId),
  ]);
  if (!order || order.state === 'void' || order.userId !== caller.userId) return refused('not-found');
  return answered(orderAnswerOf(order, payments, languages, refunds, tickets));
});
