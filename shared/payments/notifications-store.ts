import { allOf, type Table, type TransactItem } from '../platform/dynamo.ts';
import { millisecondsOf, type Instant } from '../platform/time.ts';
import type { Payment, ProviderName } from './model.ts';

/** Providers repeat a notification for at most a day or so; its record is kept for ninety. */
const keepSeconds = 90 * 86_400;

/**
 * Table `Bookings`: `NOTIFICATION#<provider>#<id>` / `NOTIFICATION`. Keeps that it came and for which payment, never
 * its content, which names the payer.
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
      pk: `NOTIFICATION#${provider}#${notificationId}`,
      sk: 'NOTIFICATION',
      paymentId: payment.paymentId,
      receivedAt: now,
      ttl: Math.floor(millisecondsOf(now) / 1000) + keepSeconds,
    },
    ConditionExpression: allOf('attribute_not_exists(pk)'),
  },
});
