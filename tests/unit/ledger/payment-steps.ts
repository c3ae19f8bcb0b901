import { entryOf } from '../../../shared/ledger/rules.ts';
import { decideCapture } from '../../../shared/paying/decide-capture.ts';
import { decideUse } from '../../../shared/paying/decide-use.ts';
import { wholeRefundOf } from '../../../shared/paying/refund-entry.ts';
import { isUnfinished, takenOf, type ProviderName, type Refund } from '../../../shared/payments/model.ts';
import type { Money } from '../../../shared/platform/money.ts';
import { decideIssue, decideReturn } from '../../../shared/selling/decide-issue.ts';
import { samplePayment } from '../../support/sample-payment.ts';
import { enter, owe, replace, today, type OrderMoney } from './order-money.ts';

const loaded = ({ order }: OrderMoney) => (order.state === 'paid' ? { order, today } : { order });

/** What happens to an order and its payments: the decisions are the product's, the writes are these. */
export const paymentSteps = (of: OrderMoney) => ({
  begin: (provider: ProviderName): void => {
    const { order, payments } = of;
    if (order.state !== 'held' || payments.filter(isUnfinished).length >= 3) return;
    payments.push(samplePayment('pending', { n: payments.length + 1, provider, amount: order.amount }));
  },
  /** T11: the provider has it, or another amount. */
  capture: (index: number, other?: Money): void => {
    const { payments, entries, now } = of;
    const payment = payments[index];
    if (!payment) return;
    const paid = other ?? payment.amount;
    const decided = decideCapture(payment, paid);
    if (decided.outcome === 'rejected' || decided.write === 'compare') return;
    const { orderId, paymentId, provider } = payment;
    const fields = { n: index + 1, provider, capturedAt: now, refundable: paid.amount };
    const isOther = decided.write === 'return';
    const captured = { ...samplePayment('captured', fields), ...(isOther && { taken: paid }) };
    replace(payments, payment, captured);
    entries.push(entryOf('captured', { orderId, source: paymentId, provider, amount: paid, at: now }));
    if (isOther) owe(of, wholeRefundOf(captured, paid, 'other-amount', now), 'refund-requested');
  },
  /** T9, T10, T13, T14. */
  apply: (index: number, { seatsAreFree }: { seatsAreFree: boolean }): void => {
    const decided = decideUse(of.payments[index], of.order);
    if (decided.outcome === 'rejected' || decided.use === 'none') return;
    const { use, payment } = decided;
    const back = (reason: Refund['reason']): void =>
      owe(of, wholeRefundOf(payment, takenOf(payment), reason, of.now), 'refund-requested');
    if (use === 'refund-surplus') return back('surplus-payment');
    if (use === 'pay-late' && !seatsAreFree) {
      enter(of, 'refunding', payment.paymentId);
      return back('late-payment');
    }
    enter(of, 'paid', payment.paymentId);
    replace(of.payments, payment, { ...payment, appliedAt: of.now });
  },
  /** T15. */
  issue: (): void => {
    const decided = decideIssue(loaded(of), of.now);
    if (decided.outcome === 'rejected' || decided.now === 'issued') return;
    const { orderId, amount, paidBy } = decided.order;
    enter(of, 'issued', paidBy);
    of.entries.push(entryOf('issued', { orderId, source: orderId, amount, at: of.now }));
  },
  /** T16. */
  giveUp: (): void => {
    const decided = decideReturn(loaded(of), { isDecided: true }, of.now);
    if (decided.outcome === 'rejected' || decided.now === 'refunding') return;
    enter(of, 'refunding', decided.order.paidBy);
    owe(of, decided.refund, 'refund-requested');
  },
  expire: (): void => {
    if (of.order.state === 'held') enter(of, 'expired');
  },
});
