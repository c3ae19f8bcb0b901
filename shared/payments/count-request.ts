import { systemClock } from '../platform/clock.ts';
import { writeMetrics } from '../platform/metrics.ts';
import { isTransient } from '../platform/transient.ts';
import type { ProviderName } from './model.ts';

/**
 * Does a request to a provider and counts it, for the alarms: its time if it brought an answer that means something, a refusal
 * among them, else its silence. What its caller gave up says nothing about the provider.
 */
export const countRequest = async <Meaning>(
  { provider, signal }: { provider: ProviderName; signal: AbortSignal | undefined },
  request: () => Promise<Meaning>,
): Promise<Meaning> => {
  const startedAt = performance.now();
  const count = (isSilent: boolean): void => {
    const milliseconds = Math.round(performance.now() - startedAt);
    writeMetrics(
      'a request to a provider',
      {
        ProviderSilence: { value: Number(isSilent), unit: 'Count' },
        ...(!isSilent && { ProviderTime: { value: milliseconds, unit: 'Milliseconds' } }),
      },
      systemClock()(),
      { provider },
    );
  };
  try {
    const meaning = await request();
    count(false);
    return meaning;
  } catch (error) {
    const isSilent = isTransient(error);
    if (!isSilent || !signal?.aborted) count(isSilent);
    throw error;
  }
};
