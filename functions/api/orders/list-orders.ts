import * as z from 'zod';
import { listOrderIds, readOrder } from '../../../shared/orders/store.ts';
import { listPayments } from '../../../shared/payments/store.ts';
import { bookingsTable } from '../../../shared/platform/clients.ts';
import { orderIdSchema, userIdSchema, type OrderId } from '../../../shared/platform/ids.ts';
import { answered, apiHandler, refused } from '../../middleware/api-handler.ts';
import { ordersRoutes } from '../../routes/orders.ts';
import { orderAnswerOf } from '../../compose/order-answer.ts';

/** The start of the next page, opaque to the client. It names one of the caller's own orders and nothing else. */
const cursorSchema = z.object({ orderId: orderIdSchema, createdAt: z.iso.datetime() });
type Cursor = z.infer<typeof cursorSchema>;

const readCursor = (text: string): Cursor | undefined => {
  try {
    return cursorSchema.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
  } catch {
    return undefined;
  }
};

const writeCursor = (cursor: Cursor): string => Buffer.from(JSON.stringify(cursor)).toString('base64url');

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
