import { within } from './time-limit.ts';

/** The text of a secret as it was read at one moment: each read that succeeds makes another one of these. */
export type SecretText = { text: string };

/** Times in milliseconds. */
export type KeptSecretsLimits = {
  /** How long a caller waits for a secret to be read again, before it gets the text that we have. */
  patience: number;
  /** After a read that failed or did not answer, the next read comes no sooner than this. */
  pause: number;
  /** The same while we have no text yet: callers get the failure meanwhile. */
  firstPause: number;
};

type World = {
  read(secretId: string): Promise<string>;
  /** The machine's clock. A function that was frozen must notice that time has passed. */
  now(): number;
  /** Hears once of each first read that failed, and of each later one while an older text serves. */
  failed(secretId: string, error: unknown): void;
};

type Kept = {
  known?: { secret: SecretText; readAt: number };
  reading?: Promise<SecretText>;
  /** When the last read began. */
  askedAt: number;
  failure?: { error: unknown };
};

/**
 * The text of a secret, no older than `ageMax`, or the last one while its keeper is silent or fails. At most one read of a secret
 * is under way at a time.
 */
export type KeptSecrets = (secretId: string, ageMax: number) => Promise<SecretText>;

/**
 * Keeps secrets in this process. Nothing runs after a function has answered, so a text is read again by the first caller that
 * finds it too old; that caller waits a moment for the new one.
 */
export const keepSecrets = (world: World, limits: KeptSecretsLimits): KeptSecrets => {
  const all = new Map<string, Kept>();

  const readNow = (secretId: string, kept: Kept): Promise<SecretText> => {
    if (kept.reading) return kept.reading;
    const askedAt = world.now();
    kept.askedAt = askedAt;
    const reading = world.read(secretId).then(
      (text) => {
        kept.known = { secret: { text }, readAt: askedAt };
        return kept.known.secret;
      },
      (error: unknown) => {
        kept.failure = { error };
        if (!kept.known) world.failed(secretId, error);
        throw error;
      },
    );
    kept.reading = reading;
    delete kept.failure;
    const over = () => delete kept.reading;
    reading.then(over, over);
    return reading;
  };

  const first = (secretId: string, kept: Kept): Promise<SecretText> =>
    kept.failure && isWithin(limits.firstPause, kept.askedAt)
      ? Promise.reject(kept.failure.error)
      : readNow(secretId, kept);

  /** A clock that was set back would make a text young for ever, so a time in the future is long ago. */
  const isWithin = (span: number, since: number): boolean => {
    const age = world.now() - since;
    return age >= 0 && age < span;
  };

  return async (secretId, ageMax) => {
    const kept = all.get(secretId) ?? { askedAt: -Infinity };
    all.set(secretId, kept);
    const { known } = kept;
    if (!known) return first(secretId, kept);
    if (isWithin(ageMax, known.readAt)) return known.secret;
    // Somebody has just asked, and waits or has been disappointed.
    if (isWithin(limits.pause, kept.askedAt) && kept.askedAt !== known.readAt) return known.secret;
    try {
      return await within(limits.patience, () => readNow(secretId, kept));
    } catch (error) {
      world.failed(secretId, error);
      return known.secret;
    }
  };
};
