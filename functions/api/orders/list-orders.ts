import { listOrderIds, readOrder } from '../../../shared/orders/store.ts';
import { listPayments } from '../../../shared/payments/store.ts';
import { bookingsTable } from '../../../shared/platform/clients.ts';
import { userIdSchema, type OrderId } from '../../../shared/platform/ids.ts';
import { answered, apiHandler, refused } from '../../middleware/api-handler.ts';
import { ordersRoutes } from '../../routes/orders.ts';
import { readCursor, writeCursor } from '../../compose/order-cursor.ts';
import { orderAnswerOf } from '../../compose/order-answer.ts';

export const handler = apiHandler(ordersRoutes.listOrders, async ({ query, caller, languages }) => {
  const bookings = bookingsTable();
  const cursor = query.cursor === undefined ? undefined : readCursor(query.cursor);
  if (query.cursor !== undefined && !cursor) {
    return refused('invalid-input', {
      fields: [{ field: 'cursor', message: 'must be the cursor of an earlier page' }],
    });
  }
  const userId = userIdSchema.parse(caller.userId);
  const page = await listOrderIds(bookings, userId, { limit: query.limit, cursor });
  const orders = await Promise.all(
    page.orderIds.map(async (orderId: OrderId) => {
      const [order, payments] = await Promise.all([
        readOrder(bookings, orderId),
        listPayments(bookings, orderId),
      ]);
      return order && order.state !== 'void' && order.userId === userId
        ? [orderAnswerOf(order, payments, languages)]
        : [];
    }),
  );
  return answered({ orders: orders.flat(), ...(page.next && { cursor: writeCursor(page.next) }) });
});
