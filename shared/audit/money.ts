import { entryKinds, type JournalEntry } from '../ledger/model.ts';
import { isCaptured, isUnapplied, takenOf, type Payment } from '../payments/model.ts';
import { sameMoney } from '../platform/money.ts';
import { plusSeconds } from '../platform/time.ts';
import { auditLegs } from './legs.ts';
import { findingsAbout, type Lookups } from './lookups.ts';
import type { Finding, OrderPart } from './model.ts';
import { exchangedTickets } from './exchanges.ts';
import { entriesOfRefund, faultOfPaidBack } from './paid-back.ts';
import { refundedTickets } from './refunded-tickets.ts';
import { isBooksAlone } from './retention.ts';

type Report = ReturnType<typeof findingsAbout>['report'];

/** Checks the money of an order: where each captured amount is, and that the journal agrees. */
export const auditMoney = (part: OrderPart, lookups: Lookups): Finding[] => {
  const { findings, report } = findingsAbout({ kind: 'order', orderId: part.orderId });
  for (const payment of part.payments) {
    auditRefundable(payment, refundsOf(part, payment), report);
    auditPaidBack(payment, refundsOf(part, payment), report);
    auditUse(part, payment, lookups, report);
  }
  for (const { refundNumber, paymentId } of part.refunds) {
    if (part.payments.some((payment) => payment.paymentId === paymentId)) continue;
    report('refunds-within', refundNumber, `the refund ${refundNumber} belongs to no payment`);
  }
  auditPaidBy(part, report);
  auditLegs(part, report);
  auditJournal(part, report);
  return findings;
};

type Refund = OrderPart['refunds'][number];

const refundsOf = ({ refunds }: OrderPart, { paymentId }: Payment): Refund[] =>
  refunds.filter((refund) => refund.paymentId === paymentId);

const sum = (amounts: readonly { amount: { amount: number } }[]): number =>
  amounts.reduce((total, { amount }) => total + amount.amount, 0);

/**
 * Whether money is back or on its way. A refund that the provider has declined for good is neither, unless the
 * attention index contains it: then it waits for a person.
 */
const goesBack = ({ state, attention, inAttentionIndex }: Refund): boolean =>
  (state !== 'failed' && state !== 'settling') || (attention !== undefined && inAttentionIndex);

/** Failed refunds count: the same money cannot be promised twice. */
const auditRefundable = (payment: Payment, refunds: readonly Refund[], report: Report): void => {
  const { paymentId } = payment;
  const [captured, refundable] = isCaptured(payment) ? [takenOf(payment).amount, payment.refundable] : [0, 0];
  const back = sum(refunds);
  if (back > captured) {
    report(
      'refunds-within',
      paymentId,
      `${back} of ${captured} minor units of the payment ${paymentId} go back`,
    );
  } else if (refundable !== captured - back) {
    const what = `${refundable} minor units of the payment ${paymentId} are refundable, not ${captured - back}`;
    report('refunds-within', paymentId, what);
  }
};

/** A payment says how much of its money is back; what is under way is not. */
const auditPaidBack = (payment: Payment, refunds: readonly Refund[], report: Report): void => {
  const fault = isCaptured(payment) && faultOfPaidBack(payment, refunds);
  if (fault) report('refunds-within', payment.paymentId, fault);
};

const auditUse = (part: OrderPart, payment: Payment, { now, bounds }: Lookups, report: Report): void => {
  if (!isCaptured(payment)) return;
  const { paymentId, capturedAt } = payment;
  const { amount } = takenOf(payment);
  if (isUnapplied(payment)) {
    // Money may wait for a release of seats, and the release for the clean-up: twice its time.
    if (plusSeconds(capturedAt, 2 * bounds.overdueSeconds) < now) {
      report(
        'money-used',
        paymentId,
        `the payment ${paymentId} was captured at ${capturedAt} and has paid for nothing yet`,
      );
    }
    return;
  }
  const { order } = part;
  const pays = order !== undefined && 'paidBy' in order && order.paidBy === paymentId;
  if (pays && (order.state === 'paid' || order.state === 'issued')) return;
  if (part.waitlisted?.state === 'waiting' && part.waitlisted.paidBy === paymentId) return;
  const back = sum(refundsOf(part, payment).filter(goesBack));
  if (back === amount) return;
  const state = pays ? `pays a ${order.state} order` : 'pays no order';
  report('money-used', paymentId, `the payment ${paymentId} ${state}, and ${back} of ${amount} go back`);
};

