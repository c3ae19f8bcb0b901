import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';

/** Alipay's RSA2 is RSASSA-PKCS1-v1_5 with SHA-256. We never make or accept its older `RSA` (SHA-1). */
const algorithm = 'RSA-SHA256';

export const privateKeyOf = (pem: string): KeyObject => createPrivateKey(pem);
export const publicKeyOf = (pem: string): KeyObject => createPublicKey(pem);

/** The text to sign: `key=value` joined by `&`, keys in the order of their code units, values unchanged. */
export const signingText = (parameters: ReadonlyMap<string, string>): string =>
  [...parameters.keys()]
    .sort()
    .map((key) => `${key}=${parameters.get(key)}`)
    .join('&');

export const signatureOf = (text: string, key: KeyObject): string =>
  sign(algorithm, Buffer.from(text, 'utf8'), key).toString('base64');

/**
 * Whether the key's owner made `signature` (base64) for `text`. It accepts only the canonical spelling: Node's decoder
 * would otherwise skip stray characters, and one signature would have many spellings.
 */
export const isSignedBy = (text: string, signature: string, key: KeyObject): boolean => {
  const bytes = Buffer.from(signature, 'base64');
  if (bytes.toString('base64') !== signature) return false;
  return verify(algorithm, Buffer.from(text, 'utf8'), key, bytes);
};
