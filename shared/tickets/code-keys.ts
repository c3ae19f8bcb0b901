import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';

/** PKCS#8 around the 32 bytes of an Ed25519 private key, the only form that Node accepts (RFC 8410, section 7). */
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');
const spkiPrefix = Buffer.from('302a300506032b6570032100', 'hex');

export const keyIdBytes = 4;

/** What a gate needs to check codes: the raw 32 bytes of a public key, and an id made from them. */
export type TicketKey = { keyId: string; publicKey: Buffer };

/** What signs a carrier's tickets: the seed of an Ed25519 key, which never leaves the function that may read its secret. */
export type SigningKey = { seed: Buffer; carrierId: string };

/** The key with this public half, 32 bytes. */
export const ticketKey = (publicKey: Buffer): TicketKey => ({
  keyId: createHash('sha256').update(publicKey).digest().subarray(0, keyIdBytes).toString('hex'),
  publicKey,
});

export const privateKeyOf = (seed: Buffer): KeyObject =>
  createPrivateKey({ key: Buffer.concat([pkcs8Prefix, seed]), format: 'der', type: 'pkcs8' });

/** The public half of the key with this seed. */
export const ticketKeyOf = (seed: Buffer): TicketKey =>
  ticketKey(createPublicKey(privateKeyOf(seed)).export({ format: 'der', type: 'spki' }).subarray(-32));

const opened = new WeakMap<TicketKey, KeyObject>();

/** The key in Node's form, made once for each: making it takes longer than verifying a code. */
export const publicKeyOf = (key: TicketKey): KeyObject => {
  const known = opened.get(key);
  if (known) return known;
  const der = Buffer.concat([spkiPrefix, key.publicKey]);
  const made = createPublicKey({ key: der, format: 'der', type: 'spki' });
  opened.set(key, made);
  return made;
};
