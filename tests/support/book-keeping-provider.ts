import type { Payment } from '../../shared/payments/model.ts';
import type { PaymentProvider, ProviderPayment, ProviderRefund } from '../../shared/payments/provider.ts';

const noAnswer = () => Object.assign(new Error('no answer'), { name: 'TransientFailure' });

/** A provider with books of its own, that tests can make pay, fall silent, or refuse. */
export const bookKeepingProvider = () => {
  const trades = new Map<string, ProviderPayment>();
  const refunds = new Map<string, number>();
  const state = { silent: false, refundAnswer: { state: 'succeeded' } as ProviderRefund };
  const speak = <Answer>(answer: () => Answer): Promise<Answer> =>
    state.silent ? Promise.reject(noAnswer()) : Promise.resolve(answer());
  const known = ({ paymentId }: Payment): ProviderPayment => trades.get(paymentId) ?? { state: 'not-exist' };
  const provider: PaymentProvider = {
    name: 'alipay',
    currencies: ['CNY'],
    begin: () => speak(() => ({ kind: 'redirect', url: 'https://cashier.example/' })),
    query: (payment) => speak(() => known(payment)),
    close: (payment) =>
      speak(() => {
        const trade = known(payment);
        if (trade.state === 'pending') trades.set(payment.paymentId, { state: 'closed' });
        return trade.state === 'pending' ? { state: 'closed' } : trade;
      }),
    refund: (_payment, { refundNumber, amount }) =>
      speak(() => {
        if (state.refundAnswer.state === 'succeeded') refunds.set(refundNumber, amount.amount);
        return state.refundAnswer;
      }),
    queryRefund: (_payment, { refundNumber }) =>
      speak(() => ({ state: refunds.has(refundNumber) ? 'succeeded' : 'not-exist' })),
    readNotification: () => Promise.resolve({ outcome: 'refused', why: 'not in this test' }),
    answers: {
      received: { statusCode: 200, contentType: 'text/plain', body: 'success' },
      refused: { statusCode: 400, contentType: 'text/plain', body: 'fail' },
    },
  };
  return { provider, trades, refunds, state };
};
