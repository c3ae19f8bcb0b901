import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { keyOfOrder } from '../../shared/orders/change-store.ts';
import { listOrderIds } from '../../shared/orders/store.ts';
import { orderIdSchema, userIdSchema, type OrderId, type UserId } from '../../shared/platform/ids.ts';
import { newUlid } from '../../shared/platform/random.ts';
import { instantOf } from '../../shared/platform/time.ts';
import { testTables, type TestTables } from '../support/dynamo.ts';
import { sampleOrder } from '../support/sample-order.ts';

let tables: TestTables;
beforeAll(async () => {
  tables = await testTables();
});
afterAll(() => tables?.stop());

const start = Date.parse('2026-11-20T02:00:00Z');

/** So many orders of a user, a minute apart; oldest first. */
const keepOrders = async (user: string, count: number) => {
  const userId = userIdSchema.parse(user);
  const orders = Array.from({ length: count }, (_, n) => {
    const createdAt = instantOf(start + n * 60_000);
    return sampleOrder('expired', { orderId: orderIdSchema.parse(newUlid(createdAt)), userId, createdAt });
  });
  for (const order of orders) {
    await tables.bookings.client.send(
      new PutCommand({ TableName: tables.bookings.name, Item: { ...order, ...keyOfOrder(order.orderId) } }),
    );
  }
  return { userId, orders };
};

/** Every page, as a client that follows cursors sees them. */
const pagesOf = async (userId: UserId, limit: number): Promise<OrderId[][]> => {
  const pages: OrderId[][] = [];
  let cursor: Parameters<typeof listOrderIds>[2]['cursor'];
  do {
    const page = await listOrderIds(tables.bookings, userId, { limit, cursor });
    pages.push(page.orderIds);
    cursor = page.next;
  } while (cursor);
  return pages;
};

test.each([
  [1, 6],
  [2, 3],
  [4, 2],
  [6, 1],
  [50, 1],
])('six orders at %d a page are %d pages, and no empty one', async (limit, count) => {
  const { userId, orders } = await keepOrders(`user-${limit}`, 6);
  const pages = await pagesOf(userId, limit);
  expect(pages).toHaveLength(count);
  expect(pages.flat()).toEqual(orders.map(({ orderId }) => orderId).reverse());
});

test('no orders are one empty page', async () => {
  expect(await pagesOf(userIdSchema.parse('nobody'), 20)).toEqual([[]]);
});

test("a cursor of another user's order shows the caller's own orders", async () => {
  const { orders } = await keepOrders('owner', 2);
  const { userId, orders: own } = await keepOrders('reader', 3);
  const { orderId } = orders[1]!;
  const createdAt = instantOf(start + 90_000);
  const page = await listOrderIds(tables.bookings, userId, { limit: 20, cursor: { orderId, createdAt } });
  expect(page).toEqual({ orderIds: [own[1]!.orderId, own[0]!.orderId], next: undefined });
});
