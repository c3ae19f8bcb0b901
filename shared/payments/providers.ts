import type { TimeLeft } from '../platform/time-limit.ts';
import { environment } from '../platform/config.ts';
import { readSecret } from '../platform/secrets.ts';
import type { Clock } from '../platform/time.ts';
import { alipaySecretSchema } from './alipay/model.ts';
import { alipayProvider } from './alipay/provider.ts';
import type { ProviderName } from './model.ts';
import { patientProvider } from './patient-provider.ts';
import type { PaymentProvider } from './provider.ts';

/**
 * The providers of this deployment by name. One without keys (a secret not given, `{}`, or with blank fields) is
 * switched off: it is absent, which is not an error. The secret is read once per cold start. None is waited for longer
 * than there is time left.
 */
export const paymentProviders = async ({
  clock,
  timeLeft,
}: {
  clock: Clock;
  timeLeft: TimeLeft;
}): Promise<ReadonlyMap<ProviderName, PaymentProvider>> => {
  const providers = new Map<ProviderName, PaymentProvider>();
  const { ALIPAY_SECRET_ID: secretId } = environment();
  const alipay = secretId && alipaySecretSchema.safeParse(parsed(secretId, await readSecret(secretId)));
  if (alipay && alipay.success) {
    providers.set('alipay', patientProvider(alipayProvider({ secret: alipay.data, clock }), timeLeft));
  }
  return providers;
};

/** A secret that is not JSON is a mistake of whoever filled it in, and is said so, without a word of its content. */
const parsed = (secretId: string, text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`the secret ${secretId} is not JSON`);
  }
};
