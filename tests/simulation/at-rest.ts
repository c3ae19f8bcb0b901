import type { OrderPart, Snapshot } from '../../shared/audit/model.ts';
import type { OrderState } from '../../shared/orders/model.ts';
import { isPaidTwice, isUnapplied, isUnfinished } from '../../shared/payments/model.ts';
import type { Books } from './books.ts';
import type { Wrong } from './wrong.ts';

const restingStates: ReadonlySet<OrderState> = new Set([
  'issued',
  'expired',
  'cancelled',
  'refunded',
  'void',
]);

type Refund = OrderPart['refunds'][number];

/** A person is told, and none comes any more. */
const waitsForNobody = ({ state, inAttentionIndex }: Refund): boolean =>
  (state === 'failed' || state === 'settling') && inAttentionIndex;

/** What is still on its way: at rest, nothing is. Where people stay, nothing needs them at the end. */
export const stillMoving = (
  { orders }: Snapshot,
  { books, peopleStay }: { books: Books; peopleStay: boolean },
): Wrong[] =>
  orders.flatMap(({ orderId, order, payments, refunds }) => {
    const moving: string[] = [];
    const isHeld = !peopleStay && order?.state === 'refunding' && refunds.some(waitsForNobody);
    if (order && !isHeld && !restingStates.has(order.state))
      moving.push(`the order ${orderId} is ${order.state}`);
    if (order?.inDueIndex) moving.push(`the order ${orderId} is ${order.state} and still due`);
    for (const payment of payments) {
      if (isUnfinished(payment)) moving.push(`the payment ${payment.paymentId} is ${payment.state}`);
      if (isUnapplied(payment)) moving.push(`the money of ${payment.paymentId} is of no use yet`);
      if (payment.inDueIndex) moving.push(`the payment ${payment.paymentId} is still due`);
    }
    for (const refund of refunds) if (isMoving(refund, books, peopleStay)) moving.push(toldOf(refund));
    const needs = [order, ...payments, ...refunds].some((item) => item?.inAttentionIndex);
    if (peopleStay && needs) moving.push(`the order ${orderId} needs a person`);
    return moving.map((what) => ({ rule: 'comes-to-rest', what }));
  });

const toldOf = ({ refundNumber, state }: Refund): string => `the refund ${refundNumber} is ${state}`;

const isMoving = (refund: Refund, books: Books, peopleStay: boolean): boolean => {
  const { refundNumber, state, inDueIndex } = refund;
  if (state === 'succeeded') return inDueIndex;
  // The provider has paid it without a word: it is asked about every few hours.
  if (!isPaidTwice(refund) && books.refunds.booked.has(refundNumber)) return true;
  // What was paid by hand is asked about for a month: the provider may pay it as well.
  return state !== 'settled' && (peopleStay || !waitsForNobody(refund));
};
