import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';

/** RSASSA-PKCS1-v1_5 with SHA-256. We never make or accept SHA-1, which some providers still offer. */
const algorithm = 'RSA-SHA256';

export const privateKeyOf = (pem: string): KeyObject => createPrivateKey(pem);

/** Of a public key or a certificate. */
export const publicKeyOf = (pem: string): KeyObject => createPublicKey(pem);

/** In base64. */
export const signatureOf = (text: string, key: KeyObject): string =>
  sign(algorithm, Buffer.from(text, 'utf8'), key).toString('base64');

/**
 * Whether the key's owner made `signature` (base64) for the text or the bytes. It accepts only the canonical spelling: Node's
 * decoder would otherwise skip stray characters, and one signature would have many spellings.
 */
export const isSignedBy = (signed: string | Buffer, signature: string, key: KeyObject): boolean => {
  const bytes = Buffer.from(signature, 'base64');
  if (bytes.toString('base64') !== signature) return false;
  return verify(algorithm, typeof signed === 'string' ? Buffer.from(signed, 'utf8') : signed, key, bytes);
};
