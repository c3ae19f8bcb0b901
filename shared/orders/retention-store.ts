import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { bookingKey } from '../bookings/keys.ts';
import { removeAttention } from '../bookings/attention.ts';
import { atRest, dueOf, dueValues, removeDue, setDue } from '../bookings/due.ts';
import { allOf } from '../platform/clauses.ts';
import { conditionally, type Item, type Table, type TransactItem } from '../platform/dynamo.ts';
import type { OrderId } from '../platform/ids.ts';
import type { Instant } from '../platform/time.ts';
import { keyOfOrder } from './change-store.ts';
import type { CommittedOrder } from './model.ts';
import { retentionSchema, strippedPassenger, type Retention } from './retention.ts';

/** Table `Bookings`: `ORDER#<orderId>` / `RETENTION`, in the index of due items until its order's data has ended. */
export const keyOfRetention = (orderId: OrderId) => bookingKey('retention', orderId);

export const retentionFromItem = (item: Item): Retention => retentionSchema.parse(item);

/** Half of the key of an order's documents; undefined once its personal data has ended. */
export const readDocumentKey = async (bookings: Table, orderId: OrderId): Promise<string | undefined> => {
  const { Item } = await bookings.client.send(
    new GetCommand({ TableName: bookings.name, Key: keyOfRetention(orderId), ConsistentRead: true }),
  );
  return Item && retentionFromItem(Item).documentKey;
};

/** T2, the end of the order's data: every committed order has one. */
export const putRetention = (
  bookings: Table,
  orderId: OrderId,
  { documentKey, dueAt }: { documentKey: string; dueAt: Instant },
): TransactItem => ({
  Put: {
    TableName: bookings.name,
    Item: {
      ...keyOfRetention(orderId),
      ...retentionSchema.parse({ orderId, state: 'whole', documentKey }),
      ...dueOf(orderId, dueAt),
    },
  },
});

const stepOf = (
  bookings: Table,
  seen: Retention,
  step: { state: Retention['state']; next: Instant; set?: string; remove?: string; values?: Item },
): TransactItem => {
  const due = dueValues(seen.orderId, step.next);
  return {
    Update: {
      TableName: bookings.name,
      Key: keyOfRetention(seen.orderId),
      ConditionExpression: allOf('#state = :seen', 'dueAt = :seenDue'),
      UpdateExpression: `SET #state = :state, ${setDue}${step.set ?? ''} REMOVE ${removeAttention}${step.remove ?? ''}`,
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: {
        ':seen': seen.state,
        ':seenDue': seen.dueAt,
        ':state': step.state,
        ...due,
        ...step.values,
      },
    },
  };
};

/** `whole → stripped`. Without its half of the key, copies of the sealed documents are noise too. */
export const markStripped = (bookings: Table, seen: Retention, next: Instant): TransactItem =>
  stepOf(bookings, seen, { state: 'stripped', next, remove: ', documentKey' });

/** `stripped → leaving`: all other items of the order end at `endsAt`. */
export const markLeaving = (bookings: Table, seen: Retention, endsAt: number, next: Instant): TransactItem =>
  stepOf(bookings, seen, {
    state: 'leaving',
    next,
    set: ', endsAt = :endsAt',
    values: { ':endsAt': endsAt },
  });

/** `leaving → stripped`: part of the order moves again. */
export const markKeptOn = (bookings: Table, seen: Retention, next: Instant): TransactItem =>
  stepOf(bookings, seen, { state: 'stripped', next, remove: ', endsAt' });

const change = async (
  bookings: Table,
  seen: Retention,
  expression: string,
  values: Item,
  names?: Record<string, string>,
): Promise<void> => {
  await conditionally(
    bookings.client.send(
      new UpdateCommand({
        TableName: bookings.name,
        Key: keyOfRetention(seen.orderId),
        ConditionExpression: allOf('dueAt = :seenDue'),
        UpdateExpression: expression,
        ...(names && { ExpressionAttributeNames: names }),
        ExpressionAttributeValues: { ':seenDue': seen.dueAt, ...values },
      }),
    ),
  );
};

/** The order is not at rest yet: the clean-up looks again later. */
export const lookAgain = (bookings: Table, seen: Retention, until: Instant): Promise<void> =>
  change(bookings, seen, `SET dueAt = :until REMOVE ${removeAttention}`, { ':until': until });

/** `leaving → over`: this item ends like the others. */
export const markOver = (bookings: Table, seen: Retention, ttl: number): Promise<void> =>
  change(
    bookings,
    seen,
    `SET #state = :over, #ttl = :ttl REMOVE ${removeDue}, ${removeAttention}`,
    { ':over': 'over', ':ttl': ttl },
    { '#state': 'state', '#ttl': 'ttl' },
  );

/**
 * The order's part of stripping it: it no longer identifies anybody. It must be at rest, in the same state as at the
 * read.
 */
export const stripOrder = (bookings: Table, order: CommittedOrder): TransactItem => {
  const items = Object.values(order.items);
  return {
    Update: {
      TableName: bookings.name,
      Key: keyOfOrder(order.orderId),
      ConditionExpression: allOf('#state = :state', ...atRest),
      UpdateExpression:
        `SET ${items.map(({ itemId }) => `#items.#i${itemId}.passenger = :p${itemId}`).join(', ')}` +
        ' REMOVE contact, contactConfirmed, taskToken',
      ExpressionAttributeNames: {
        '#state': 'state',
        '#items': 'items',
        ...Object.fromEntries(items.map(({ itemId }) => [`#i${itemId}`, itemId])),
      },
      ExpressionAttributeValues: {
        ':state': order.state,
        ...Object.fromEntries(
          items.map(({ itemId, passenger }) => [`:p${itemId}`, strippedPassenger(passenger)]),
        ),
      },
    },
  };
};
