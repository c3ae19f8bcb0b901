import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';

/** PKCS#8 around the 32 bytes of an Ed25519 private key, the only form that Node accepts (RFC 8410, section 7). */
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');
const spkiPrefix = Buffer.from('302a300506032b6570032100', 'hex');

export const keyIdBytes = 4;

/** What a gate needs to check codes: the raw 32 bytes of a public key, and an id made from them. */
export type TicketKey = { keyId: string; publicKey: Buffer };

const ticketKey = (publicKey: Buffer): TicketKey => ({
  keyId: createHash('sha256').update(publicKey).digest().subarray(0, keyIdBytes).toString('hex'),
  publicKey,
});

export const privateKeyOf = (seed: Buffer): KeyObject =>
  createPrivateKey({ key: Buffer.concat([pkcs8Prefix, seed]), format: 'der', type: 'pkcs8' });

/** The public half of the key whose seed is `deploymentKey('sign-tickets')`. */
export const ticketKeyOf = (seed: Buffer): TicketKey =>
  ticketKey(createPublicKey(privateKeyOf(seed)).export({ format: 'der', type: 'spki' }).subarray(-32));

export const publicKeyOf = ({ publicKey }: TicketKey): KeyObject =>
  createPublicKey({ key: Buffer.concat([spkiPrefix, publicKey]), format: 'der', type: 'spki' });
