import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { notificationKeptUntil } from '../bookings/kept-until.ts';
import { bookingKey } from '../bookings/keys.ts';
import { allOf } from '../platform/clauses.ts';
import type { Table, TransactItem } from '../platform/dynamo.ts';
import type { Instant } from '../platform/time.ts';
import type { Payment, ProviderName } from './model.ts';

/**
 * Table `Bookings`: `NOTIFICATION#<provider>#<id>` / `NOTIFICATION`. Records that the notification came and for which
 * payment, never its content, which names the payer.
 */
export const keepNotification = (
  bookings: Table,
  {
    provider,
    notificationId,
    payment,
    now,
  }: { provider: ProviderName; notificationId: string; payment: Payment; now: Instant },
): TransactItem => ({
  Put: {
    TableName: bookings.name,
    Item: {
      ...bookingKey('notification', `${provider}#${notificationId}`),
      paymentId: payment.paymentId,
      receivedAt: now,
      ttl: notificationKeptUntil(now),
    },
    ConditionExpression: allOf('attribute_not_exists(pk)'),
  },
});

/**
 * `NOTIFICATION#<provider>#<id>` / `REFUSED`: a notification that the provider signed but that we cannot book. It has
 * its own key, so that a true notification with the same id still counts.
 */
export const keepRefusedNotification = async (
  bookings: Table,
  refusal: { provider: ProviderName; notificationId: string; payment: Payment; why: string; now: Instant },
): Promise<void> => {
  const { provider, notificationId, payment, why, now } = refusal;
  await bookings.client.send(
    new PutCommand({
      TableName: bookings.name,
      Item: {
        ...bookingKey('refusedNotification', `${provider}#${notificationId}`),
        paymentId: payment.paymentId,
        why,
        receivedAt: now,
        ttl: notificationKeptUntil(now),
      },
    }),
  );
};
