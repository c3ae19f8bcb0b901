import { GetCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { orderIdSchema, type OrderId, type PaymentId, type UserId } from '../platform/ids.ts';
import { dueOf } from '../platform/due.ts';
import { allOf, conditionally, type Item, type Table, type TransactItem } from '../platform/dynamo.ts';
import { later, plusSeconds, type Instant } from '../platform/time.ts';
import type { Owner, Place } from '../inventory/model.ts';
import { changeAlone, changeOf, keyOfOrder } from './change-store.ts';
import { orderSchema, type EndReason, type Order, type OrderItem, type StandingOrder } from './model.ts';

/** An order that is paid is issued within seconds; after this long the clean-up does it. */
const issueWithinSeconds = 30;

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

/** Whether a stored item is an order; other items of the table share the partition. */
export const isOrderKey = ({ sk }: { sk: unknown }): boolean => sk === 'ORDER';

/** A page of a user's orders, newest first. `cursor` is what the last page gave. */
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
      Limit: limit,
      ...(cursor && {
        ExclusiveStartKey: { ...keyOfOrder(cursor.orderId), userId, createdAt: cursor.createdAt },
      }),
    }),
  );
  const idOf = (item: Item): OrderId => orderIdSchema.parse(String(item['pk']).slice('ORDER#'.length));
  return {
    orderIds: Items.map(idOf),
    next: LastEvaluatedKey && {
      orderId: idOf(LastEvaluatedKey),
      createdAt: String(LastEvaluatedKey['createdAt']),
    },
  };
};

/** T2, the order's part: put it if no such order exists, not even a void one. */
export const putHeldOrder = (bookings: Table, order: Order & { state: 'held' }): TransactItem => ({
  Put: {
    TableName: bookings.name,
    Item: {
      ...keyOfOrder(order.orderId),
      ...orderSchema.parse(order),
      ...dueOf(order.orderId, order.expiresAt),
    },
    ConditionExpression: 'attribute_not_exists(pk)',
  },
});

/**
 * T3: makes sure that the order can never come to be. Returns the order that stands instead, if one does: then
 * nothing was voided.
 */