/** Checks that a paid order was paid in full by the payment that it names. */
const auditPaidBy = ({ orderId, order, payments, waitlisted }: OrderPart, report: Report): void => {
  if (!order || !('paidBy' in order)) return;
  const { paidBy, state, amount } = order;
  // Nothing was to be paid for the exchange.
  if (paidBy === undefined && amount.amount === 0) return;
  const payment = payments.find(({ paymentId }) => paymentId === paidBy);
  if (!payment || !isCaptured(payment) || !payment.appliedAt) {
    report(
      'order-paid',
      orderId,
      `the ${state} order ${orderId} is paid by ${paidBy}, which has no money for it`,
    );
  } else if (!sameMoney(takenOf(payment), waitlisted?.amount ?? amount)) {
    report(
      'order-paid',
      orderId,
      `the ${state} order ${orderId} was paid with an amount that differs from its price`,
    );
  }
};

type Booked = Record<JournalEntry['kind'], Map<string, number>>;

const nothingBooked = (): Booked =>
  Object.fromEntries(entryKinds.map((kind) => [kind, new Map<string, number>()])) as Booked;

/** The entries that the journal must have, from the payments, the refunds and the order. */
const expectedEntries = (part: OrderPart): Booked => {
  const { orderId, order, payments, refunds } = part;
  const booked = nothingBooked();
  for (const payment of payments) {
    if (isCaptured(payment)) booked.captured.set(payment.paymentId, takenOf(payment).amount);
  }
  if (order?.state === 'issued') booked.issued.set(orderId, order.amount.amount);
  for (const refund of refunds) {
    const { refundNumber, amount } = refund;
    booked[isGranted(order, refund) ? 'refund-granted' : 'refund-requested'].set(refundNumber, amount.amount);
    for (const kind of entriesOfRefund(refund)) booked[kind].set(refundNumber, amount.amount);
  }
  for (const { offerId, fee } of [
    ...refundedTickets(part).map(({ refund }) => refund),
    ...exchangedTickets(part).map(({ exchange }) => exchange),
  ]) {
    if (fee.amount > 0) booked['fee-kept'].set(offerId, (booked['fee-kept'].get(offerId) ?? 0) + fee.amount);
  }
  return booked;
};

/** Money that has earned a fare already; all other refunds send back money that has paid for nothing. */
const isGranted = (order: OrderPart['order'], { paymentId, reason }: Refund): boolean =>
  order?.state === 'issued' && order.paidBy === paymentId && reason !== 'cheaper-than-paid';

const auditJournal = (part: OrderPart, report: Report): void => {
  const found = nothingBooked();
  for (const { kind, source, legs } of part.entries) {
    const debits = legs.reduce((total, { amount }) => total + Math.max(0, amount), 0);
    found[kind].set(source, debits);
  }
  if (isBooksAlone(part)) return auditClosed(part, report);
  const expected = expectedEntries(part);
  for (const kind of entryKinds) {
    for (const source of new Set([...found[kind].keys(), ...expected[kind].keys()])) {
      const [says, is] = [found[kind].get(source) ?? 0, expected[kind].get(source) ?? 0];
      if (says === is) continue;
      const what = `the journal has ${says} minor units as ${kind} for ${source} of ${part.orderId}, not ${is}`;
      report('journal-agrees', `${source} ${kind}`, what);
    }
  }
};

/** Checks the books of an ended order: they owe nothing to anybody. */
const auditClosed = ({ orderId, entries }: OrderPart, report: Report): void => {
  for (const account of ['passengers', 'refunds-payable'] as const) {
    const open = entries
      .flatMap(({ legs }) => legs)
      .reduce((total, leg) => (leg.account === account ? total + leg.amount : total), 0);
    if (open === 0) continue;
    const what = `the order ${orderId} has ended, and ${open} minor units remain in ${account} in its books`;
    report('journal-agrees', `${orderId} ${account}`, what);
  }
};
