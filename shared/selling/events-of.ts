import * as z from 'zod';
import { kindOf } from '../bookings/keys.ts';
import { kinds, type Kind } from '../bookings/kinds.ts';
import { historyEntrySchema, orderEvents } from '../orders/model.ts';
import type { PublishedEvent } from '../platform/events.ts';
import { orderIdSchema, type OrderId } from '../platform/ids.ts';
import { instantSchema } from '../platform/time.ts';

/** Every event: the entries of an order's history, and the events of a payment and a refund. */
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
  const published = before.success ? before.data.history.length : 0;
  return after.data.history
    .slice(published)
    .map(({ at, event }, index) => ({ ...about(after.data.orderId, `${published + index}`), event, at }));
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

/** The events of each kind of item, by the name in the registry of kinds. */
const tellers: Record<(typeof kinds)[Kind]['tells'], (change: Change) => NamedEvent[]> = {
  nothing: () => [],
  'its-history': toldByHistory,
  'when-captured': toldWhenCaptured,
  'when-requested': toldWhenRequested,
};

/**
 * The events of a change of an item of `Bookings`. An order's history is its outbox: the entries that a write appended
 * are its events. A payment has an event at its capture, a refund at its request.
 */
export const eventsOf = (change: Change): NamedEvent[] => {
  const kind = kindOf(change.keys);
  return kind ? tellers[kinds[kind].tells](change) : [];
};
