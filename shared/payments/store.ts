import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { bookingKey, bookingKeys } from '../bookings/keys.ts';
import { endAttention, removeAttention } from '../bookings/attention.ts';
import { dueOf, dueValues, removeDue, setDue } from '../bookings/due.ts';
import { wayTo } from '../bookings/transitions.ts';
import { allOf } from '../platform/clauses.ts';
import type { Item, Table, TransactItem } from '../platform/dynamo.ts';
import { orderOfPayment, type OrderId, type PaymentId } from '../platform/ids.ts';
import { earlier, plusSeconds, type Instant } from '../platform/time.ts';
import {
  paymentSchema,
  paymentTransitions,
  uncapturedStates,
  type CapturedPayment,
  type Payment,
  type PaymentAction,
  type PaymentIn,
  type UncapturedPayment,
} from './model.ts';
import { stateByPaidBack } from './rules.ts';
import { change, type Written } from './update-store.ts';

/** Table `Bookings`: `ORDER#<orderId>` / `PAYMENT#<paymentId>`. */
export const keyOfPayment = (paymentId: PaymentId) =>
  bookingKey('payment', orderOfPayment(paymentId), paymentId);

/** Captured money is applied within seconds; after this long the clean-up applies it. */
const applyWithinSeconds = 30;

export const paymentFromItem = (item: Item): Payment => paymentSchema.parse(item);

export const readPayment = async (bookings: Table, paymentId: PaymentId): Promise<Payment | undefined> => {
  const { Item } = await bookings.client.send(
    new GetCommand({ TableName: bookings.name, Key: keyOfPayment(paymentId), ConsistentRead: true }),
  );
  return Item && paymentFromItem(Item);
};

/** All payments of an order, in the order in which they began. */
export const listPayments = async (bookings: Table, orderId: OrderId): Promise<Payment[]> => {
  const { pk, skPrefix } = bookingKeys('payment', orderId);
  const { Items = [] } = await bookings.client.send(
    new QueryCommand({
      TableName: bookings.name,
      KeyConditionExpression: 'pk = :order AND begins_with(sk, :payment)',
      ExpressionAttributeValues: { ':order': pk, ':payment': skPrefix },
      ConsistentRead: true,
    }),
  );
  return Items.map(paymentFromItem).sort((a, b) => a.createdAt.localeCompare(b.createdAt));
};

/** T6: the intent, stored before the client gets anything. It is due from the start, whatever happens to its order. */
export const putPayment = (bookings: Table, payment: PaymentIn<'created'>): TransactItem => ({
  Put: {
    TableName: bookings.name,
    Item: {
      ...keyOfPayment(payment.paymentId),
      ...paymentSchema.parse(payment),
      ...dueOf(payment.orderId, plusSeconds(payment.createdAt, 60)),
    },
    ConditionExpression: allOf('attribute_not_exists(pk)'),
  },
});

/** T6, second half: the client may learn how to pay only after this is accepted. */
export const markPending = (
  bookings: Table,
  { orderId, paymentId, createdAt, expiresAt }: PaymentIn<'created'>,
  action: PaymentAction,
): Promise<Written> => {
  const way = wayTo(paymentTransitions, 'pending');
  return change(bookings, keyOfPayment(paymentId), {
    onlyIf: [way.condition],
    update: `SET #state = :pending, #action = :action, ${setDue}`,
    values: {
      ...way.values,
      ':action': action,
      ...dueValues(orderId, earlier(plusSeconds(createdAt, 120), expiresAt)),
    },
  });
};

/**
 * T11: the provider has the money. It is captured even if the payment was closed or failed before, which does happen. A
 * flag for a person stays until the money is applied, and never keeps the money from being booked.
 */
export const markCaptured = (
  bookings: Table,
  payment: UncapturedPayment,
  { providerTrade, now }: { providerTrade: string; now: Instant },
): TransactItem => {
  const way = wayTo(paymentTransitions, 'captured', { only: uncapturedStates });
  const due = dueValues(payment.orderId, plusSeconds(now, applyWithinSeconds));
  return {
    Update: {
      TableName: bookings.name,
      Key: keyOfPayment(payment.paymentId),
      ConditionExpression: allOf(way.condition),
      UpdateExpression:
        `SET #state = :captured, capturedAt = :now, providerTrade = :trade, refundable = :amount, ${setDue}` +
        ' REMOVE doubt, closedByHandAt, watchedSince',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: {
        ...way.values,
        ':now': now,
        ':trade': providerTrade,
        ':amount': payment.amount.amount,
        ...due,
      },
    },
  };
};