export const voidOrder = async (
  bookings: Table,
  orderId: OrderId,
  now: Instant,
): Promise<Order | undefined> => {
  const order: Order = { state: 'void', orderId, voidedAt: now };
  const result = await conditionally(
    bookings.client.send(
      new PutCommand({
        TableName: bookings.name,
        Item: { ...keyOfOrder(orderId), ...order },
        ConditionExpression: 'attribute_not_exists(pk)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    ),
  );
  return result.outcome === 'written' ? undefined : result.found && orderFromItem(result.found);
};

/** T5: `held → closing`; when it is for its deadline, only once that has passed. */
export const closeOrder = (bookings: Table, orderId: OrderId, endReason: EndReason, now: Instant) =>
  changeAlone(bookings, orderId, {
    state: 'closing',
    event: 'order-closing',
    now,
    condition: ['#state = :held', ...(endReason === 'expired' ? ['expiresAt <= :now'] : [])],
    values: { ':held': 'held', ...(endReason === 'expired' && { ':now': now }) },
    set: { endReason },
    dueAt: now,
  });

/** T6, the order's part: it is held, and its hold has not run out. */
export const checkHeld = (bookings: Table, orderId: OrderId, now: Instant): TransactItem => ({
  ConditionCheck: {
    TableName: bookings.name,
    Key: keyOfOrder(orderId),
    ConditionExpression: allOf('#state = :held', 'expiresAt > :now'),
    ExpressionAttributeNames: { '#state': 'state' },
    ExpressionAttributeValues: { ':held': 'held', ':now': now },
  },
});

/** T7, the order's part: `closing → releasing`. Its payments are checked in the same transaction. */
export const giveUpSeats = (bookings: Table, orderId: OrderId, now: Instant): TransactItem => {
  const change = changeOf(bookings, orderId, {
    state: 'releasing',
    event: 'order-releasing',
    now,
    condition: ['#state = :closing', 'attribute_not_exists(paidBy)'],
    values: { ':closing': 'closing' },
    dueAt: now,
  });
  return { Update: change };
};

/** T8, the order's part: `releasing → expired | cancelled`, its items dead. */
export const endOrder = (
  bookings: Table,
  order: StandingOrder & { endReason: EndReason },
  now: Instant,
): TransactItem => ({
  Update: changeOf(bookings, order.orderId, {
    state: order.endReason,
    event: order.endReason === 'expired' ? 'order-expired' : 'order-cancelled',
    now,
    condition: ['#state = :releasing'],
    values: { ':releasing': 'releasing' },
    items: everyItem(order, { dead: true }),
    remove: ['endReason', 'taskToken'],
  }),
});

const everyItem = (order: StandingOrder, fields: Partial<Record<keyof OrderItem, unknown>>) =>
  Object.fromEntries(Object.keys(order.items).map((itemId) => [itemId, fields]));

/** T9, the order's part: `held | closing → paid` by a payment, if none has paid it. */
export const payOrder = (
  bookings: Table,
  orderId: OrderId,
  paidBy: PaymentId,
  now: Instant,
): TransactItem => ({
  Update: changeOf(bookings, orderId, {
    state: 'paid',
    event: 'order-paid',
    now,
    condition: ['#state IN (:held, :closing)', 'attribute_not_exists(paidBy)'],
    values: { ':held': 'held', ':closing': 'closing' },
    set: { paidBy },
    dueAt: plusSeconds(now, issueWithinSeconds),
    remove: ['endReason'],
  }),
});

/**
 * T10, the order's part: late money takes the same seats again. Each item gets its place with the new owner, which
 * must not have been fenced meanwhile.
 */
export const payLate = (
  bookings: Table,
  order: StandingOrder,
  paidBy: PaymentId,
  places: Readonly<Record<string, Place>>,
  now: Instant,
): TransactItem => {
  const owners = [...new Set(Object.values(places).map(({ owner }) => owner))];
  return {
    Update: changeOf(bookings, order.orderId, {
      state: 'paid',
      event: 'order-paid',
      now,
      condition: [
        '#state IN (:expired, :cancelled)',
        'attribute_not_exists(paidBy)',
        ...owners.map((_, index) => `NOT contains(fenced, :owner${index})`),
      ],
      values: {
        ':expired': 'expired',
        ':cancelled': 'cancelled',
        ...Object.fromEntries(owners.map((owner, index) => [`:owner${index}`, owner])),
      },
      set: { paidBy },
      items: Object.fromEntries(
        Object.entries(places).map(([itemId, place]) => [itemId, { place, dead: false }]),
      ),
      dueAt: plusSeconds(now, issueWithinSeconds),
    }),
  };
};

/** T13, the order's part: late money whose seats are gone. `paidBy` is set, or the order would never leave `refunding`. */
export const refundLate = (
  bookings: Table,
  orderId: OrderId,
  paidBy: PaymentId,
  now: Instant,
): TransactItem => ({
  Update: changeOf(bookings, orderId, {
    state: 'refunding',
    event: 'order-refunding',
    now,
    condition: ['#state IN (:expired, :cancelled)', 'attribute_not_exists(paidBy)'],
    values: { ':expired': 'expired', ':cancelled': 'cancelled' },
    set: { paidBy },
  }),
});

/** T15, the order's part: `paid → issued`, each item with its ticket. */
export const issueOrder = (
  bookings: Table,
  order: StandingOrder,
  ticketIds: Readonly<Record<string, string>>,
  now: Instant,
): TransactItem => ({
  Update: changeOf(bookings, order.orderId, {
    state: 'issued',
    event: 'order-issued',
    now,
    condition: ['#state = :paid'],
    values: { ':paid': 'paid' },
    items: Object.fromEntries(Object.entries(ticketIds).map(([itemId, ticketId]) => [itemId, { ticketId }])),
    remove: ['taskToken'],
  }),
});

/** T16, the order's part: `paid → refunding`, its seats to be released. */
export const refundOrder = (bookings: Table, order: StandingOrder, now: Instant): TransactItem => ({
  Update: changeOf(bookings, order.orderId, {
    state: 'refunding',
    event: 'order-refunding',
    now,
    condition: ['#state = :paid'],
    values: { ':paid': 'paid' },
    items: everyItem(order, { dead: true, releaseDue: now }),
    dueAt: now,
    remove: ['taskToken'],
  }),
});

/** T21, the order's part: `refunding → refunded`. Releases that are still due stay due. */
export const markRefunded = (bookings: Table, order: StandingOrder, now: Instant): TransactItem => ({
  Update: changeOf(bookings, order.orderId, {
    state: 'refunded',
    event: 'order-refunded',
    now,
    condition: ['#state = :refunding'],
    values: { ':refunding': 'refunding' },
    dueAt: Object.values(order.items).some(({ releaseDue }) => releaseDue)
      ? later(now, order.dueAt ?? now)
      : undefined,
  }),
});

/** T17: an owner that no living item names can never become the owner of one. False when one does after all. */
export const fenceOwner = async (
  bookings: Table,
  orderId: OrderId,
  owner: Owner,
  itemIds: readonly string[],
): Promise<boolean> => {
  const names = Object.fromEntries(itemIds.map((itemId) => [`#i${itemId}`, itemId]));
  const dead = itemIds.map(
    (itemId) =>
      `NOT #items.#i${itemId}.#place.#owner = :owner OR #items.#i${itemId}.dead = :true OR #state IN (:releasing, :expired, :cancelled, :refunding, :refunded)`,
  );
  const result = await conditionally(
    bookings.client.send(
      new UpdateCommand({
        TableName: bookings.name,
        Key: keyOfOrder(orderId),
        ConditionExpression: allOf('attribute_exists(pk)', ...dead),
        UpdateExpression: 'ADD fenced :owners',
        ExpressionAttributeNames: {
          '#items': 'items',
          '#place': 'place',
          '#owner': 'owner',
          '#state': 'state',
          ...names,
        },
        ExpressionAttributeValues: {
          ':owner': owner,
          ':owners': new Set([owner]),
          ':true': true,
          ':releasing': 'releasing',
          ':expired': 'expired',
          ':cancelled': 'cancelled',
          ':refunding': 'refunding',
          ':refunded': 'refunded',
        },
      }),
    ),
  );
  return result.outcome === 'written';
};

/**
 * T20: the pieces of these items are definitely free; nothing is due any more. That nothing was left to release is no
 * reason to stop: the order may have been put back in the index by a writer that had read it before.
 */
export const releaseDone = async (bookings: Table, order: StandingOrder): Promise<void> => {
  const released = Object.values(order.items).filter(({ releaseDue }) => releaseDue);
  const remove = ['dueShard', 'dueAt', ...released.map(({ itemId }) => `#items.#i${itemId}.releaseDue`)];
  await conditionally(
    bookings.client.send(
      new UpdateCommand({
        TableName: bookings.name,
        Key: keyOfOrder(order.orderId),
        ConditionExpression: allOf('#state = :state'),
        UpdateExpression: `REMOVE ${remove.join(', ')}`,
        ExpressionAttributeNames: {
          '#state': 'state',
          ...(released.length > 0 && { '#items': 'items' }),
          ...Object.fromEntries(released.map(({ itemId }) => [`#i${itemId}`, itemId])),
        },
        ExpressionAttributeValues: { ':state': order.state },
      }),
    ),
  );
};

/**
 * Leaves the token of the waiting workflow on a held order, for whoever ends the wait. Returns nothing when it was
 * kept, else the order as it stands.
 */
export const keepTaskToken = async (
  bookings: Table,
  orderId: OrderId,
  taskToken: string,
): Promise<Order | undefined> => {
  const result = await conditionally(
    bookings.client.send(
      new UpdateCommand({
        TableName: bookings.name,
        Key: keyOfOrder(orderId),
        ConditionExpression: allOf('#state = :held'),
        UpdateExpression: 'SET taskToken = :token',
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: { ':held': 'held', ':token': taskToken },
      }),
    ),
  );
  return result.outcome === 'written' ? undefined : readOrder(bookings, orderId, { consistent: true });
};

/** The next execution of an order's workflow, for the one restarter that is first; false for the others. */
export const raiseExecution = async (bookings: Table, orderId: OrderId, ended: number): Promise<boolean> => {
  const result = await conditionally(
    bookings.client.send(
      new UpdateCommand({
        TableName: bookings.name,
        Key: keyOfOrder(orderId),
        ConditionExpression: allOf('execution = :ended'),
        UpdateExpression: 'SET execution = :next',
        ExpressionAttributeValues: { ':ended': ended, ':next': ended + 1 },
      }),
    ),
  );
  return result.outcome === 'written';
};

/** Shows an order to a person; its state stays what it is. */
export const callAttention = async (bookings: Table, orderId: OrderId, why: string): Promise<void> => {
  await conditionally(
    bookings.client.send(
      new UpdateCommand({
        TableName: bookings.name,
        Key: keyOfOrder(orderId),
        ConditionExpression: allOf('attribute_exists(pk)'),
        UpdateExpression: 'SET needsAttention = :why',
        ExpressionAttributeValues: { ':why': why },
      }),
    ),
  );
};
