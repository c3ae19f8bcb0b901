import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { identityOf, storedDocumentSchema, type Document } from './document.ts';

const keyVersion = 2;
const nonceBytes = 12;
const tagBytes = 16;

/**
 * The data that GCM authenticates beside the document: a sealed text opens only in the context in which it was sealed.
 */
const associated = (context: string): Buffer => Buffer.from(`keyun document ${keyVersion}\n${context}`);

/**
 * An order's own half of the key of its documents, stored apart from them. After its deletion nobody can open those
 * sealed documents, wherever copies are, even with the deployment's key.
 */
export const newDocumentKey = (): string => randomBytes(16).toString('base64url');

/** The key of an order's documents, derived from the deployment's half and the order's own (RFC 5869). */
export const orderKeyOf = (key: Buffer, documentKey: string): Buffer =>
  Buffer.from(hkdfSync('sha256', key, Buffer.from(documentKey, 'base64url'), 'documents of an order', 32));

/**
 * Encrypts a document for storage: AES-256-GCM under a fresh nonce, as base64url of version, nonce, ciphertext, tag.
 * `context` names its place, such as the order's id: a sealed text does not open after somebody copies it elsewhere.
 */
export const sealDocument = (key: Buffer, document: Document, context: string): string => {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
  cipher.setAAD(associated(context));
  const sealed = [cipher.update(JSON.stringify(document), 'utf8'), cipher.final()];
  return Buffer.concat([Buffer.of(keyVersion), nonce, ...sealed, cipher.getAuthTag()]).toString('base64url');
};

/**
 * Opens a document that was sealed with this key in this context. Throws if it was not, or if somebody has changed it.
 */
export const openDocument = (key: Buffer, sealed: string, context: string): Document => {
  const bytes = Buffer.from(sealed, 'base64url');
  if (bytes.length < 1 + nonceBytes + tagBytes || bytes[0] !== keyVersion) {
    throw new Error('not a sealed document of a version that this release reads');
  }
  const nonce = bytes.subarray(1, 1 + nonceBytes);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
  decipher.setAAD(associated(context));
  decipher.setAuthTag(bytes.subarray(-tagBytes));
  const opened = [decipher.update(bytes.subarray(1 + nonceBytes, -tagBytes)), decipher.final()];
  return storedDocumentSchema.parse(JSON.parse(Buffer.concat(opened).toString('utf8')));
};

/**
 * A value for comparing documents without knowing them: the first 132 bits of the HMAC-SHA256, as 22 characters of
 * base64url. A plain hash would not do: resident numbers are few enough to try all of them.
 */
export const claimOf = (key: Buffer, document: Document): string =>
  createHmac('sha256', key).update(identityOf(document)).digest('base64url').slice(0, 22);
