import { secretIdOf } from '../platform/config.ts';
import { readSecret } from '../platform/secrets.ts';
import type { TimeLeft } from '../platform/time-limit.ts';
import type { Clock } from '../platform/time.ts';
import { alipayEntry } from './alipay/entry.ts';
import { providerNames, secretVariable } from './known-providers.ts';
import type { ProviderName } from './model.ts';
import { patientProvider } from './patient-provider.ts';
import type { ProviderEntry } from './provider-entry.ts';
import type { PaymentProvider } from './provider.ts';

const entries: Readonly<Record<ProviderName, ProviderEntry>> = {
  alipay: alipayEntry,
};

/** The providers that take a currency, whether or not their keys are there. */
export const providersFor = (currency: string): ProviderName[] =>
  providerNames.filter((name) => entries[name].currencies.includes(currency));

/**
 * The providers of this deployment by name, without those that are switched off. It reads a secret once per cold start.
 * No call to a provider lasts longer than the time left.
 */
export const paymentProviders = async ({
  clock,
  timeLeft,
}: {
  clock: Clock;
  timeLeft: TimeLeft;
}): Promise<ReadonlyMap<ProviderName, PaymentProvider>> => {
  const opened = await Promise.all(
    providerNames.map(async (name) => {
      const secretId = secretIdOf(secretVariable(name));
      const keys = secretId && parsed(secretId, await readSecret(secretId));
      const provider = entries[name].open(keys, { clock });
      return provider ? ([[name, patientProvider(provider, timeLeft)]] as const) : [];
    }),
  );
  return new Map(opened.flat());
};

/** A secret that is not JSON is an operator's mistake: the error reports that without quoting it. */
const parsed = (secretId: string, text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`the secret ${secretId} is not JSON`);
  }
};