/** T12: nobody can pay it any more. Only from `created` if the provider does not know it yet. */
export const markClosed = async (
  bookings: Table,
  paymentId: PaymentId,
  from: 'created' | 'created-or-pending',
): Promise<Written> => {
  const only = from === 'created' ? (['created'] as const) : (['created', 'pending'] as const);
  const way = wayTo(paymentTransitions, 'closed', { only });
  const close = (doubted: string, remove: string): Promise<Written> =>
    change(bookings, keyOfPayment(paymentId), {
      onlyIf: [way.condition, doubted],
      update: `SET #state = :closed REMOVE ${remove}`,
      values: way.values,
    });
  const settled = await close('attribute_not_exists(doubt)', `${removeDue}, ${removeAttention}`);
  if (settled.outcome === 'accepted') return settled;
  // Somebody must still check a notification about it, so it stays due.
  return close('attribute_exists(doubt)', removeAttention);
};

/** Sets the next look at a payment that is still due. */
export const askAgainAt = (bookings: Table, paymentId: PaymentId, at: Instant): Promise<Written> =>
  change(bookings, keyOfPayment(paymentId), {
    onlyIf: ['attribute_exists(dueAt)'],
    update: 'SET dueAt = :at',
    values: { ':at': at },
  });

const unapplied = 'attribute_exists(capturedAt) AND attribute_not_exists(appliedAt)';

/** The money is applied, once; `back` of it, in minor units, can no longer be refunded. */
const apply = (
  bookings: Table,
  { paymentId, attention }: PaymentIn<'captured'>,
  { now, back }: { now: Instant; back?: number },
): TransactItem => {
  const end = endAttention(attention);
  const isLeft = back === undefined ? [] : ['refundable >= :back'];
  const lessLeft = back === undefined ? '' : ', refundable = refundable - :back';
  return {
    Update: {
      TableName: bookings.name,
      Key: keyOfPayment(paymentId),
      ConditionExpression: allOf(unapplied, ...isLeft, ...end.condition),
      UpdateExpression: `SET appliedAt = :now${lessLeft} REMOVE ${[removeDue, ...end.remove].join(', ')}`,
      ExpressionAttributeValues: {
        ':now': now,
        ...(back !== undefined && { ':back': back }),
        ...end.values,
      },
    },
  };
};

/** T9, T10, the payment's part: this money has paid an order. */
export const applyToOrder = (bookings: Table, payment: PaymentIn<'captured'>, now: Instant): TransactItem =>
  apply(bookings, payment, { now });

/** T13, T14, the payment's part: all of this money goes back. */
export const applyToRefund = (bookings: Table, payment: PaymentIn<'captured'>, now: Instant): TransactItem =>
  apply(bookings, payment, { now, back: payment.amount.amount });

/** T16, the payment's part: subtracts an amount from the refundable rest, which never exceeds the captured amount. */
export const takeRefundable = (bookings: Table, paymentId: PaymentId, amount: number): TransactItem => ({
  Update: {
    TableName: bookings.name,
    Key: keyOfPayment(paymentId),
    ConditionExpression: allOf('attribute_exists(capturedAt)', 'refundable >= :amount'),
    UpdateExpression: 'SET refundable = refundable - :amount',
    ExpressionAttributeValues: { ':amount': amount },
  },
});

/**
 * T21, T35, T39, the payment's part: how much of it is back, in minor units, and the state that this makes. Refused if another
 * refund of it has come back, or was taken back, since the read.
 */
export const markPaidBack = (bookings: Table, payment: CapturedPayment, paidBack: number): TransactItem => {
  const { paymentId, paidBack: seen } = payment;
  const state = stateByPaidBack(payment, paidBack);
  const way = wayTo(paymentTransitions, state, { orAlready: true });
  const isAsSeen = seen === undefined ? 'attribute_not_exists(paidBack)' : 'paidBack = :seen';
  return {
    Update: {
      TableName: bookings.name,
      Key: keyOfPayment(paymentId),
      ConditionExpression: allOf(way.condition, isAsSeen),
      UpdateExpression: `SET #state = :${state}, paidBack = :paidBack`,
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: {
        ...way.values,
        ':paidBack': paidBack,
        ...(seen !== undefined && { ':seen': seen }),
      },
    },
  };
};

/**
 * T7, the payments' part: this payment has not changed since the closer read it. It has no money that waits to be
 * applied, and is not unfinished, unless the grace period is over.
 */
export const checkSettled = (bookings: Table, { paymentId, state }: Payment): TransactItem => ({
  ConditionCheck: {
    TableName: bookings.name,
    Key: keyOfPayment(paymentId),
    ConditionExpression: allOf(
      '#state = :state',
      'attribute_not_exists(capturedAt) OR attribute_exists(appliedAt)',
    ),
    ExpressionAttributeNames: { '#state': 'state' },
    ExpressionAttributeValues: { ':state': state },
  },
});
