import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { hkdfSync } from 'node:crypto';
import { required } from './config.ts';

let client: SecretsManagerClient | undefined;
const read = new Map<string, Promise<string>>();

/** The text of a secret, read once per cold start. A failed read is tried again by the next caller. */
export const readSecret = (secretId: string): Promise<string> => {
  const known = read.get(secretId);
  if (known) return known;
  client ??= new SecretsManagerClient({});
  const reading = client.send(new GetSecretValueCommand({ SecretId: secretId })).then(({ SecretString }) => {
    if (!SecretString) throw new Error(`the secret ${secretId} has no text`);
    return SecretString;
  });
  read.set(secretId, reading);
  reading.catch(() => read.delete(secretId));
  return reading;
};

/** What keys are derived for; a new purpose never weakens another (RFC 5869). */
export type KeyPurpose = 'seal-documents' | 'claim-documents' | 'sign-tickets';

/** 32 bytes for one purpose, derived from a master secret. */
export const deriveKey = (masterSecret: string, purpose: KeyPurpose): Buffer =>
  Buffer.from(hkdfSync('sha256', masterSecret, 'keyun', purpose, 32));

/** A key of this deployment. */
export const deploymentKey = async (purpose: KeyPurpose): Promise<Buffer> =>
  deriveKey(await readSecret(required('MASTER_SECRET_ID')), purpose);
