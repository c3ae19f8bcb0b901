import type { Instant } from '../platform/time.ts';
import { bytesOfUlid } from '../platform/ulid-bytes.ts';

/**
 * What is due is found by a sparse index over 16 shards, so that a rush of deadlines does not meet on one key. An item
 * is in the index exactly while it has both attributes.
 */
export const dueShards: readonly string[] = Array.from({ length: 16 }, (_, shard) => `DUE#${shard}`);

/**
 * The shard of what has a ULID, such as an order: its last four bits, as many values as there are shards. They are drawn
 * by chance for the first of a millisecond and counted on for those after it, so that every shard gets as many. (The
 * last letter is no number by its code: Crockford's alphabet has gaps.)
 */
const shardOf = (ulid: string): number => bytesOfUlid(ulid).readUInt8(15) % dueShards.length;

/** The index attributes of an item that is to be looked at again at `dueAt`: of an order, or with a ULID of its own. */
export const dueOf = (ulid: string, dueAt: Instant): { dueShard: string; dueAt: Instant } => ({
  dueShard: `DUE#${shardOf(ulid)}`,
  dueAt,
});

/** The parts of an update that put an item into the index. */
export const setDue = 'dueShard = :dueShard, dueAt = :dueAt';

export const dueValues = (ulid: string, dueAt: Instant): { ':dueShard': string; ':dueAt': Instant } => ({
  ':dueShard': `DUE#${shardOf(ulid)}`,
  ':dueAt': dueAt,
});

/** The part of an update that takes an item out of the index. */
export const removeDue = 'dueShard, dueAt';

/** The conditions under which nothing is due of an item, and nobody is asked about it. */
export const atRest: readonly string[] = [
  'attribute_not_exists(dueShard)',
  'attribute_not_exists(attentionShard)',
];
