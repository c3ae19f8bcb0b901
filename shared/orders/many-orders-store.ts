import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import type { Item, Table } from '../platform/dynamo.ts';
import type { OrderId } from '../platform/ids.ts';
import { pause } from '../platform/random.ts';
import { keyOfOrder } from './change-store.ts';
import type { Order } from './model.ts';
import { orderFromItem } from './store.ts';

const ordersPerRequest = 100;

/**
 * Many orders as they stand now, by their id; those that do not exist are left out. Not `consistent`: as they stood a
 * moment ago, at half the price.
 */
export const readOrders = async (
  bookings: Table,
  orderIds: Iterable<OrderId>,
  { consistent = true }: { consistent?: boolean } = {},
): Promise<Map<OrderId, Order>> => {
  const wanted = [...new Set(orderIds)];
  const found = new Map<OrderId, Order>();
  for (let start = 0; start < wanted.length; start += ordersPerRequest) {
    let keys: Item[] = wanted.slice(start, start + ordersPerRequest).map(keyOfOrder);
    for (let attempt = 0; keys.length > 0; attempt += 1) {
      if (attempt > 0) await pause(attempt);
      const { Responses, UnprocessedKeys } = await bookings.client.send(
        new BatchGetCommand({
          RequestItems: { [bookings.name]: { Keys: keys, ConsistentRead: consistent } },
        }),
      );
      for (const item of Responses?.[bookings.name] ?? []) {
        const order = orderFromItem(item);
        found.set(order.orderId, order);
      }
      keys = UnprocessedKeys?.[bookings.name]?.Keys ?? [];
    }
  }
  return found;
};
