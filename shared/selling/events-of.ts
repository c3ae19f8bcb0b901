import * as z from 'zod';
import { historyEntrySchema } from '../orders/model.ts';
import type { PublishedEvent } from '../platform/events.ts';
import { orderIdSchema, type OrderId } from '../platform/ids.ts';
import { instantSchema } from '../platform/time.ts';

type Images = {
  newImage?: Record<string, unknown> | undefined;
  oldImage?: Record<string, unknown> | undefined;
};

const historySchema = z.object({ orderId: orderIdSchema, history: z.array(historyEntrySchema) });
const capturedSchema = z.object({ orderId: orderIdSchema, paymentId: z.string(), capturedAt: instantSchema });
const refundSchema = z.object({
  orderId: orderIdSchema,
  refundNumber: z.string(),
  requestedAt: instantSchema,
});

const orderEvents = ({ newImage, oldImage }: Images): PublishedEvent[] => {
  const after = historySchema.safeParse(newImage);
  if (!after.success) return []; // A void order has no history.
  const before = historySchema.safeParse(oldImage);
  const known = before.success ? before.data.history.length : 0;
  return after.data.history
    .slice(known)
    .map(({ at, event }, index) => ({ ...about(after.data.orderId, `${known + index}`), event, at }));
};

const about = (orderId: OrderId, place: string) => ({ eventId: `${orderId}-${place}`, orderId });

/**
 * What a change of an item of `Bookings` says to the world. An order's history is its outbox: the entries that a write
 * appended are its events. A payment speaks when it is captured, a refund when it is requested.
 */
export const eventsOf = (sortKey: string, images: Images): PublishedEvent[] => {
  if (sortKey === 'ORDER') return orderEvents(images);
  if (sortKey.startsWith('PAYMENT#')) {
    const captured = capturedSchema.safeParse(images.newImage);
    if (!captured.success || images.oldImage?.['capturedAt'] !== undefined) return [];
    const { orderId, paymentId, capturedAt } = captured.data;
    return [
      {
        ...about(orderId, `captured-${paymentId}`),
        event: 'payment-captured',
        subject: paymentId,
        at: capturedAt,
      },
    ];
  }
  if (sortKey.startsWith('REFUND#') && images.oldImage === undefined) {
    const { orderId, refundNumber, requestedAt } = refundSchema.parse(images.newImage);
    return [
      {
        ...about(orderId, `refund-${refundNumber}`),
        event: 'refund-requested',
        subject: refundNumber,
        at: requestedAt,
      },
    ];
  }
  return [];
};
