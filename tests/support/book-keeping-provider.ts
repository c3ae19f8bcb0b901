import type { Payment, Refund } from '../../shared/payments/model.ts';
import { rejected } from '../../shared/platform/outcome.ts';
import type { PaymentProvider, ProviderPayment, ProviderRefund } from '../../shared/payments/provider.ts';
import { instantSchema, type Clock, type Instant } from '../../shared/platform/time.ts';
import { billsFrom, paymentMovement, refundMovement, type BookedMovement } from './bills-from.ts';

const usualTime = instantSchema.parse('2026-12-01T01:00:00.000Z');

const noAnswer = () => Object.assign(new Error('no answer'), { name: 'TransientFailure' });

/** A payment that a test has put into the books without a time was there from the beginning. */
const takenIn = (trades: ReadonlyMap<string, ProviderPayment>, opened: Instant): BookedMovement[] =>
  [...trades].flatMap(([paymentId, trade]) => {
    if (trade.state !== 'captured') return [];
    const { providerTrade, paidAt: at = opened, paid: amount } = trade;
    return paymentMovement({ paymentId, providerTrade, at, amount });
  });

/**
 * A provider with books of its own, that tests can make pay, fall silent, or refuse. It keeps the contract of
 * tests/integration/provider-contract.test.ts; `cashierUrl` is where it sends buyers.
 */
export const bookKeepingProvider = ({
  cashierUrl = 'https://cashier.example/',
  currencies = ['CNY'],
  clock = () => usualTime,
}: { cashierUrl?: string; currencies?: string[]; clock?: Clock } = {}) => {
  const opened = clock();
  const trades = new Map<string, ProviderPayment>();
  /** What went back, by refund number, in minor units. */
  const refunds = new Map<string, number>();
  const refundsOf = new Map<string, Set<string>>();
  /** What went back and when, for the bill. */
  const back: BookedMovement[] = [];
  const state = { silent: false, refundAnswer: { state: 'succeeded' } as ProviderRefund };
  const refundTerms = { queryAfterSeconds: 0, sendAgainAfterSeconds: 0 };
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
    const { paymentId } = payment;
    const { providerTrade } = trade;
    back.push(refundMovement({ paymentId, providerTrade, at: clock(), amount }, refundNumber));
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
    refundTerms,
    queryRefund: (_payment, { refundNumber }) =>
      speak(() => ({ state: refunds.has(refundNumber) ? 'succeeded' : 'not-exist' })),
    bills: billsFrom(() => [...takenIn(trades, opened), ...back], clock),
    readNotification: () => Promise.resolve(rejected('not-in-this-test')),
    answers: {
      received: { statusCode: 200, contentType: 'text/plain', body: 'success' },
      refused: { statusCode: 400, contentType: 'text/plain', body: 'fail' },
    },
  };
  return { provider, trades, refunds, state, refundTerms, backOf };
};
