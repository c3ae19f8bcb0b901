import { money } from '../../platform/money.ts';
import type { Payment } from '../model.ts';
import { paidAtOf, type ProviderPayment } from '../provider.ts';
import { isUnknown, transientFailure } from './failures.ts';
import { momentIn } from './local-time.ts';
import { transactionSchema, type Transaction } from './model.ts';
import type { WechatpayClient } from './request.ts';

const pathOf = ({ paymentId }: Pick<Payment, 'paymentId'>): string =>
  `/v3/pay/transactions/out-trade-no/${encodeURIComponent(paymentId)}`;

/** Query by our number. */
export const queryTransaction = async (
  client: WechatpayClient,
  mchId: string,
  payment: Payment,
  signal?: AbortSignal,
): Promise<ProviderPayment> => {
  const reply = await client.call(
    {
      method: 'GET',
      path: `${pathOf(payment)}?mchid=${encodeURIComponent(mchId)}`,
      schema: transactionSchema,
    },
    signal,
  );
  if (reply.outcome === 'accepted') return stateOf(reply.content, payment, mchId);
  if (isUnknown(reply.reason)) return { state: 'not-exist' };
  throw transientFailure(`it could not tell the state of the transaction (${reply.reason})`);
};

const stateOf = (transaction: Transaction, { paymentId }: Payment, mchId: string): ProviderPayment => {
  const {
    out_trade_no: number,
    mchid,
    trade_state: state,
    transaction_id: providerTrade,
    amount,
    success_time: successTime,
  } = transaction;
  if (number !== paymentId || mchid !== mchId)
    throw transientFailure('the answer is about another transaction');
  switch (state) {
    // After a refund it was still paid.
    case 'SUCCESS':
    case 'REFUND':
      if (!amount || !providerTrade) throw transientFailure('the answer has no amount');
      return {
        state: 'captured',
        providerTrade,
        paid: money(amount.total, amount.currency),
        ...paidAtOf(momentIn(successTime)),
      };
    case 'CLOSED':
    case 'REVOKED':
      return { state: 'closed' };
    case 'NOTPAY':
    case 'USERPAYING':
    case 'PAYERROR':
      return { state: 'pending' };
  }
};

/** Close by our number. A transaction that is paid, or closed already, is not closed: only a query tells which. */
export const closeTransaction = async (
  client: WechatpayClient,
  mchId: string,
  payment: Payment,
  signal?: AbortSignal,
): Promise<ProviderPayment> => {
  const reply = await client.call(
    { method: 'POST', path: `${pathOf(payment)}/close`, body: { mchid: mchId } },
    signal,
  );
  if (reply.outcome === 'accepted') return { state: 'closed' };
  return isUnknown(reply.reason) ? { state: 'not-exist' } : queryTransaction(client, mchId, payment, signal);
};
