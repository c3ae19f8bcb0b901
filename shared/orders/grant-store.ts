import { allOf } from '../platform/clauses.ts';
import type { Table, TransactItem } from '../platform/dynamo.ts';
import type { Instant } from '../platform/time.ts';
import { keyOfOrder } from './change-store.ts';
import { staysOn } from './partition-store.ts';
import type { OrderIn } from './model.ts';

/**
 * T40, the order's part: it is issued and nothing has happened to it since it was read, so that of several grants at once
 * each sees the ones before it. `grant` names this one in its event. Refused for an order that is leaving: nobody looks once more
 * whether its money is at rest.
 */
export const grantOfOrder = (
  bookings: Table,
  { orderId, history }: OrderIn<'issued'>,
  { grant, now }: { grant: string; now: Instant },
): TransactItem => ({
  Update: {
    TableName: bookings.name,
    Key: keyOfOrder(orderId),
    ConditionExpression: allOf('#state = :issued', 'size(history) = :seen', staysOn.condition),
    UpdateExpression: 'SET history = list_append(history, :granted)',
    ExpressionAttributeNames: { '#state': 'state', ...staysOn.names },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    ExpressionAttributeValues: {
      ':issued': 'issued',
      ':seen': history.length,
      ':granted': [{ at: now, event: 'order-refund-granted', subject: grant }],
    },
  },
});
