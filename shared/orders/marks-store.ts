import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { removeDue } from '../bookings/due.ts';
import { attentionFor, attentionValues, endAttention, setAttention } from '../bookings/attention.ts';
import type { OrderId } from '../platform/ids.ts';
import { accepted, rejected, type Accepted, type Outcome, type Rejected } from '../platform/outcome.ts';
import type { Instant } from '../platform/time.ts';
import { allOf, clause, type Clause } from '../platform/clauses.ts';
import { updateIf } from '../platform/conditional-writes.ts';
import { conditionally, type Table } from '../platform/dynamo.ts';
import type { Owner } from '../inventory/model.ts';
import { keyOfOrder } from './change-store.ts';
import { moveItems, type NextItem } from './item-moves.ts';
import { isReleasing, itemsOf, type Order, type OrderState, type CommittedOrder } from './model.ts';
import { readOrder } from './store.ts';

/** T17: an owner that no living item names can never become the owner of one. Rejected if an item does name it. */
export const fenceOwner = async (
  bookings: Table,
  orderId: OrderId,
  owner: Owner,
  itemIds: readonly string[],
): Promise<Outcome<object, 'owner-lives'>> => {
  const names = Object.fromEntries(itemIds.map((itemId) => [`#i${itemId}`, itemId]));
  const notLiving = itemIds.map(
    (itemId) =>
      `(NOT #items.#i${itemId}.#place.#owner = :owner AND NOT #items.#i${itemId}.#then.#owner = :owner)` +
      ` OR #items.#i${itemId}.#state IN (:releasing, :released)`,
  );
  const result = await conditionally(
    bookings.client.send(
      new UpdateCommand({
        TableName: bookings.name,
        Key: keyOfOrder(orderId),
        ConditionExpression: allOf('attribute_exists(pk)', ...notLiving),
        UpdateExpression: 'ADD fenced :owners',
        ExpressionAttributeNames: {
          '#items': 'items',
          '#place': 'place',
          '#then': 'thenPlace',
          '#owner': 'owner',
          '#state': 'state',
          ...names,
        },
        ExpressionAttributeValues: {
          ':owner': owner,
          ':owners': new Set([owner]),
          ':releasing': 'releasing',
          ':released': 'released',
        },
      }),
    ),
  );
  return result.outcome === 'written' ? accepted({}) : rejected('owner-lives');
};

const isIn = (state: OrderState): Clause =>
  clause('#state = :state', { ':state': state }, { '#state': 'state' });

/**
 * T20: the pieces of these items are certainly free; nothing is due any more. It runs even if nothing was left to
 * release: a writer with an older read may have put the order back into the index. A flag that a person must settle
 * stays. Refused if the order has changed since the read: an issued order stays issued when more of its tickets are paid
 * back, and their seats are due.
 */
export const releaseDone = async (bookings: Table, order: CommittedOrder): Promise<void> => {
  const released: NextItem = { state: 'released' };
  const items = moveItems(
    Object.fromEntries(
      itemsOf(order)
        .filter(isReleasing)
        .map(({ itemId }) => [itemId, released]),
    ),
  );
  const end = endAttention(order.attention);
  const remove = [removeDue, ...end.remove, ...items.remove];
  const set = items.set.length > 0 ? `SET ${items.set.join(', ')} ` : '';
  await updateIf(bookings, keyOfOrder(order.orderId), {
    onlyIf: [
      isIn(order.state),
      clause('size(history) = :events', { ':events': order.history.length }),
      ...end.condition.map((each) => clause(each, end.values)),
      ...items.conditions.map((each) => clause(each)),
    ],
    update: `${set}REMOVE ${remove.join(', ')}`,
    names: items.names,
    values: items.values,
  });
};

/**
 * Stores the token of the waiting workflow on a held order, for the code that will end the wait. Rejected, with the
 * current order, if the order has already left `held`.
 */
export const storeTaskToken = async (
  bookings: Table,
  orderId: OrderId,
  taskToken: string,
): Promise<Accepted<object> | (Rejected<'order-not-held'> & { order: Order | undefined })> => {
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
  if (result.outcome === 'written') return accepted({});
  return { ...rejected('order-not-held'), order: await readOrder(bookings, orderId, { consistent: true }) };
};

/** Sets the number of the next execution of an order's workflow; only the first restarter succeeds. */
export const raiseExecution = async (
  bookings: Table,
  orderId: OrderId,
  ended: number,
): Promise<Outcome<object, 'raised-before'>> => {
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
  return result.outcome === 'written' ? accepted({}) : rejected('raised-before');
};

/** Flags an order whose workflow died too often; its state stays the same. */
export const flagOrder = async (
  bookings: Table,
  order: CommittedOrder,
  why: string,
  now: Instant,
): Promise<void> => {
  const attention = attentionFor('workflow-died', why, { now, before: order.attention });
  await conditionally(
    bookings.client.send(
      new UpdateCommand({
        TableName: bookings.name,
        Key: keyOfOrder(order.orderId),
        ConditionExpression: allOf('#state IN (:held, :closing, :releasing, :paid)'),
        UpdateExpression: `SET ${setAttention}`,
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: {
          ':held': 'held',
          ':closing': 'closing',
          ':releasing': 'releasing',
          ':paid': 'paid',
          ...attentionValues(order.orderId, attention),
        },
      }),
    ),
  );
};
