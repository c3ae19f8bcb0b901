import * as z from 'zod';
import { kindOf } from '../bookings/keys.ts';
import { kinds, type Kind } from '../bookings/kinds.ts';
import { historyEntrySchema, orderEvents } from '../orders/model.ts';
import type { PublishedEvent } from '../platform/events.ts';
import { orderIdSchema, type OrderId } from '../platform/ids.ts';
import { instantSchema } from '../platform/time.ts';

/** Every event there is: the entries of an order's history, and what a payment and a refund say. */
export const eventNames = [...orderEvents, 'payment-captured', 'refund-requested'] as const;
export type EventName = (typeof eventNames)[number];
type NamedEvent = PublishedEvent & { event: EventName };

type Change = {
  keys: { pk?: unknown; sk?: unknown };
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

const toldByHistory = ({ newImage, oldImage }: Change): NamedEvent[] => {
  const after = historySchema.safeParse(newImage);
  if (!after.success) return []; // A void order has no history.
  const before = historySchema.safeParse(oldImage);
  const known = before.success ? before.data.history.length : 0;
  return after.data.history
    .slice(known)
    .map(({ at, event }, index) => ({ ...about(after.data.orderId, `${known + index}`), event, at }));
};

const about = (orderId: OrderId, place: string) => ({ eventId: `${orderId}-${place}`, orderId });

const toldWhenCaptured = ({ newImage, oldImage }: Change): NamedEvent[] => {
  const captured = capturedSchema.safeParse(newImage);
  if (!captured.success || oldImage?.['capturedAt'] !== undefined) return [];
  const { orderId, paymentId, capturedAt } = captured.data;
  return [
    {
      ...about(orderId, `captured-${paymentId}`),
      event: 'payment-captured',
      subject: paymentId,
      at: capturedAt,
    },
  ];
};

const toldWhenRequested = ({ newImage, oldImage }: Change): NamedEvent[] => {
  if (oldImage !== undefined) return [];
  const { orderId, refundNumber, requestedAt } = refundSchema.parse(newImage);
  return [
    {
      ...about(orderId, `refund-${refundNumber}`),
      event: 'refund-requested',
      subject: refundNumber,
      at: requestedAt,
    },
  ];
};

/** What each kind of item tells, by the name that the registry of kinds gives it. */
const tellers: Record<(typeof kinds)[Kind]['tells'], (change: Change) => NamedEvent[]> = {
  nothing: () => [],
  'its-history': toldByHistory,
  'when-captured': toldWhenCaptured,
  'when-requested': toldWhenRequested,
};

/**
 * What a change of an item of `Bookings` says to the world. An order's history is its outbox: the entries that a write
 * appended are its events. A payment speaks when it is captured, a refund when it is requested.
 */
export const eventsOf = (change: Change): NamedEvent[] => {
  const kind = kindOf(change.keys);
  return kind ? tellers[kinds[kind].tells](change) : [];
};
