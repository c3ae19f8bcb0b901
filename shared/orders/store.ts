import { GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { voidKeptUntil } from '../bookings/kept-until.ts';
import { idOf, kindOf } from '../bookings/keys.ts';
import { orderIdSchema, type OrderId, type UserId } from '../platform/ids.ts';
import { dueOf } from '../bookings/due.ts';
import { wayTo } from '../bookings/transitions.ts';
import { allOf } from '../platform/clauses.ts';
import { conditionally, type Item, type Table, type TransactItem } from '../platform/dynamo.ts';
import { accepted, rejected, type Accepted, type Rejected } from '../platform/outcome.ts';
import { plusSeconds, type Instant } from '../platform/time.ts';
import { keyOfOrder } from './change-store.ts';
import { issueWithinSeconds, orderSchema, orderTransitions, type Order } from './model.ts';

export const orderFromItem = (item: Item): Order => orderSchema.parse(item);

export const readOrder = async (
  bookings: Table,
  orderId: OrderId,
  { consistent = false } = {},
): Promise<Order | undefined> => {
  const { Item } = await bookings.client.send(
    new GetCommand({ TableName: bookings.name, Key: keyOfOrder(orderId), ConsistentRead: consistent }),
  );
  return Item && orderFromItem(Item);
};

/** Whether a stored item is an order: other items of the table share the partition. */
export const isOrderKey = (key: { pk?: unknown; sk?: unknown }): boolean => kindOf(key) === 'order';

/**
 * A page of a user's orders, newest first. `cursor` comes from the last page. The query asks for one order more than the
 * page shows, since DynamoDB also names a next page where nothing follows.
 */
export const listOrderIds = async (
  bookings: Table,
  userId: UserId,
  { limit, cursor }: { limit: number; cursor: { orderId: OrderId; createdAt: string } | undefined },
): Promise<{ orderIds: OrderId[]; next: { orderId: OrderId; createdAt: string } | undefined }> => {
  const { Items = [], LastEvaluatedKey } = await bookings.client.send(
    new QueryCommand({
      TableName: bookings.name,
      IndexName: 'byUser',
      KeyConditionExpression: 'userId = :user',
      ExpressionAttributeValues: { ':user': userId },
      ScanIndexForward: false,
      Limit: limit + 1,
      ...(cursor && {
        ExclusiveStartKey: { ...keyOfOrder(cursor.orderId), userId, createdAt: cursor.createdAt },
      }),
    }),
  );
  const orderOf = ({ pk }: Item): OrderId => orderIdSchema.parse(idOf(String(pk)));
  const last = Items.length > limit ? Items[limit - 1] : LastEvaluatedKey;
  return {
    orderIds: Items.slice(0, limit).map(orderOf),
    next: last && { orderId: orderOf(last), createdAt: String(last['createdAt']) },
  };
};

/** T2, the order's part: writes it if no such order exists, not even a void one. */
export const putHeldOrder = (bookings: Table, order: Order & { state: 'held' }): TransactItem => ({
  Put: {
    TableName: bookings.name,
    Item: {
      ...keyOfOrder(order.orderId),
      ...orderSchema.parse(order),
      ...dueOf(order.orderId, order.expiresAt),
    },
    ConditionExpression: allOf(wayTo(orderTransitions, 'held').condition),
  },
});

/** T2 of an entry of the waitlist, the order's part: it is born paid, and due until it is issued. */
export const putPaidOrder = (bookings: Table, order: Order & { state: 'paid' }): TransactItem => ({
  Put: {
    TableName: bookings.name,
    Item: {
      ...keyOfOrder(order.orderId),
      ...orderSchema.parse(order),
      ...dueOf(order.orderId, plusSeconds(order.createdAt, issueWithinSeconds)),
    },
    ConditionExpression: allOf(wayTo(orderTransitions, 'paid', { only: ['absent'] }).condition),
  },
});

/** After a rejection an order exists or is already void; the rejection carries it. */
export type Voided = Accepted<object> | (Rejected<'order-exists'> & { order: Order | undefined });

/** T3: makes sure that the order can never be committed. */
export const voidOrder = async (bookings: Table, orderId: OrderId, now: Instant): Promise<Voided> => {
  const order: Order = { state: 'void', orderId, voidedAt: now };
  const result = await conditionally(
    bookings.client.send(
      new PutCommand({
        TableName: bookings.name,
        Item: {
          ...keyOfOrder(orderId),
          ...order,
          ttl: voidKeptUntil(now),
        },
        ConditionExpression: allOf(wayTo(orderTransitions, 'void').condition),
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    ),
  );
  if (result.outcome === 'written') return accepted({});
  return { ...rejected('order-exists'), order: result.found && orderFromItem(result.found) };
};
