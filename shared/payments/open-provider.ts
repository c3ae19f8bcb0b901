import { secretIdOf } from '../platform/config.ts';
import { readChangingSecret } from '../platform/secrets.ts';
import type { TimeLeft } from '../platform/time-limit.ts';
import type { Clock } from '../platform/time.ts';
import { secretVariable } from './known-providers.ts';
import type { ProviderName } from './model.ts';
import { openBySecret } from './open-by-secret.ts';
import { patientProvider } from './patient-provider.ts';
import type { ProviderEntry } from './provider-entry.ts';
import type { PaymentProvider } from './provider.ts';

export type Opening = {
  clock: Clock;
  /** No call to a provider lasts longer than this. */
  timeLeft: TimeLeft;
  /** Asks for a younger secret: see `readChangingSecret`. */
  doubted?: boolean;
};

/**
 * One provider by its entry; undefined if it is switched off, or if this process never could use its secret. Throws if its secret
 * cannot be read: then nobody knows whether it is on, and the caller must come again.
 */
export const openProvider = async (
  name: ProviderName,
  entry: ProviderEntry,
  { clock, timeLeft, doubted = false }: Opening,
): Promise<PaymentProvider | undefined> => {
  const secretId = secretIdOf(secretVariable(name));
  if (secretId === undefined) return undefined;
  const secret = await readChangingSecret(secretId, { doubted });
  const provider = openBySecret(secretId, secret, (keys) => entry.open(keys, { clock }));
  return provider && patientProvider(provider, timeLeft);
};
