import { handledValues, recordHandled, removeAttention, type Handled } from '../bookings/attention.ts';
import { dueValues, setDue } from '../bookings/due.ts';
import { wayTo } from '../bookings/transitions.ts';
import type { Table } from '../platform/dynamo.ts';
import type { Instant } from '../platform/time.ts';
import { paymentTransitions, type UnfinishedPayment } from './model.ts';
import { keyOfPayment } from './store.ts';
import { change, type Written } from './update-store.ts';

/** T38: closes a payment that ran out by `unclosedSince` on a person's word; we keep asking about it from `again`. */
export const markClosedByHand = (
  bookings: Table,
  { orderId, paymentId }: UnfinishedPayment,
  { handled, unclosedSince, again }: { handled: Handled; unclosedSince: Instant; again: Instant },
): Promise<Written> => {
  const way = wayTo(paymentTransitions, 'closed');
  return change(bookings, keyOfPayment(paymentId), {
    onlyIf: [way.condition, 'expiresAt <= :unclosedSince'],
    update: `SET #state = :closed, closedByHandAt = :now, ${setDue}, ${recordHandled} REMOVE ${removeAttention}`,
    values: {
      ...way.values,
      ':unclosedSince': unclosedSince,
      ':now': handled.at,
      ...dueValues(orderId, again),
      ...handledValues(handled),
    },
  });
};
