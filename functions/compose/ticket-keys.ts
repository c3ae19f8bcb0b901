import { carrier } from '../../shared/platform/carrier-of-deployment.ts';
import { bookingsTable } from '../../shared/platform/clients.ts';
import { systemClock } from '../../shared/platform/clock.ts';
import { required } from '../../shared/platform/config.ts';
import type { SecretText } from '../../shared/platform/keep-secrets.ts';
import { readChangingSecret, reportUnusable } from '../../shared/platform/secrets.ts';
import type { SigningKey } from '../../shared/tickets/code-keys.ts';
import { readKeyRing, type KeyRing } from '../../shared/tickets/key-ring.ts';
import { publishKeys } from '../../shared/tickets/keys-store.ts';

const clock = systemClock();

/** What this process last understood, and what of it was published. */
let understood: string | undefined;
let doubted: SecretText | undefined;
let published: string | undefined;

/**
 * The keys of tickets, at most some minutes old. A text that cannot be read has an alarm; until somebody corrects it, a
 * process that understood the one before goes on with that.
 */
export const ticketKeyRing = async (): Promise<KeyRing> => {
  const secretId = required('TICKET_SECRET_ID');
  const secret = await readChangingSecret(secretId, { doubted: false });
  try {
    const ring = readKeyRing(secret.text, clock());
    understood = secret.text;
    return ring;
  } catch (error) {
    if (doubted !== secret) reportUnusable(secretId, error);
    doubted = secret;
    if (understood === undefined) throw error;
    return readKeyRing(understood, clock());
  }
};

/** The key that signs tickets now. All keys are published before the first ticket, so that no gate sees an unknown one. */
export const signingKey = async (): Promise<SigningKey> => {
  const { seed, trusted } = await ticketKeyRing();
  const ids = trusted.map(({ keyId }) => keyId).join();
  if (published !== ids) await publishKeys(bookingsTable(), trusted);
  published = ids;
  return { seed, carrierId: carrier().carrierId };
};
