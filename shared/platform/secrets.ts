import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { hkdfSync } from 'node:crypto';
import { awsClient, functionLimits } from './aws-client.ts';
import { machineMilliseconds, systemClock } from './clock.ts';
import { required } from './config.ts';
import { keepSecrets, type SecretText } from './keep-secrets.ts';
import { secretLimits } from './limits.ts';
import { loggable, logger } from './log.ts';
import { writeMetrics } from './metrics.ts';
import { isTransient } from './transient.ts';

let client: SecretsManagerClient | undefined;

const readNow = async (secretId: string): Promise<string> => {
  client ??= awsClient(SecretsManagerClient, functionLimits);
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
  if (!SecretString) throw new Error(`the secret ${secretId} has no text`);
  return SecretString;
};

/**
 * Says that a person has to look at a secret: an error in the log, without the secret's content, and the metric
 * `SecretsUnusable`, which has an alarm.
 */
export const reportUnusable = (secretId: string, error: unknown): void => {
  logger.error('a secret cannot be used', { secretId, thrown: loggable(error) });
  const measured = { SecretsUnusable: { value: 1, unit: 'Count' } } as const;
  writeMetrics('secrets that cannot be used', measured, systemClock()());
};

const secrets = keepSecrets(
  {
    read: readNow,
    now: machineMilliseconds,
    failed: (secretId, error) => {
      if (isTransient(error))
        logger.warn('a secret could not be read', { secretId, thrown: loggable(error) });
      else reportUnusable(secretId, error);
    },
  },
  secretLimits,
);

/**
 * The text of a secret that people change, no more than a few minutes old. Whoever doubts it, because a signature does not
 * verify by it, gets one of the last minute.
 */
export const readChangingSecret = (
  secretId: string,
  { doubted }: { doubted: boolean },
): Promise<SecretText> => secrets(secretId, doubted ? secretLimits.doubtedAge : secretLimits.age);

/**
 * The purpose of each derived key, and its secret. Anyone who may read a secret can derive all its keys, so purposes
 * share one only if the same functions need them (docs/adr/0009).
 */
const secretOfPurpose = {
  'seal-documents': 'DOCUMENT_SECRET_ID',
  'claim-documents': 'DOCUMENT_SECRET_ID',
  'sign-tickets': 'TICKET_SECRET_ID',
} as const;
export type KeyPurpose = keyof typeof secretOfPurpose;

/** Derives 32 bytes for one purpose from a secret; a new purpose never weakens another (RFC 5869). */
export const deriveKey = (secret: string, purpose: KeyPurpose): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, 'keyun', purpose, 32));

/**
 * A key of this deployment. Its secret never changes, so a warm function keeps it: a secret that somebody replaced by mistake
 * reaches nothing that runs.
 */
export const deploymentKey = async (purpose: KeyPurpose): Promise<Buffer> => {
  const { text } = await secrets(required(secretOfPurpose[purpose]), Infinity);
  return deriveKey(text, purpose);
};
