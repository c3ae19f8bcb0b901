import { orderIdSchema, type OrderId } from '../platform/ids.ts';
import { instantOf, millisecondsOf, type Instant } from '../platform/time.ts';
import { bytesOfUlid, ulidOfBytes } from '../platform/ulid-bytes.ts';
import { ownerSchema, type Owner } from './model.ts';

/**
 * The owner of pieces in one try to hold them: the order, four random bytes that no other try has, and the second. Two
 * tries of one order must never share an owner, otherwise releasing the first would release what the second took.
 */
export const ownerOf = (orderId: OrderId, nonce: Buffer, now: Instant): Owner => {
  if (nonce.length !== 4) throw new RangeError('a nonce has four bytes');
  const second = Buffer.alloc(4);
  second.writeUInt32BE(Math.floor(millisecondsOf(now) / 1000));
  return ownerSchema.parse(Buffer.concat([bytesOfUlid(orderId), nonce, second]).toString('base64url'));
};

export const ownerBytes = (owner: Owner): Uint8Array => Uint8Array.from(Buffer.from(owner, 'base64url'));

export const ownerFromBytes = (bytes: Uint8Array): Owner =>
  ownerSchema.parse(Buffer.from(bytes).toString('base64url'));

/** Whether two owners are tries of one order: the order's id is the first sixteen bytes. */
export const sameOrder = (a: Owner, b: Owner): boolean =>
  ownerBuffer(a).subarray(0, 16).equals(ownerBuffer(b).subarray(0, 16));

/** The order that made this try. */
export const orderOfOwner = (owner: Owner): OrderId =>
  orderIdSchema.parse(ulidOfBytes(ownerBuffer(owner).subarray(0, 16)));

/** When the piece was taken, to the second. It is only a hint: age never permits anything. */
export const takenAt = (owner: Owner): Instant => instantOf(ownerBuffer(owner).readUInt32BE(20) * 1000);

const ownerBuffer = (owner: Owner): Buffer => Buffer.from(owner, 'base64url');
