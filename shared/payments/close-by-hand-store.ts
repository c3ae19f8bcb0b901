import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { handledValues, recordHandled, removeAttention, type Handled } from '../bookings/attention.ts';
import { dueValues, removeDue, setDue } from '../bookings/due.ts';
import { wayTo } from '../bookings/transitions.ts';
import { allOf, conditionally, type Table } from '../platform/dynamo.ts';
import type { Instant } from '../platform/time.ts';
import { paymentTransitions, type PaymentIn, type UnfinishedPayment } from './model.ts';
import { keyOfPayment } from './store.ts';

/** T38: a payment that ran out by `unclosedSince` is closed on a person's word, and asked about on from `again`. */
export const markClosedByHand = async (
  bookings: Table,
  { orderId, paymentId }: UnfinishedPayment,
  { handled, unclosedSince, again }: { handled: Handled; unclosedSince: Instant; again: Instant },
): Promise<boolean> => {
  const way = wayTo(paymentTransitions, 'closed');
  const due = dueValues(orderId, again);
  const result = await conditionally(
    bookings.client.send(
      new UpdateCommand({
        TableName: bookings.name,
        Key: keyOfPayment(paymentId),
        ConditionExpression: allOf(way.condition, 'expiresAt <= :unclosedSince'),
        UpdateExpression:
          `SET #state = :closed, closedByHandAt = :now, ${setDue}, ${recordHandled}` +
          ` REMOVE ${removeAttention}`,
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: {
          ...way.values,
          ':unclosedSince': unclosedSince,
          ':now': handled.at,
          ...due,
          ...handledValues(handled),
        },
      }),
    ),
  );
  return result.outcome === 'written';
};

/** Nobody asks any more about a payment that was closed by hand, unless a notification has told of it meanwhile. */
export const askNoMore = async (bookings: Table, { paymentId }: PaymentIn<'closed'>): Promise<void> => {
  await conditionally(
    bookings.client.send(
      new UpdateCommand({
        TableName: bookings.name,
        Key: keyOfPayment(paymentId),
        ConditionExpression: allOf('#state = :closed', 'attribute_not_exists(doubtedAt)'),
        UpdateExpression: `REMOVE ${removeDue}`,
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: { ':closed': 'closed' },
      }),
    ),
  );
};
