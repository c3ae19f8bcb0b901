import {
  attentionValues,
  handledValues,
  recordHandled,
  removeAttention,
  setAttention,
  type Attention,
  type Handled,
} from '../bookings/attention.ts';
import { dueValues, removeDue, setDue } from '../bookings/due.ts';
import { wayTo } from '../bookings/transitions.ts';
import { allOf } from '../platform/clauses.ts';
import type { Table, TransactItem } from '../platform/dynamo.ts';
import type { Instant } from '../platform/time.ts';
import { refundTransitions, type RefundIn } from './model.ts';
import { keyOfRefund } from './refunds-store.ts';
import { change, type Written } from './update-store.ts';

/**
 * T33: sends a failed refund again, with the same number. Refused while a person pays it back, or after another retry.
 */
export const retryRefund = (
  bookings: Table,
  refund: RefundIn<'failed'>,
  { handled, attention, now }: { handled: Handled; attention: Attention; now: Instant },
): Promise<Written> => {
  const way = wayTo(refundTransitions, 'requested');
  return change(bookings, keyOfRefund(refund.orderId, refund.refundNumber), {
    onlyIf: [way.condition, 'attempts = :attempts', 'attribute_not_exists(returnedAt)'],
    update:
      `SET #state = :requested, attempts = :next, ${setDue}, ${recordHandled}, ${setAttention}` +
      ' REMOVE declined',
    values: {
      ...way.values,
      ':attempts': refund.attempts,
      ':next': refund.attempts + 1,
      ...dueValues(refund.orderId, now),
      ...handledValues(handled),
      ...attentionValues(refund.orderId, attention),
    },
  });
};

/**
 * T39, the refund's part: the provider has the money again that it had paid back. Only a person can pay it now: whoever has it
 * in hand, or anybody.
 */
export const markReturned = (
  bookings: Table,
  { orderId, refundNumber, settledBy }: RefundIn<'succeeded'>,
  { why, attention, now, again }: { why: string; attention: Attention; now: Instant; again: Instant },
): TransactItem => {
  const to = settledBy === undefined ? 'failed' : 'settling';
  const way = wayTo(refundTransitions, to, { only: ['succeeded'] });
  const inHands = settledBy === undefined ? 'attribute_not_exists(settledBy)' : 'settledBy = :by';
  return {
    Update: {
      TableName: bookings.name,
      Key: keyOfRefund(orderId, refundNumber),
      ConditionExpression: allOf(way.condition, 'attribute_not_exists(overpaidAt)', inHands),
      UpdateExpression: `SET #state = :${to}, returnedAt = :now, declined = :why, ${setDue}, ${setAttention}`,
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: {
        ...way.values,
        ...(settledBy !== undefined && { ':by': settledBy }),
        ':now': now,
        ':why': why,
        ...dueValues(orderId, again),
        ...attentionValues(orderId, attention),
      },
    },
  };
};

/**
 * T34: one person takes a refund in hand before paying anything: a failed one, or one that was requested by
 * `unconfirmedSince` and about which the provider is silent. From then on nobody can retry or take it.
 */
export const beginSettling = (
  bookings: Table,
  refund: RefundIn<'requested' | 'submitted' | 'failed'>,
  {
    handled,
    attention,
    unconfirmedSince,
  }: { handled: Handled; attention: Attention; unconfirmedSince: Instant | undefined },
): Promise<Written> => {
  const way = wayTo(refundTransitions, 'settling', { only: ['requested', 'submitted', 'failed'] });
  return change(bookings, keyOfRefund(refund.orderId, refund.refundNumber), {
    onlyIf: [
      way.condition,
      `#state = :failed${unconfirmedSince ? ' OR requestedAt <= :unconfirmedSince' : ''}`,
      'attempts = :attempts',
    ],
    update: `SET #state = :settling, settledBy = :by, ${recordHandled}, ${setAttention}`,
    values: {
      ...way.values,
      ':failed': 'failed',
      ':attempts': refund.attempts,
      ':by': handled.by,
      ...(unconfirmedSince && { ':unconfirmedSince': unconfirmedSince }),
      ...handledValues(handled),
      ...attentionValues(refund.orderId, attention),
    },
  });
};

