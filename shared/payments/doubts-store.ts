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
import { isCaptured, paymentTransitions, type Payment, type UncapturedPayment } from './model.ts';
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
  const over = [removeDue, 'doubtedAt', 'doubtedAmount', 'closedByHandAt', ...end.remove];
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

/** A notification told of another amount: the provider's own books are to be asked at once, even if it is closed. */
export const doubtPayment = (
  bookings: Table,
  payment: UncapturedPayment,
  told: Money,
  now: Instant,
): Promise<Written> =>
  change(bookings, keyOfPayment(payment.paymentId), {
    onlyIf: ['attribute_exists(pk)', 'attribute_not_exists(capturedAt)'],
    update: `SET doubtedAt = if_not_exists(doubtedAt, :now), doubtedAmount = :told, ${setDue}`,
    values: { ':now': now, ':told': told, ...dueValues(payment.orderId, now) },
  });

const inDoubt = ['attribute_not_exists(capturedAt)', 'attribute_exists(doubtedAt)'];

/** The provider was asked, and has not the money of which it told; a person has settled that before. */
export const dropDoubt = (bookings: Table, payment: UncapturedPayment, told: Money): Promise<Written> =>
  change(bookings, keyOfPayment(payment.paymentId), {
    onlyIf: [...inDoubt, 'doubtedAmount = :told'],
    update: `REMOVE doubtedAt, doubtedAmount, ${removeDue}`,
    values: { ':told': told },
  });

/** The provider was asked, and does not have the money of which it told: a person compares. */
export const callDispute = (
  bookings: Table,
  payment: UncapturedPayment,
  attention: Attention,
): Promise<Written> =>
  change(bookings, keyOfPayment(payment.paymentId), {
    onlyIf: inDoubt,
    update: `SET ${setAttention} REMOVE doubtedAt, doubtedAmount, ${removeDue}`,
    values: attentionValues(payment.orderId, attention),
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
