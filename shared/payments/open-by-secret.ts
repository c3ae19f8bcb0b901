import type { SecretText } from '../platform/keep-secrets.ts';
import { reportUnusable } from '../platform/secrets.ts';

type Understood = { secret: SecretText; keys: unknown };

/** What this process last understood, by the id of the secret. */
const understood = new Map<string, Understood>();

/**
 * Opens what needs the keys in a secret, a JSON object. An empty object, or one with only blank fields, switches it off:
 * undefined. Any other content that does not open is somebody’s mistake, which has an alarm. Until it is corrected, a process
 * that has understood the secret before keeps the keys it had, and a new one has nothing: undefined.
 */
export const openBySecret = <Opened>(
  secretId: string,
  secret: SecretText,
  open: (keys: unknown) => Opened | undefined,
): Opened | undefined => {
  const last = understood.get(secretId);
  if (last?.secret === secret) return open(last.keys);
  try {
    const keys = keysIn(secretId, secret);
    const opened = open(keys);
    if (!opened && !isBlank(keys)) throw new Error(`the secret ${secretId} lacks some of its keys`);
    understood.set(secretId, { secret, keys });
    return opened;
  } catch (error) {
    reportUnusable(secretId, error);
    // Each read of the secret is reported once, so that the alarm lasts as long as the mistake.
    const keys = last?.keys ?? {};
    understood.set(secretId, { secret, keys });
    return open(keys);
  }
};

/** The error does not quote the secret, as a parser's own might. */
const keysIn = (secretId: string, { text }: SecretText): object => {
  const keys = parsed(text);
  if (typeof keys === 'object' && keys !== null && !Array.isArray(keys)) return keys;
  throw new Error(`the secret ${secretId} is not a JSON object`);
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const isBlank = (keys: object): boolean =>
  Object.values(keys).every((value) => typeof value === 'string' && value.trim() === '');
