import type { CommittedOrder } from '../orders/model.ts';
import type { UnappliedPayment } from '../payments/model.ts';
import { logger } from '../platform/log.ts';
import { writeMetrics } from '../platform/metrics.ts';
import { plusSeconds, type Instant } from '../platform/time.ts';

/** An event takes seconds to its worker; after this long it is not on its way any more. */
const eventSecondsMax = 120;

/** Whether no workflow of a hold that is over has ever waited for its payment: its `order-held` arrived nowhere. */
export const hadNoWorkflow = ({ taskToken, expiresAt }: CommittedOrder, now: Instant): boolean =>
  taskToken === undefined && expiresAt <= now;

/** Whether `payment-captured` should have applied this money long ago. */
export const isLongUnapplied = ({ capturedAt }: UnappliedPayment, now: Instant): boolean =>
  plusSeconds(capturedAt, eventSecondsMax) <= now;

/**
 * Counts an event whose work the clean-up has to do. Some are normal, such as after a function died; many mean that a
 * stream, the topic or a queue delivers nothing, which nothing else notices as long as there is silence.
 */
export const countMissedEvent = (
  event: 'order-held' | 'payment-captured',
  id: string,
  now: Instant,
): void => {
  logger.warn('the clean-up does the work of an event', { event, about: id });
  writeMetrics('events that did not arrive', { MissedEvents: { value: 1, unit: 'Count' } }, now);
};
