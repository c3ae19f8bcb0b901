import { fromDecimal } from '../../platform/money.ts';
import type { Payment } from '../model.ts';
import { paidAtOf, type ProviderPayment } from '../provider.ts';
import { transientFailure } from './failures.ts';
import { momentIn } from './local-time.ts';
import { alipayCurrency, answerSchema, queryAnswerSchema } from './model.ts';
import type { AlipayGateway } from './request.ts';

/** The gateway's reply about a trade that it has never seen, or whose buyer has not entered the cashier yet. */
export const unknownTrade = 'ACQ.TRADE_NOT_EXIST';

/** The trade's state does not allow closing: it is paid, or already closed. Only a query tells which. */
const notToBeClosed: ReadonlySet<string> = new Set([
  'ACQ.TRADE_HAS_SUCCESS',
  'ACQ.TRADE_STATUS_ERROR',
  'ACQ.REASON_TRADE_STATUS_INVALID',
  'ACQ.REASON_ILLEGAL_STATUS',
]);

const unlessUnknown = (reason: string): ProviderPayment => {
  if (reason === unknownTrade) return { state: 'not-exist' };
  throw transientFailure(`it could not tell the state of the trade (${reason})`);
};

/** `alipay.trade.query`. */
export const queryTrade = async (
  gateway: AlipayGateway,
  { paymentId }: Payment,
  signal?: AbortSignal,
): Promise<ProviderPayment> => {
  const reply = await gateway.call('alipay.trade.query', { out_trade_no: paymentId }, queryAnswerSchema, {
    signal,
  });
  if (reply.outcome === 'rejected') return unlessUnknown(reply.reason);
  const {
    out_trade_no: number,
    trade_no: providerTrade,
    trade_status: status,
    total_amount,
    send_pay_date: paidAt,
  } = reply.content;
  if (number !== paymentId) throw transientFailure('the answer is about another trade');
  if (status === 'WAIT_BUYER_PAY') return { state: 'pending' };
  if (status === 'TRADE_CLOSED') return { state: 'closed' };
  const paid = fromDecimal(total_amount, alipayCurrency);
  if (!paid) throw transientFailure('the answer has no readable amount');
  return { state: 'captured', providerTrade, paid, ...paidAtOf(momentIn(paidAt)) };
};

/** `alipay.trade.close`. */
export const closeTrade = async (
  gateway: AlipayGateway,
  payment: Payment,
  signal?: AbortSignal,
): Promise<ProviderPayment> => {
  const reply = await gateway.call('alipay.trade.close', { out_trade_no: payment.paymentId }, answerSchema, {
    signal,
  });
  if (reply.outcome === 'accepted') return { state: 'closed' };
  return notToBeClosed.has(reply.reason) ? queryTrade(gateway, payment, signal) : unlessUnknown(reply.reason);
};