/**
 * T37: the person who has it in hand has paid nothing and gives it back, so that it waits for a person again. The
 * record of that person's action must be the one that the person saw, so that a late request cannot give back a refund
 * that somebody has taken in hand again.
 */
export const giveBack = (
  bookings: Table,
  refund: RefundIn<'settling'>,
  { handled, attention }: { handled: Handled; attention: Attention },
): Promise<Written> => {
  const way = wayTo(refundTransitions, 'failed', { only: ['settling'] });
  return change(bookings, keyOfRefund(refund.orderId, refund.refundNumber), {
    onlyIf: [way.condition, 'settledBy = :by', 'size(handled) = :seen'],
    update: `SET #state = :failed, ${recordHandled}, ${setAttention} REMOVE settledBy`,
    values: {
      ...way.values,
      ':by': handled.by,
      ':seen': refund.handled?.length ?? 0,
      ...handledValues(handled),
      ...attentionValues(refund.orderId, attention),
    },
  });
};

/** T35, the refund's part: the person who took it in hand has paid it back. We keep asking the provider about it. */
export const markSettled = (
  bookings: Table,
  refund: RefundIn<'settling'>,
  { handled, again }: { handled: Handled; again: Instant },
): TransactItem => {
  const way = wayTo(refundTransitions, 'settled');
  const due = dueValues(refund.orderId, again);
  return {
    Update: {
      TableName: bookings.name,
      Key: keyOfRefund(refund.orderId, refund.refundNumber),
      ConditionExpression: allOf(way.condition, 'settledBy = :by'),
      UpdateExpression: `SET #state = :settled, settledAt = :now, ${setDue}, ${recordHandled} REMOVE ${removeAttention}`,
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: {
        ...way.values,
        ':by': handled.by,
        ':now': handled.at,
        ...due,
        ...handledValues(handled),
      },
    },
  };
};

/**
 * T36, the refund's part: both a person and the provider have paid it back, in whichever order we learnt that. It is
 * recorded once, and flagged for a person in the same write.
 */
export const markPaidTwice = (
  bookings: Table,
  refund: RefundIn<'settled' | 'succeeded'>,
  { attention, handled, now }: PaidTwice,
): TransactItem => ({
  Update: {
    TableName: bookings.name,
    Key: keyOfRefund(refund.orderId, refund.refundNumber),
    ConditionExpression: allOf(
      '#state = :state',
      'attribute_not_exists(overpaidAt)',
      'attribute_not_exists(returnedAt)',
      ...(handled ? ['settledBy = :by'] : []),
    ),
    UpdateExpression: `SET overpaidAt = :now, ${setAttention}${handled ? `, ${recordHandled}` : ''} REMOVE ${removeDue}`,
    ExpressionAttributeNames: { '#state': 'state' },
    ExpressionAttributeValues: {
      ':state': refund.state,
      ':now': now,
      ...attentionValues(refund.orderId, attention),
      ...(handled && { ':by': handled.by, ...handledValues(handled) }),
    },
  },
});

/**
 * T39, the refund's part, if a person has paid it as well: it is paid back once now, and stays so. The person who may have
 * claimed the surplus is told.
 */
export const markSurplusReturned = (
  bookings: Table,
  refund: RefundIn<'settled' | 'succeeded'>,
  { attention, now }: { attention: Attention; now: Instant },
): TransactItem => ({
  Update: {
    TableName: bookings.name,
    Key: keyOfRefund(refund.orderId, refund.refundNumber),
    ConditionExpression: allOf(
      '#state = :state',
      'attribute_exists(overpaidAt)',
      'attribute_not_exists(returnedAt)',
    ),
    UpdateExpression: `SET returnedAt = :now, ${setAttention} REMOVE ${removeDue}`,
    ExpressionAttributeNames: { '#state': 'state' },
    ExpressionAttributeValues: {
      ':state': refund.state,
      ':now': now,
      ...attentionValues(refund.orderId, attention),
    },
  },
});

type PaidTwice = {
  attention: Attention;
  /** The report of a person who paid it after the provider had. */
  handled?: Handled;
  now: Instant;
};
