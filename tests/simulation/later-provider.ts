import type { PaymentProvider, ProviderPayment, ProviderRefund } from '../../shared/payments/provider.ts';
import { rejected } from '../../shared/platform/outcome.ts';
import { secondsBetween, type Clock, type Instant } from '../../shared/platform/time.ts';
import { billsFrom } from '../support/bills-from.ts';

const confirmsAfterSeconds = 30 * 3600;

type Taken = Extract<ProviderPayment, { state: 'captured' }>;
type Back = { paymentId: string; amount: number; since: Instant };

/** What goes back of what was taken: each number once, never more than is left, confirmed after more than a day. */
const openRefunds = (clock: Clock, taken: ReadonlyMap<string, Taken>) => {
  const refunds = new Map<string, Back>();
  const stateOf = ({ since }: Back): ProviderRefund => ({
    state: secondsBetween(since, clock()) >= confirmsAfterSeconds ? 'succeeded' : 'processing',
  });
  const backOf = (paymentId: string): number =>
    [...refunds.values()].reduce((sum, back) => sum + (back.paymentId === paymentId ? back.amount : 0), 0);
  return {
    backOf,
    query: (refundNumber: string): ProviderRefund => {
      const back = refunds.get(refundNumber);
      return back ? stateOf(back) : { state: 'not-exist' };
    },
    refund: (paymentId: string, refundNumber: string, amount: number): ProviderRefund => {
      const before = refunds.get(refundNumber);
      if (before) return stateOf(before);
      const trade = taken.get(paymentId);
      if (!trade) return { state: 'not-exist' };
      if (backOf(paymentId) + amount > trade.paid.amount)
        return { state: 'failed', why: 'more than is left' };
      refunds.set(refundNumber, { paymentId, amount, since: clock() });
      return { state: 'processing' };
    },
  };
};

/** A provider of which only late money and its way back are left: it confirms a refund after more than a day. It has no bills. */
export const laterProvider = (clock: Clock) => {
  const taken = new Map<string, Taken>();
  const refunds = openRefunds(clock, taken);
  const provider: PaymentProvider = {
    name: 'alipay',
    currencies: ['CNY'],
    methods: [{ name: 'page', action: 'redirect' }],
    methodFor: () => 'page',
    begin: () => Promise.reject(new Error('nothing is sold any more')),
    query: ({ paymentId }) => Promise.resolve(taken.get(paymentId) ?? { state: 'closed' }),
    close: ({ paymentId }) => Promise.resolve(taken.get(paymentId) ?? { state: 'closed' }),
    refund: ({ paymentId }, { refundNumber, amount }) =>
      Promise.resolve(refunds.refund(paymentId, refundNumber, amount.amount)),
    queryRefund: (_payment, { refundNumber }) => Promise.resolve(refunds.query(refundNumber)),
    bills: billsFrom(() => [], clock),
    readNotification: () => Promise.resolve(rejected('comes-verified')),
    answers: {
      received: { statusCode: 200, contentType: 'text/plain', body: 'success' },
      refused: { statusCode: 400, contentType: 'text/plain', body: 'fail' },
    },
  };
  return {
    provider,
    take: (paymentId: string, trade: Taken) => void taken.set(paymentId, trade),
    backOf: refunds.backOf,
    /** Payments that were taken and are not back, to the last unit. */
    notBack: (): string[] =>
      [...taken].flatMap(([paymentId, { paid }]) =>
        refunds.backOf(paymentId) === paid.amount ? [] : [paymentId],
      ),
  };
};
