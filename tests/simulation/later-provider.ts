import type { PaymentProvider, ProviderPayment } from '../../shared/payments/provider.ts';
import { secondsBetween, type Clock, type Instant } from '../../shared/platform/time.ts';

const confirmsAfterSeconds = 30 * 3600;

/** A provider of which only late money and its way back are left: it confirms a refund after more than a day. */
export const laterProvider = (clock: Clock) => {
  const taken = new Map<string, Extract<ProviderPayment, { state: 'captured' }>>();
  const refunds = new Map<string, { paymentId: string; amount: number; since: Instant }>();
  const provider: PaymentProvider = {
    name: 'alipay',
    currencies: ['CNY'],
    begin: () => Promise.reject(new Error('nothing is sold any more')),
    query: ({ paymentId }) => Promise.resolve(taken.get(paymentId) ?? { state: 'closed' }),
    close: ({ paymentId }) => Promise.resolve(taken.get(paymentId) ?? { state: 'closed' }),
    refund: ({ paymentId }, { refundNumber, amount }) => {
      const known = refunds.get(refundNumber) ?? { paymentId, amount: amount.amount, since: clock() };
      refunds.set(refundNumber, known);
      return Promise.resolve({ state: 'processing' });
    },
    queryRefund: (_payment, { refundNumber }) => {
      const known = refunds.get(refundNumber);
      if (!known) return Promise.resolve({ state: 'not-exist' });
      const isBack = secondsBetween(known.since, clock()) >= confirmsAfterSeconds;
      return Promise.resolve({ state: isBack ? 'succeeded' : 'processing' });
    },
    readNotification: () => Promise.resolve({ outcome: 'refused', why: 'notifications come verified here' }),
    answers: {
      received: { statusCode: 200, contentType: 'text/plain', body: 'success' },
      refused: { statusCode: 400, contentType: 'text/plain', body: 'fail' },
    },
  };
  return {
    provider,
    take: (paymentId: string, amount: ProviderPayment & { state: 'captured' }) =>
      taken.set(paymentId, amount),
    /** Payments that were taken and are not back, to the last unit. */
    notBack: (): string[] =>
      [...taken].flatMap(([paymentId, { paid }]) => {
        const back = [...refunds.values()].filter((refund) => refund.paymentId === paymentId);
        return back.reduce((sum, { amount }) => sum + amount, 0) === paid.amount ? [] : [paymentId];
      }),
  };
};
