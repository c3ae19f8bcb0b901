import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { hkdfSync } from 'node:crypto';
import { awsClient, functionLimits } from './aws-client.ts';
import { required } from './config.ts';

let client: SecretsManagerClient | undefined;
const read = new Map<string, Promise<string>>();

/** The text of a secret, read once per cold start. After a failed read, the next caller tries again. */
export const readSecret = (secretId: string): Promise<string> => {
  const pending = read.get(secretId);
  if (pending) return pending;
  client ??= awsClient(SecretsManagerClient, functionLimits);
  const reading = client.send(new GetSecretValueCommand({ SecretId: secretId })).then(({ SecretString }) => {
    if (!SecretString) throw new Error(`the secret ${secretId} has no text`);
    return SecretString;
  });
  read.set(secretId, reading);
  reading.catch(() => read.delete(secretId));
  return reading;
};

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

/** A key of this deployment. */
export const deploymentKey = async (purpose: KeyPurpose): Promise<Buffer> =>
  deriveKey(await readSecret(required(secretOfPurpose[purpose])), purpose);
