import type { Payment, Refund } from '../../shared/payments/model.ts';
import { rejected } from '../../shared/platform/outcome.ts';
import type { PaymentProvider, ProviderPayment, ProviderRefund } from '../../shared/payments/provider.ts';

const noAnswer = () => Object.assign(new Error('no answer'), { name: 'TransientFailure' });

/**
 * A provider with books of its own, that tests can make pay, fall silent, or refuse. It keeps the contract of
 * tests/integration/provider-contract.test.ts; `cashierUrl` is where it sends buyers.
 */
export const bookKeepingProvider = ({
  cashierUrl = 'https://cashier.example/',
  currencies = ['CNY'],
}: { cashierUrl?: string; currencies?: string[] } = {}) => {
  const trades = new Map<string, ProviderPayment>();
  /** What went back, by refund number, in minor units. */
  const refunds = new Map<string, number>();
  const refundsOf = new Map<string, Set<string>>();
  const state = { silent: false, refundAnswer: { state: 'succeeded' } as ProviderRefund };
  const speak = <Answer>(answer: () => Answer): Promise<Answer> =>
    state.silent ? Promise.reject(noAnswer()) : Promise.resolve(answer());
  const tradeOf = ({ paymentId }: Payment): ProviderPayment =>
    trades.get(paymentId) ?? { state: 'not-exist' };
  const backOf = (paymentId: string): number =>
    [...(refundsOf.get(paymentId) ?? [])].reduce((sum, number) => sum + (refunds.get(number) ?? 0), 0);

  const refund = (payment: Payment, { refundNumber, amount }: Refund): ProviderRefund => {
    const before = refunds.get(refundNumber);
    if (before !== undefined)
      return before === amount.amount
        ? { state: 'succeeded' }
        : { state: 'failed', why: 'another amount by the same number' };
    const trade = tradeOf(payment);
    if (trade.state === 'not-exist') return { state: 'not-exist' };
    if (trade.state !== 'captured') return { state: 'declined', why: 'it is not paid' };
    if (state.refundAnswer.state !== 'succeeded') return state.refundAnswer;
    if (backOf(payment.paymentId) + amount.amount > trade.paid.amount)
      return { state: 'failed', why: 'more than is left' };
    refunds.set(refundNumber, amount.amount);
    refundsOf.set(payment.paymentId, (refundsOf.get(payment.paymentId) ?? new Set()).add(refundNumber));
    return { state: 'succeeded' };
  };

  const provider: PaymentProvider = {
    name: 'alipay',
    currencies,
    methods: [{ name: 'page', action: 'redirect' }],
    methodFor: () => 'page',
    begin: () => speak(() => ({ kind: 'redirect', url: cashierUrl })),
    query: (payment) => speak(() => tradeOf(payment)),
    close: (payment) =>
      speak(() => {
        if (tradeOf(payment).state === 'pending') trades.set(payment.paymentId, { state: 'closed' });
        return tradeOf(payment);
      }),
    refund: (payment, wanted) => speak(() => refund(payment, wanted)),
    queryRefund: (_payment, { refundNumber }) =>
      speak(() => ({ state: refunds.has(refundNumber) ? 'succeeded' : 'not-exist' })),
    readNotification: () => Promise.resolve(rejected('not-in-this-test')),
    answers: {
      received: { statusCode: 200, contentType: 'text/plain', body: 'success' },
      refused: { statusCode: 400, contentType: 'text/plain', body: 'fail' },
    },
  };
  return { provider, trades, refunds, state, backOf };
};
