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
import type { Item, Table, TransactItem } from '../platform/dynamo.ts';
import type { Money } from '../platform/money.ts';
import type { Instant } from '../platform/time.ts';
import {
  isCaptured,
  paymentTransitions,
  uncapturedStates,
  type AskOn,
  type Doubt,
  type EndedPayment,
  type Payment,
  type UncapturedPayment,
} from './model.ts';
import { keyOfPayment } from './store.ts';
import { change, type Written } from './update-store.ts';

/**
 * T11 for another amount than the requested one. It books the money as what it is, and applies it to a refund in the
 * same write: it can never pay an order.
 */
export const markOtherAmount = (
  bookings: Table,
  payment: UncapturedPayment,
  { providerTrade, taken, now }: { providerTrade: string; taken: Money; now: Instant },
): TransactItem => {
  const way = wayTo(paymentTransitions, 'captured', { only: uncapturedStates });
  const end = endAttention(payment.attention);
  const over = [removeDue, 'doubt', 'closedByHandAt', 'watchedSince', ...end.remove];
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
 * A notification reported another amount: makes us ask for the provider's own books at once, even if the payment is
 * closed. The payment must be in the doubt that was read, or in none.
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

/** Since we asked the provider, nothing was captured, and no other notification came. */
const inDoubt = ['attribute_not_exists(capturedAt)', 'doubt = :doubt'];

/** The parts of an update that ends a doubt. Only a final answer of the provider also ends the asking. */
const endDoubt = (
  { orderId }: EndedPayment,
  doubt: Doubt,
  askOn: AskOn,
): { set: string[]; remove: string; values: Item } => {
  if (!askOn) return { set: [], remove: `doubt, watchedSince, ${removeDue}`, values: { ':doubt': doubt } };
  const { again, watchedSince } = askOn;
  return {
    set: [setDue, ...(watchedSince ? ['watchedSince = :watchedSince'] : [])],
    remove: watchedSince ? 'doubt' : 'doubt, watchedSince',
    values: {
      ':doubt': doubt,
      ...dueValues(orderId, again),
      ...(watchedSince && { ':watchedSince': watchedSince }),
    },
  };
};

/** We asked the provider about the reported money, and a person has settled the same dispute before. */
export const dropDoubt = (
  bookings: Table,
  payment: EndedPayment,
  doubt: Doubt,
  askOn: AskOn,
): Promise<Written> => {
  const { set, remove, values } = endDoubt(payment, doubt, askOn);
  return change(bookings, keyOfPayment(payment.paymentId), {
    onlyIf: inDoubt,
    update: `${set.length > 0 ? `SET ${set.join(', ')} ` : ''}REMOVE ${remove}`,
    values,
  });
};

/** We asked the provider, and it does not have the reported money, or is silent: a person must compare. */
export const flagDispute = (
  bookings: Table,
  payment: EndedPayment,
  doubt: Doubt,
  { attention, askOn }: { attention: Attention; askOn: AskOn },
): Promise<Written> => {
  const { set, remove, values } = endDoubt(payment, doubt, askOn);
  return change(bookings, keyOfPayment(payment.paymentId), {
    onlyIf: inDoubt,
    update: `SET ${[setAttention, ...set].join(', ')} REMOVE ${remove}`,
    values: { ...values, ...attentionValues(payment.orderId, attention) },
  });
};

/**
 * Flags a payment for a person, if it has been neither captured nor applied since that decision. Only another flag that
 * a person must settle replaces one that a person must settle.
 */
export const flagPayment = (bookings: Table, payment: Payment, attention: Attention): Promise<Written> => {
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
