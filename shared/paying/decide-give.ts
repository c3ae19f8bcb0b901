import type { Order, OrderIn } from '../orders/model.ts';
import type { Payment, Refund, RefundIn } from '../payments/model.ts';
import { money, sumMoney, type Money } from '../platform/money.ts';
import { accepted, rejected, type Outcome, type Rejected } from '../platform/outcome.ts';
import type { Instant } from '../platform/time.ts';
import type { Person } from './decide-by-hand.ts';
import { decideSpread } from './decide-spread.ts';
import type { GiveRefusal } from './rules.ts';

/** The name of a grant in its refunds' numbers and in its event. */
export type GrantName = `give_${string}`;

/** What a person gives back. The same name is the same grant, however often it is asked for. */
export type Grant = { amount: Money; person: Person; name: GrantName };

/** The refunds of a grant. */
export const refundsOfGrant = (refunds: readonly Refund[], grant: string): Refund[] =>
  refunds.filter(({ refundNumber }) => refundNumber.endsWith(`_${grant}`));

export type Given =
  | { now: 'given-before'; refunds: Refund[] }
  | { now: 'to-be-given'; order: OrderIn<'issued'>; refunds: RefundIn<'requested'>[]; grant: GrantName };

/** T40: whether and how money of an issued order goes back on a person's word. */
export const decideGive = (
  {
    order,
    payments,
    refunds,
  }: { order: Order | undefined; payments: readonly Payment[]; refunds: readonly Refund[] },
  { amount, person, name: grant }: Grant,
  now: Instant,
):
  | Outcome<Given, Exclude<GiveRefusal, 'not-enough-left'>>
  | (Rejected<'not-enough-left'> & { left: Money }) => {
  if (!order || order.state === 'void') return rejected('not-found');
  const before = refundsOfGrant(refunds, grant);
  if (before.length > 0) {
    const given = sumMoney(
      before.map((refund) => refund.amount),
      before[0]?.amount.currency ?? amount.currency,
    );
    return given.amount === amount.amount && given.currency === amount.currency
      ? accepted({ now: 'given-before', refunds: before })
      : rejected('key-reused');
  }
  if (order.state !== 'issued') return rejected('not-issued');
  if (order.amount.currency !== amount.currency) return rejected('other-currency');
  const spread = decideSpread(payments, amount, grant);
  if (spread.outcome === 'rejected') return spread;
  const parts = spread.parts.map(({ payment, refundNumber, amount: part }): RefundIn<'requested'> => ({
    orderId: payment.orderId,
    paymentId: payment.paymentId,
    refundNumber,
    amount: money(part.amount, part.currency),
    reason: 'granted',
    state: 'requested',
    requestedAt: now,
    attempts: 0,
    handled: [{ ...person, at: now, did: 'granted' }],
  }));
  return accepted({ now: 'to-be-given', order, refunds: parts, grant });
};
