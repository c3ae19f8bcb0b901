import { alipayEntry } from './alipay/entry.ts';
import { failuresOf } from './failures.ts';
import { knownProviders, providerNames } from './known-providers.ts';
import type { ProviderName } from './model.ts';
import { openProvider, type Opening } from './open-provider.ts';
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

/** One provider, for whoever can do nothing without it: as `openProvider`. */
export const paymentProvider = (name: ProviderName, opening: Opening): Promise<PaymentProvider | undefined> =>
  openProvider(name, entries[name], opening);

/** The providers of this deployment, as far as their secrets can be read. */
export type PaymentProviders = {
  /** As `paymentProvider`. Throws a `TransientFailure` if the secret could not be read. */
  get(name: ProviderName): PaymentProvider | undefined;
  /** Those that are on, in the order of their list. */
  values(): Iterable<PaymentProvider>;
};

/**
 * All providers, for whoever works on payments of any. A secret that cannot be read takes nothing but its own provider away, and
 * the next call reads it again; `readChangingSecret` logs each read that fails.
 */
export const paymentProviders = async (opening: Opening): Promise<PaymentProviders> => {
  const unreadable = new Map<ProviderName, Error>();
  const opened = await Promise.all(
    providerNames.map(async (name) => {
      try {
        const provider = await paymentProvider(name, opening);
        return provider ? ([[name, provider]] as const) : [];
      } catch (error) {
        const { transientFailure } = failuresOf(knownProviders[name].title);
        unreadable.set(name, transientFailure('its secret cannot be read now', error));
        return [];
      }
    }),
  );
  const on = new Map(opened.flat());
  return {
    get: (name) => {
      const failure = unreadable.get(name);
      if (failure) throw failure;
      return on.get(name);
    },
    values: () => on.values(),
  };
};
