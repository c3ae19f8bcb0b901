import { removeDue } from '../bookings/due.ts';
import type { Table } from '../platform/dynamo.ts';
import type { Instant } from '../platform/time.ts';
import type { EndedPayment } from './model.ts';
import { keyOfPayment } from './store.ts';
import { change, type Written } from './update-store.ts';

/** The payment is as it was read: a new notification needs an answer sooner, and a new dispute asks for longer. */
const watchedAsSeen = ({ state, watchedSince }: EndedPayment) => ({
  onlyIf: [
    '#state = :state',
    'attribute_not_exists(doubt)',
    watchedSince ? 'watchedSince = :since' : 'attribute_not_exists(watchedSince)',
  ],
  values: { ':state': state, ...(watchedSince && { ':since': watchedSince }) },
});

/** We ask the provider again at `again`, because it may have money. */
export const watchOn = (bookings: Table, payment: EndedPayment, again: Instant): Promise<Written> => {
  const seen = watchedAsSeen(payment);
  return change(bookings, keyOfPayment(payment.paymentId), {
    onlyIf: [...seen.onlyIf, 'attribute_exists(dueAt)'],
    update: 'SET dueAt = :again',
    values: { ...seen.values, ':again': again },
  });
};

/** Ends the asking; from now on only a notification reports money. */
export const askNoMore = (bookings: Table, payment: EndedPayment): Promise<Written> =>
  change(bookings, keyOfPayment(payment.paymentId), {
    ...watchedAsSeen(payment),
    update: `REMOVE ${removeDue}`,
  });
