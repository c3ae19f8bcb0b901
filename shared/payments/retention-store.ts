import { atRest } from '../bookings/due.ts';
import { allOf } from '../platform/clauses.ts';
import type { Table, TransactItem } from '../platform/dynamo.ts';
import type { Payment, Refund } from './model.ts';
import { keyOfRefund } from './refunds-store.ts';
import { keyOfPayment } from './store.ts';

/**
 * A payment's part of stripping its order: removes the link that the buyer received. The payment must be at rest, and
 * in the same state as at the read: no money came meanwhile.
 */
export const stripPayment = (bookings: Table, { paymentId, state }: Payment): TransactItem => ({
  Update: {
    TableName: bookings.name,
    Key: keyOfPayment(paymentId),
    ConditionExpression: allOf('#state = :state', ...atRest),
    UpdateExpression: 'REMOVE #action',
    ExpressionAttributeNames: { '#state': 'state', '#action': 'action' },
    ExpressionAttributeValues: { ':state': state },
  },
});

/** A refund's part of stripping its order: it has ended. */
export const checkRefundAtRest = (
  bookings: Table,
  { orderId, refundNumber, state }: Refund,
): TransactItem => ({
  ConditionCheck: {
    TableName: bookings.name,
    Key: keyOfRefund(orderId, refundNumber),
    ConditionExpression: allOf('#state = :state', ...atRest),
    ExpressionAttributeNames: { '#state': 'state' },
    ExpressionAttributeValues: { ':state': state },
  },
});
