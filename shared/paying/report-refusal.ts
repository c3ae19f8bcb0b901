import type { Payment } from '../payments/model.ts';
import { loggable, logger } from '../platform/log.ts';
import { writeMetrics } from '../platform/metrics.ts';
import type { Instant } from '../platform/time.ts';

/**
 * Says that a provider refuses what no repetition makes it accept: an error in the log, and the metric `ProviderRefusals`,
 * which has an alarm.
 */
export const reportRefusal = (
  { paymentId: about, provider }: Pick<Payment, 'paymentId' | 'provider'>,
  error: unknown,
  now: Instant,
): void => {
  logger.error('a provider refuses our request', { provider, about, thrown: loggable(error) });
  writeMetrics('what providers refuse', { ProviderRefusals: { value: 1, unit: 'Count' } }, now);
};
