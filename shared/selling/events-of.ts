import * as z from 'zod';
import { idOf, kindOf } from '../bookings/keys.ts';
import { kinds, type Kind } from '../bookings/kinds.ts';
import { entryEvents } from '../entries/model.ts';
import { orderEvents } from '../orders/model.ts';
import type { PublishedEvent } from '../platform/events.ts';
import { orderIdSchema, type OrderId } from '../platform/ids.ts';
import { instantSchema } from '../platform/time.ts';

/** Every event: the entries of an order's history, and the events of a payment and a refund. */
export const eventNames = [
  ...orderEvents,
  ...entryEvents,
  'payment-captured',
  'refund-requested',
  'refund-noticed',
  'seats-released',
] as const;
export type EventName = (typeof eventNames)[number];
type NamedEvent = PublishedEvent & { event: EventName };

type Change = {
  keys: { pk?: unknown; sk?: unknown };
  newImage?: Record<string, unknown> | undefined;
  oldImage?: Record<string, unknown> | undefined;
};

const historySchema = z.object({
  orderId: orderIdSchema,
  history: z.array(
    z.object({
      at: instantSchema,
      event: z.enum([...orderEvents, ...entryEvents]),
      subject: z.string().optional(),
    }),
  ),
});
/** An entry of the waitlist has the id of its order, and a history of its own. */
const entryIdSchema = z.object({ entryId: orderIdSchema });
const askedSchema = z.object({ mark: z.string(), askedBy: orderIdSchema, askedAt: instantSchema });
const capturedSchema = z.object({ orderId: orderIdSchema, paymentId: z.string(), capturedAt: instantSchema });
const refundSchema = z.object({
  orderId: orderIdSchema,
  refundNumber: z.string(),
  requestedAt: instantSchema,
  noticedAt: instantSchema.optional(),
});

const toldByHistory = ({ newImage, oldImage }: Change): NamedEvent[] => {
  const after = historySchema.safeParse(newImage);
  if (!after.success) return []; // A void order has no history.
  const before = historySchema.safeParse(oldImage);
  const published = before.success ? before.data.history.length : 0;
  return after.data.history.slice(published).map(({ at, event, subject }, index) => ({
    ...about(after.data.orderId, `${published + index}`),
    event,
    ...(subject !== undefined && { subject }),
    at,
  }));
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

const toldByEntry = ({ newImage, oldImage, keys }: Change): NamedEvent[] => {
  const entry = entryIdSchema.safeParse(newImage);
  if (!entry.success) return [];
  const { entryId: orderId } = entry.data;
  const withId = (image: Record<string, unknown> | undefined) => image && { ...image, orderId };
  return toldByHistory({ keys, newImage: withId(newImage), oldImage: withId(oldImage) }).map((told) => ({
    ...told,
    eventId: `${told.eventId}-waitlist`,
  }));
};

/** Whenever seats of a run are noted to come free. The run is the subject. */
const toldWhenAsked = ({ newImage, oldImage, keys }: Change): NamedEvent[] => {
  const asked = askedSchema.safeParse(newImage);
  if (!asked.success || oldImage?.['mark'] === asked.data.mark) return [];
  const { askedBy, askedAt, mark } = asked.data;
  const subject = idOf(String(keys.pk));
  return [{ ...about(askedBy, `released-${mark}`), event: 'seats-released', subject, at: askedAt }];
};

/** At its request, and whenever its provider has told us of it. */
const toldOfRefund = ({ newImage, oldImage }: Change): NamedEvent[] => {
  const refund = refundSchema.safeParse(newImage);
  if (!refund.success) return [];
  const { orderId, refundNumber: subject, requestedAt, noticedAt } = refund.data;
  if (oldImage === undefined)
    return [{ ...about(orderId, `refund-${subject}`), event: 'refund-requested', subject, at: requestedAt }];
  if (noticedAt === undefined || oldImage['noticedAt'] === noticedAt) return [];
  const noticed = about(orderId, `refund-${subject}-${noticedAt}`);
  return [{ ...noticed, event: 'refund-noticed', subject, at: noticedAt }];
};

/** The events of each kind of item, by the name in the registry of kinds. */
const tellers: Record<(typeof kinds)[Kind]['tells'], (change: Change) => NamedEvent[]> = {
  nothing: () => [],
  'its-history': toldByHistory,
  'its-own-history': toldByEntry,
  'when-asked': toldWhenAsked,
  'when-captured': toldWhenCaptured,
  'when-requested-or-noticed': toldOfRefund,
};

/**
 * The events of a change of an item of `Bookings`. An order's history is its outbox: the entries that a write appended
 * are its events. A payment has an event at its capture, a refund at its request and when its provider has told us of it.
 */
export const eventsOf = (change: Change): NamedEvent[] => {
  const kind = kindOf(change.keys);
  return kind ? tellers[kinds[kind].tells](change) : [];
};
