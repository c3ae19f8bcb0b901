import { atRest } from '../bookings/due.ts';
import { allOf } from '../platform/clauses.ts';
import type { Item, Table, TransactItem } from '../platform/dynamo.ts';
import type { OrderId } from '../platform/ids.ts';
import { queryAll } from '../platform/query-all.ts';
import { keyOfOrder } from './change-store.ts';

/** Every current item of an order, of any kind. */
export const readWholeOrder = (bookings: Table, orderId: OrderId): Promise<Item[]> =>
  queryAll(bookings, keyOfOrder(orderId).pk, '', { consistent: true });

/** The item has no end yet: its order's years are not over. */
export const staysOn = { condition: 'attribute_not_exists(#ttl)', names: { '#ttl': 'ttl' } } as const;

/** Whether an item, as it was found, is leaving with its order. */
export const isLeaving = (item: Item | undefined): boolean => item?.['ttl'] !== undefined;

/** Sets the end of an item of an order, of any kind: it must be at rest, and in the same state as at the read. */
export const setEnd = (bookings: Table, { pk, sk, state }: Item, ttl: number): TransactItem => ({
  Update: {
    TableName: bookings.name,
    Key: { pk, sk },
    ConditionExpression: allOf(
      'attribute_exists(pk)',
      state === undefined ? 'attribute_not_exists(#state)' : '#state = :state',
      ...atRest,
    ),
    UpdateExpression: 'SET #ttl = :ttl',
    ExpressionAttributeNames: { '#ttl': 'ttl', '#state': 'state' },
    ExpressionAttributeValues: { ':ttl': ttl, ...(state !== undefined && { ':state': state }) },
  },
});

/** Removes an item's end. */
export const removeEnd = (bookings: Table, { pk, sk }: Item): TransactItem => ({
  Update: {
    TableName: bookings.name,
    Key: { pk, sk },
    ConditionExpression: allOf('attribute_exists(pk)'),
    UpdateExpression: 'REMOVE #ttl',
    ExpressionAttributeNames: { '#ttl': 'ttl' },
  },
});
