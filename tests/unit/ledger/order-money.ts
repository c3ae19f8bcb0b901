import { entryOf } from '../../../shared/ledger/rules.ts';
import type { JournalEntry } from '../../../shared/ledger/model.ts';
import type { OrderIn, OrderState } from '../../../shared/orders/model.ts';
import { orderEndedBy } from '../../../shared/paying/decide-refund.ts';
import {
  isCaptured,
  type CapturedPayment,
  type Payment,
  type Refund,
  type RefundIn,
} from '../../../shared/payments/model.ts';
import { stateByPaidBack } from '../../../shared/payments/rules.ts';
import { plusSeconds, type Instant } from '../../../shared/platform/time.ts';
import type { Ticket } from '../../../shared/tickets/model.ts';
import { sampleOrder } from '../../support/sample-order.ts';
import { sampleRun } from '../../support/sample-run.ts';

const run = sampleRun('2026-12-01', 2);
export const today = { run, newest: run };
const journey = {
  departsAt: run.stops[0]!.departs,
  from: { ...sampleOrder('held').from, stopId: run.stops[0]!.stopId },
  to: { ...sampleOrder('held').to, stopId: run.stops[3]!.stopId },
};

type Living = Exclude<OrderState, 'void'>;

const samples = new Map<Living, OrderIn<Living>>();

const orderIn = (state: Living): OrderIn<Living> => {
  const sample = samples.get(state) ?? { ...sampleOrder(state), ...journey };
  samples.set(state, sample);
  return sample;
};

/** One order with all its money, as the tables have it. */
export type OrderMoney = {
  now: Instant;
  order: OrderIn<Living>;
  payments: Payment[];
  refunds: Refund[];
  tickets: Ticket[];
  entries: JournalEntry[];
};

/** Held, a day before its run leaves. */
export const heldOrder = (): OrderMoney => ({
  now: plusSeconds(journey.departsAt, -86_400),
  order: orderIn('held'),
  payments: [],
  refunds: [],
  tickets: [],
  entries: [],
});

export const enter = (of: OrderMoney, state: Living, paidBy?: string): void => {
  of.order = Object.assign({ ...orderIn(state) }, paidBy && { paidBy });
};

export const replace = <Of extends Payment | Refund | Ticket>(all: Of[], old: Of, now: Of): void =>
  void all.splice(all.indexOf(old), 1, now);

export const move = ({ refunds }: OrderMoney, refund: Refund, fields: object): void =>
  replace(refunds, refund, Object.assign({ ...refund }, fields));

export const paymentOf = ({ payments }: OrderMoney, paymentId: string): CapturedPayment => {
  const payment = payments.find((each) => each.paymentId === paymentId);
  if (!payment || !isCaptured(payment)) throw new Error('a refund without money');
  return payment;
};

/** T13, T14, T16, another amount, and a grant: takes it off the payment, and books it as owed. */
export const owe = (
  of: OrderMoney,
  refund: RefundIn<'requested'>,
  kind: 'refund-requested' | 'refund-granted',
): void => {
  const { payments, refunds, entries, now } = of;
  const payment = paymentOf(of, refund.paymentId);
  const refundable = payment.refundable - refund.amount.amount;
  if (refundable < 0) throw new Error('the condition of the write refuses this');
  replace(payments, payment, Object.assign({ ...payment }, { refundable, appliedAt: now }));
  refunds.push(refund);
  const { orderId, refundNumber: source, amount } = refund;
  entries.push(entryOf(kind, { orderId, source, amount, at: now }));
};

/** T21, T35, T39, the part of the payment. */
export const countBack = (of: OrderMoney, { paymentId, amount }: Refund, times: 1 | -1): CapturedPayment => {
  const payment = paymentOf(of, paymentId);
  const paidBack = (payment.paidBack ?? 0) + times * amount.amount;
  const state = stateByPaidBack(payment, paidBack);
  replace(of.payments, payment, Object.assign({ ...payment }, { state, paidBack }));
  return payment;
};

/** T21, T35, the part of the payment and of the order. */
export const endReturn = (of: OrderMoney, refund: Refund): void => {
  countBack(of, refund, 1);
  const ended = orderEndedBy(of.order, refund);
  if (ended) enter(of, 'refunded', ended.paidBy);
};

type WayBack =
  | 'refunded'
  | 'refund-returned'
  | 'refund-settled'
  | 'surplus-returned'
  | 'paid-twice-by-provider'
  | 'paid-twice-by-hand';

/** The entry of money that is back. */
export const bookBack = (of: OrderMoney, refund: Refund, kind: WayBack): void => {
  const { orderId, paymentId, refundNumber: source, amount } = refund;
  const { provider } = paymentOf(of, paymentId);
  of.entries.push(entryOf(kind, { orderId, source, provider, amount, at: of.now }));
};
