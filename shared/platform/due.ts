import type { OrderId } from './ids.ts';
import type { Instant } from './time.ts';
import { bytesOfUlid } from './ulid-bytes.ts';

/**
 * What is due is found by a sparse index over 16 shards, so that a rush of deadlines does not meet on one key. An item
 * is in the index exactly while it has both attributes.
 */
export const dueShards: readonly string[] = Array.from({ length: 16 }, (_, shard) => `DUE#${shard}`);

/**
 * An order's shard of the index: the last four bits of its id, as many values as there are shards. They are drawn by
 * chance for the first order of a millisecond and counted on for those after it, so that every shard gets as many. (The
 * id's last letter is no number by its code: Crockford's alphabet has gaps.)
 */
const shardOf = (orderId: OrderId): number => bytesOfUlid(orderId).readUInt8(15) % dueShards.length;

/** The index attributes of an item of an order that is to be looked at again at `dueAt`. */
export const dueOf = (orderId: OrderId, dueAt: Instant): { dueShard: string; dueAt: Instant } => ({
  dueShard: `DUE#${shardOf(orderId)}`,
  dueAt,
});
