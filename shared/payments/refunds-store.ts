import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { dueOf } from '../platform/due.ts';
import { allOf, conditionally, type Item, type Table, type TransactItem } from '../platform/dynamo.ts';
import type { OrderId } from '../platform/ids.ts';
import { plusSeconds, type Instant } from '../platform/time.ts';
import { refundSchema, type Refund } from './model.ts';

/** Table `Bookings`: `ORDER#<orderId>` / `REFUND#<refundNumber>`. */
const keyOf = (orderId: OrderId, refundNumber: string) => ({
  pk: `ORDER#${orderId}`,
  sk: `REFUND#${refundNumber}`,
});

/** A refund is submitted from its event within seconds; after this long the clean-up does it. */
const submitWithinSeconds = 30;

export const refundFromItem = (item: Item): Refund => refundSchema.parse(item);

export const readRefund = async (
  bookings: Table,
  orderId: OrderId,
  refundNumber: string,
): Promise<Refund | undefined> => {
  const { Item } = await bookings.client.send(
    new GetCommand({ TableName: bookings.name, Key: keyOf(orderId, refundNumber), ConsistentRead: true }),
  );
  return Item && refundFromItem(Item);
};

/** The intent to pay back, stored with the state that it follows from and before the provider is asked. */
export const putRefund = (bookings: Table, refund: Refund & { state: 'requested' }): TransactItem => ({
  Put: {
    TableName: bookings.name,
    Item: {
      ...keyOf(refund.orderId, refund.refundNumber),
      ...refundSchema.parse(refund),
      ...dueOf(refund.orderId, plusSeconds(refund.requestedAt, submitWithinSeconds)),
    },
    ConditionExpression: allOf('attribute_not_exists(pk)'),
  },
});

/** The provider was asked, or could not be: looked at again at `again`. */
export const markSubmitted = async (
  bookings: Table,
  refund: Refund,
  { again, needsAttention }: { again: Instant; needsAttention?: string },
): Promise<void> => {
  await conditionally(
    bookings.client.send(
      new UpdateCommand({
        TableName: bookings.name,
        Key: keyOf(refund.orderId, refund.refundNumber),
        ConditionExpression: allOf('#state IN (:requested, :submitted)'),
        UpdateExpression:
          'SET #state = :submitted, attempts = attempts + :one, dueAt = :again' +
          (needsAttention ? ', needsAttention = :why' : ''),
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: {
          ':requested': 'requested',
          ':submitted': 'submitted',
          ':one': 1,
          ':again': again,
          ...(needsAttention && { ':why': needsAttention }),
        },
      }),
    ),
  );
};

/** A refusal for good: a person must act. It leaves the due index, and the order says so. */
export const markFailed = async (bookings: Table, refund: Refund, why: string): Promise<void> => {
  await conditionally(
    bookings.client.send(
      new UpdateCommand({
        TableName: bookings.name,
        Key: keyOf(refund.orderId, refund.refundNumber),
        ConditionExpression: allOf('#state IN (:requested, :submitted)'),
        UpdateExpression: 'SET #state = :failed, needsAttention = :why REMOVE dueShard, dueAt',
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: {
          ':requested': 'requested',
          ':submitted': 'submitted',
          ':failed': 'failed',
          ':why': why,
        },
      }),
    ),
  );
};

/** T21, the refund's part: the provider confirmed it. */
export const markSucceeded = (bookings: Table, refund: Refund, now: Instant): TransactItem => ({
  Update: {
    TableName: bookings.name,
    Key: keyOf(refund.orderId, refund.refundNumber),
    ConditionExpression: allOf('#state IN (:requested, :submitted, :failed)'),
    UpdateExpression: 'SET #state = :succeeded, succeededAt = :now REMOVE dueShard, dueAt',
    ExpressionAttributeNames: { '#state': 'state' },
    ExpressionAttributeValues: {
      ':requested': 'requested',
      ':submitted': 'submitted',
      ':failed': 'failed',
      ':succeeded': 'succeeded',
      ':now': now,
    },
  },
});
