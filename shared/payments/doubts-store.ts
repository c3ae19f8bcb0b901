import {
  attentionValues,
  endAttention,
  endsWhenSettled,
  mayPass,
  setAttention,
  type Attention,
} from '../bookings/attention.ts';
import { dueValues, removeDue, setDue } from '../bookings/due.ts';
import { wayTo } from '../bookings/transitions.ts';
import { allOf } from '../platform/clauses.ts';
import type { Table, TransactItem } from '../platform/dynamo.ts';
import type { Money } from '../platform/money.ts';
import type { Instant } from '../platform/time.ts';
import { isCaptured, paymentTransitions, type Doubt, type Payment, type UncapturedPayment } from './model.ts';
import { keyOfPayment } from './store.ts';
import { change, type Written } from './update-store.ts';

/**
 * T11 for another amount than was asked for. The money is booked as what it is, and has found its use in the same
 * write, which is its refund: it can never pay an order.
 */
export const markOtherAmount = (
  bookings: Table,
  payment: UncapturedPayment,
  { providerTrade, taken, now }: { providerTrade: string; taken: Money; now: Instant },
): TransactItem => {
  const way = wayTo(paymentTransitions, 'captured');
  const end = endAttention(payment.attention);
  const over = [removeDue, 'doubt', 'closedByHandAt', ...end.remove];
  return {
    Update: {
      TableName: bookings.name,
      Key: keyOfPayment(payment.paymentId),
      ConditionExpression: allOf(way.condition, ...end.condition),
      UpdateExpression:
        'SET #state = :captured, capturedAt = :now, appliedAt = :now, providerTrade = :trade, taken = :taken, refundable = :none' +
        ` REMOVE ${over.join(', ')}`,
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: {
        ...way.values,
        ':now': now,
        ':trade': providerTrade,
        ':taken': taken,
        ':none': 0,
        ...end.values,
      },
    },
  };
};

/**
 * A notification told of another amount: the provider's own books are to be asked at once, even if it is closed. The
 * payment is in the doubt that was seen, or in none.
 */
export const doubtPayment = (
  bookings: Table,
  { orderId, paymentId, doubt: seen }: UncapturedPayment,
  doubt: Doubt,
  now: Instant,
): Promise<Written> =>
  change(bookings, keyOfPayment(paymentId), {
    onlyIf: [
      'attribute_exists(pk)',
      'attribute_not_exists(capturedAt)',
      seen ? 'doubt = :seen' : 'attribute_not_exists(doubt)',
    ],
    update: `SET doubt = :doubt, ${setDue}`,
    values: { ':doubt': doubt, ...(seen && { ':seen': seen }), ...dueValues(orderId, now) },
  });

/** Nothing was captured, and no other notification came, since the provider was asked. */
const inDoubt = ['attribute_not_exists(capturedAt)', 'doubt = :doubt'];

/** The provider was asked, and has not the money of which it told; a person has settled that before. */
export const dropDoubt = (
  bookings: Table,
  { paymentId }: UncapturedPayment,
  doubt: Doubt,
): Promise<Written> =>
  change(bookings, keyOfPayment(paymentId), {
    onlyIf: inDoubt,
    update: `REMOVE doubt, ${removeDue}`,
    values: { ':doubt': doubt },
  });

/** The provider was asked, and does not have the money of which it told: a person compares. */
export const callDispute = (
  bookings: Table,
  { orderId, paymentId }: UncapturedPayment,
  doubt: Doubt,
  attention: Attention,
): Promise<Written> =>
  change(bookings, keyOfPayment(paymentId), {
    onlyIf: inDoubt,
    update: `SET ${setAttention} REMOVE doubt, ${removeDue}`,
    values: { ':doubt': doubt, ...attentionValues(orderId, attention) },
  });

/**
 * Shows a payment to a person, as long as it is as captured, and as applied, as when that was decided. Only what a person
 * must settle takes the place of what a person must settle.
 */
export const callPaymentAttention = (
  bookings: Table,
  payment: Payment,
  attention: Attention,
): Promise<Written> => {
  const asBefore = (name: 'capturedAt' | 'appliedAt', was: boolean) =>
    `attribute${was ? '' : '_not'}_exists(${name})`;
  const wasCaptured = isCaptured(payment);
  const lasts = endsWhenSettled(attention.kind);
  return change(bookings, keyOfPayment(payment.paymentId), {
    onlyIf: [
      'attribute_exists(pk)',
      asBefore('capturedAt', wasCaptured),
      asBefore('appliedAt', wasCaptured && payment.appliedAt !== undefined),
      ...(lasts ? [] : [mayPass.condition]),
    ],
    update: `SET ${setAttention}`,
    values: { ...attentionValues(payment.orderId, attention), ...(lasts ? {} : mayPass.values) },
  });
};
