import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';

/**
 * Alipay's RSA2 is RSASSA-PKCS1-v1_5 with SHA-256. Its older `RSA` (SHA-1) is never made and never accepted.
 */
const algorithm = 'RSA-SHA256';

export const privateKeyOf = (pem: string): KeyObject => createPrivateKey(pem);
export const publicKeyOf = (pem: string): KeyObject => createPublicKey(pem);

/** The text that is signed: `key=value` joined by `&`, keys in the order of their code units, values as they are. */
export const signingText = (parameters: ReadonlyMap<string, string>): string =>
  [...parameters.keys()]
    .sort()
    .map((key) => `${key}=${parameters.get(key)}`)
    .join('&');

export const signatureOf = (text: string, key: KeyObject): string =>
  sign(algorithm, Buffer.from(text, 'utf8'), key).toString('base64');

/**
 * Whether `signature` (base64) is the key owner's for `text`. Only the canonical spelling is read: Node's decoder would
 * otherwise skip stray characters, and a signature could be written in many ways.
 */
export const isSignedBy = (text: string, signature: string, key: KeyObject): boolean => {
  const bytes = Buffer.from(signature, 'base64');
  if (bytes.toString('base64') !== signature) return false;
  return verify(algorithm, Buffer.from(text, 'utf8'), key, bytes);
};
