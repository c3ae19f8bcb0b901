import { decideBegin, decideFinish, decideGiveBack } from '../../../shared/paying/decide-by-hand.ts';
import { decideAfterAnswer } from '../../../shared/paying/decide-refund.ts';
import { wholeRefundOf } from '../../../shared/paying/refund-entry.ts';
import type { ProviderRefund } from '../../../shared/payments/provider.ts';
import { cautiousTerms } from '../../../shared/payments/refund-terms.ts';
import { money } from '../../../shared/platform/money.ts';
import {
  bookBack,
  countBack,
  endReturn,
  move,
  owe,
  paymentOf,
  replace,
  type OrderMoney,
} from './order-money.ts';

const reason = 'a test';

/** What happens to money on its way back: the decisions are the product's, the writes are these. */
export const refundSteps = (of: OrderMoney) => ({
  /** Money of the issued order goes back, if that much is left. */
  grant: (amount: number): void => {
    if (of.order.state !== 'issued' || !of.order.paidBy) return;
    const payment = paymentOf(of, of.order.paidBy);
    if (payment.refundable < amount) return;
    const whole = wholeRefundOf(payment, money(amount, payment.amount.currency), 'cannot-issue', of.now);
    owe(of, { ...whole, refundNumber: `${payment.paymentId}_g${of.refunds.length}` }, 'refund-granted');
  },
  /** T21, T36, T39, or not yet. */
  answer: (index: number, answer: ProviderRefund): void => {
    const refund = of.refunds[index];
    // About one that is back, only the news that it failed after all brings a question.
    if (!refund || (refund.state === 'succeeded' && answer.state !== 'failed')) return;
    const decided = decideAfterAnswer(refund, { answer, terms: cautiousTerms }, of.now);
    if (decided.write === 'return') {
      const state = decided.refund.settledBy === undefined ? 'failed' : 'settling';
      move(of, refund, { state, returnedAt: of.now, attention: decided.attention });
      countBack(of, refund, -1);
      return bookBack(of, refund, 'refund-returned');
    }
    if (decided.write === 'return-surplus') {
      move(of, refund, { returnedAt: of.now, attention: decided.attention });
      return bookBack(of, refund, 'surplus-returned');
    }
    if (decided.write === 'fail') move(of, refund, { state: 'failed', attention: decided.attention });
    if (decided.write === 'submit') move(of, refund, { state: 'submitted', declined: decided.declined });
    if (decided.write !== 'confirm') return;
    if (refund.state === 'settled') {
      move(of, refund, { overpaidAt: of.now });
      return bookBack(of, refund, 'paid-twice-by-provider');
    }
    endReturn(of, refund);
    move(of, refund, { state: 'succeeded', succeededAt: of.now });
    bookBack(of, refund, 'refunded');
  },
  /** T34. */
  takeInHand: (index: number, by: string): void => {
    const refund = of.refunds[index];
    const decided = decideBegin(refund, { person: { by, reason }, unconfirmed: true }, of.now);
    if (!refund || decided.outcome === 'rejected' || decided.next === 'ask') return;
    const { attention } = decided;
    if (decided.next === 'decline') move(of, refund, { state: 'failed', attention });
    else move(of, refund, { state: 'settling', settledBy: by, attention });
  },
  /** T37. */
  handBack: (index: number, by: string): void => {
    const refund = of.refunds[index];
    const decided = refund && decideGiveBack(refund, { by, reason }, of.now);
    if (decided?.outcome !== 'accepted') return;
    const { settledBy: _, ...rest } = decided.refund;
    replace(of.refunds, decided.refund, { ...rest, state: 'failed', attention: decided.attention });
  },
  /** T35, T36. */
  finish: (index: number, by: string): void => {
    const decided = decideFinish(of.refunds[index], { by, reason }, of.now);
    if (decided.outcome === 'rejected' || decided.next === 'done') return;
    const { refund } = decided;
    if (decided.next === 'book-paid-twice') {
      move(of, refund, { overpaidAt: of.now });
      return bookBack(of, refund, 'paid-twice-by-hand');
    }
    endReturn(of, refund);
    move(of, refund, { state: 'settled', settledAt: of.now });
    bookBack(of, refund, 'refund-settled');
  },
});
