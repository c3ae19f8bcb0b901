import { allOf } from '../platform/clauses.ts';
import type { Table, TransactItem } from '../platform/dynamo.ts';
import type { JobId } from '../platform/ids.ts';
import type { Instant } from '../platform/time.ts';
import { keyOfOrder } from './change-store.ts';
import type { OrderIn } from './model.ts';

/**
 * T42, the order's part: it is issued and nothing has happened to it since it was read. The event names the job, so that no
 * job waives the tickets of an order twice, and tells its passengers once.
 */
export const disruptOrder = (
  bookings: Table,
  { orderId, history }: OrderIn<'issued'>,
  { jobId, now }: { jobId: JobId; now: Instant },
): TransactItem => ({
  Update: {
    TableName: bookings.name,
    Key: keyOfOrder(orderId),
    ConditionExpression: allOf('#state = :issued', 'size(history) = :seen'),
    UpdateExpression: 'SET history = list_append(history, :disrupted)',
    ExpressionAttributeNames: { '#state': 'state' },
    ExpressionAttributeValues: {
      ':issued': 'issued',
      ':seen': history.length,
      ':disrupted': [{ at: now, event: 'order-disrupted', subject: jobId }],
    },
  },
});
