import { dueValues, setDue } from '../bookings/due.ts';
import { allOf } from '../platform/clauses.ts';
import type { Table, TransactItem } from '../platform/dynamo.ts';
import type { ItemId, OfferId, OrderId } from '../platform/ids.ts';
import type { Instant } from '../platform/time.ts';
import { keyOfOrder } from './change-store.ts';
import { moveItems, type NextItem } from './item-moves.ts';
import { staysOn } from './partition-store.ts';
import type { HistoryEntry } from './model.ts';

/** `event`: what became of the tickets of these items. */
type GivenUp = {
  itemIds: readonly ItemId[];
  offerId: OfferId;
  event: 'tickets-refunded' | 'tickets-exchanged';
  now: Instant;
};

/**
 * T15, T18, T19, the part of the order whose tickets end: the order stays `issued`, and these items give their seats up. The
 * same write appends the event. Refused for an order that is leaving, as T40 is.
 */
export const giveUpItems = (
  bookings: Table,
  orderId: OrderId,
  { itemIds, offerId, event: name, now }: GivenUp,
): TransactItem => {
  const next: NextItem = { state: 'releasing', releaseDue: now };
  const items = moveItems(Object.fromEntries(itemIds.map((itemId) => [itemId, next])), {
    only: ['ticketed'],
  });
  const event: HistoryEntry = { at: now, event: name, subject: offerId };
  const set = ['history = list_append(history, :event)', setDue, ...items.set];
  return {
    Update: {
      TableName: bookings.name,
      Key: keyOfOrder(orderId),
      ConditionExpression: allOf('#state = :issued', staysOn.condition, ...items.conditions),
      UpdateExpression: `SET ${set.join(', ')}`,
      ExpressionAttributeNames: { ...items.names, ...staysOn.names },
      ExpressionAttributeValues: {
        ...items.values,
        ...dueValues(orderId, now),
        ':issued': 'issued',
        ':event': [event],
      },
    },
  };
};
