import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { bookingKey } from '../bookings/keys.ts';
import { dueOf, removeDue } from '../bookings/due.ts';
import { allOf } from '../platform/clauses.ts';
import { conditionally, type Item, type Table } from '../platform/dynamo.ts';
import { wayTo } from '../bookings/transitions.ts';
import type { OrderId } from '../platform/ids.ts';
import { accepted, rejected, type Accepted, type Rejected } from '../platform/outcome.ts';
import type { Instant } from '../platform/time.ts';
import { moveItems, type NextItems } from './item-moves.ts';
import {
  orderSchema,
  orderTransitions,
  type Order,
  type OrderEvent,
  type OrderIn,
  type OrderState,
  type CommittedOrder,
} from './model.ts';

/** Table `Bookings`: the order, with its items and its history, is `ORDER#<orderId>` / `ORDER`. */
export const keyOfOrder = (orderId: OrderId) => bookingKey('order', orderId);

export type Change = {
  state: OrderState;
  /** Only from these states; without this, from all states from which the table of transitions allows the change. */
  from?: readonly OrderState[];
  event: OrderEvent;
  now: Instant;
  /** The conditions besides the state. */
  condition?: string[];
  values?: Item;
  set?: Item;
  items?: NextItems;
  dueAt?: Instant | undefined;
  remove?: string[];
};

/**
 * An update of an order to a new state, by a transition of its table: the same write appends the event, so that neither
 * exists alone.
 */
export const changeOf = (bookings: Table, orderId: OrderId, change: Change) => {
  const items = moveItems(change.items ?? {});
  const way = wayTo(orderTransitions, change.state, { ...(change.from && { only: change.from }) });
  const values: Item = {
    ...way.values,
    ...items.values,
    ':event': [{ at: change.now, event: change.event }],
    ...change.values,
  };
  const set = [`#state = :${change.state}`, 'history = list_append(history, :event)', ...items.set];
  const remove = [...(change.remove ?? []), ...items.remove];
  const due = change.dueAt && dueOf(orderId, change.dueAt);
  if (!due) remove.push(removeDue);
  for (const [name, value] of Object.entries({ ...change.set, ...due })) {
    values[`:${name}`] = value;
    set.push(`${name} = :${name}`);
  }
  return {
    TableName: bookings.name,
    Key: keyOfOrder(orderId),
    ConditionExpression: allOf(way.condition, ...(change.condition ?? []), ...items.conditions),
    UpdateExpression: `SET ${set.join(', ')}${remove.length > 0 ? ` REMOVE ${remove.join(', ')}` : ''}`,
    ExpressionAttributeNames: { '#state': 'state', ...items.names },
    ExpressionAttributeValues: values,
  };
};

/** The order after a written change: the order as read, with the change applied. */
export const orderAfter = <To extends CommittedOrder['state']>(
  order: CommittedOrder,
  change: Change & { state: To },
): OrderIn<To> => {
  const { dueAt: _dueAt, ...kept } = order;
  const removed = new Set(change.remove);
  const after = {
    ...Object.fromEntries(Object.entries(kept).filter(([name]) => !removed.has(name))),
    ...change.set,
    state: change.state,
    dueAt: change.dueAt,
    history: [...order.history, { at: change.now, event: change.event }],
    items: Object.fromEntries(
      Object.entries(order.items).map(([itemId, item]) => [itemId, { ...item, ...change.items?.[itemId] }]),
    ),
  };
  return orderSchema.parse(after) as OrderIn<To>;
};

/** Runs a change on its own. A rejection carries the current order. */
export const changeAlone = async (
  bookings: Table,
  orderId: OrderId,
  change: Change,
): Promise<Accepted<{ order: Order }> | (Rejected<'changed-meanwhile'> & { order: Order | undefined })> => {
  const update = new UpdateCommand({
    ...changeOf(bookings, orderId, change),
    ReturnValues: 'ALL_NEW',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  let after: Item | undefined;
  const result = await conditionally(
    bookings.client.send(update).then(({ Attributes }) => {
      after = Attributes;
    }),
  );
  if (result.outcome === 'written') return accepted({ order: orderSchema.parse(after) });
  return { ...rejected('changed-meanwhile'), order: result.found && orderSchema.parse(result.found) };
};
