import { secretIdOf } from '../platform/config.ts';
import { readChangingSecret } from '../platform/secrets.ts';
import type { TimeLeft } from '../platform/time-limit.ts';
import type { Clock } from '../platform/time.ts';
import { alipayEntry } from './alipay/entry.ts';
import { providerNames, secretVariable } from './known-providers.ts';
import type { ProviderName } from './model.ts';
import { openBySecret } from './open-by-secret.ts';
import { patientProvider } from './patient-provider.ts';
import type { ProviderEntry } from './provider-entry.ts';
import type { PaymentProvider } from './provider.ts';
import { stripeEntry } from './stripe/entry.ts';
import { wechatpayEntry } from './wechatpay/entry.ts';

const entries: Readonly<Record<ProviderName, ProviderEntry>> = {
  alipay: alipayEntry,
  wechatpay: wechatpayEntry,
  stripe: stripeEntry,
};

/** The providers that take a currency, whether or not their keys are there. */
export const providersFor = (currency: string): ProviderName[] =>
  providerNames.filter((name) => entries[name].currencies.includes(currency));

/**
 * The providers of this deployment by name, without those that are switched off or whose secret this process never could use. No
 * call to a provider lasts longer than the time left. `doubted` asks for a younger secret: see `readChangingSecret`.
 */
export const paymentProviders = async ({
  clock,
  timeLeft,
  doubted = false,
}: {
  clock: Clock;
  timeLeft: TimeLeft;
  doubted?: boolean;
}): Promise<ReadonlyMap<ProviderName, PaymentProvider>> => {
  const opened = await Promise.all(
    providerNames.map(async (name) => {
      const secretId = secretIdOf(secretVariable(name));
      if (secretId === undefined) return [];
      const secret = await readChangingSecret(secretId, { doubted });
      const provider = openBySecret(secretId, secret, (keys) => entries[name].open(keys, { clock }));
      return provider ? ([[name, patientProvider(provider, timeLeft)]] as const) : [];
    }),
  );
  return new Map(opened.flat());
};
