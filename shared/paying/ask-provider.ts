import type { Payment, ProviderName } from '../payments/model.ts';
import type { PaymentProvider } from '../payments/provider.ts';
import { loggable, logger } from '../platform/log.ts';
import { accepted, rejected, type Accepted, type Rejected } from '../platform/outcome.ts';
import type { Clock } from '../platform/time.ts';
import { isTransient } from '../platform/transient.ts';
import { reportRefusal } from './report-refusal.ts';

/** Undefined if the provider is switched off. Throws if nobody knows that now. */
export type FindProvider = (name: ProviderName) => PaymentProvider | undefined;

/**
 * Why there is no answer. `provider-silent` passes by itself. `provider-refuses`: keys, contract or our own request are
 * wrong, so that asking again helps only after somebody has fixed them.
 */
export type ProviderFailure = 'provider-off' | 'provider-silent' | 'provider-refuses';

type Asked<Answer> = Accepted<{ answer: Answer }> | (Rejected<ProviderFailure> & { why: string });

/**
 * Asks the provider of a payment. It never throws: the caller continues without an answer and asks again later with the
 * same number. It reports what does not pass by itself, which has an alarm.
 */
export const askProvider = async <Answer>(
  { findProvider, clock }: { findProvider: FindProvider; clock: Clock },
  payment: Payment,
  call: (provider: PaymentProvider) => Promise<Answer>,
): Promise<Asked<Answer>> => {
  const { paymentId: about, provider: name } = payment;
  try {
    const provider = findProvider(name);
    if (!provider) return { ...rejected('provider-off'), why: 'the provider is switched off' };
    return accepted({ answer: await call(provider) });
  } catch (error) {
    const thrown = loggable(error);
    if (isTransient(error)) {
      logger.warn('a provider does not answer', { provider: name, about, thrown });
      return { ...rejected('provider-silent'), why: `the provider does not answer (${thrown.name})` };
    }
    reportRefusal(payment, error, clock());
    return { ...rejected('provider-refuses'), why: `the provider refuses (${thrown.name})` };
  }
};
