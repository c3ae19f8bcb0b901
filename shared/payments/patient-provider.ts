import { providerLimits } from '../platform/limits.ts';
import { within, type TimeLeft } from '../platform/time-limit.ts';
import type { PaymentProvider } from './provider.ts';

/**
 * A provider whose calls last no longer than their caller can wait: a call without an answer in time throws, and its
 * result stays unknown. Calls at the same time share the time.
 */
export const patientProvider = (provider: PaymentProvider, timeLeft: TimeLeft): PaymentProvider => {
  const ask = <Answer>(call: (signal: AbortSignal) => Promise<Answer>): Promise<Answer> =>
    within(Math.min(providerLimits.patience, timeLeft() - providerLimits.reserve), call);
  return {
    ...provider,
    begin: (payment, wish) => ask((signal) => provider.begin(payment, wish, signal)),
    query: (payment) => ask((signal) => provider.query(payment, signal)),
    close: (payment) => ask((signal) => provider.close(payment, signal)),
    refund: (payment, refund) => ask((signal) => provider.refund(payment, refund, signal)),
    queryRefund: (payment, refund) => ask((signal) => provider.queryRefund(payment, refund, signal)),
  };
};
