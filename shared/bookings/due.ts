import type { Instant } from '../platform/time.ts';
import { bytesOfUlid } from '../platform/ulid-bytes.ts';

/**
 * A sparse index over 16 shards finds due items, so that a rush of deadlines does not hit one key. An item is in the
 * index exactly while it has both attributes.
 */
export const dueShards: readonly string[] = Array.from({ length: 16 }, (_, shard) => `DUE#${shard}`);

/**
 * The shard of an item with a ULID, such as an order: the ULID's last four bits, with as many values as there are
 * shards. They are random for the first id of a millisecond and count up for the next ones, so that every shard gets
 * the same number. (The code of the last character is no number: Crockford's alphabet has gaps.)
 */
const shardOf = (ulid: string): number => bytesOfUlid(ulid).readUInt8(15) % dueShards.length;

/** The index attributes of an item whose next look is at `dueAt`: an item of an order, or one with its own ULID. */
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

/** The part of an update that ends a series of failures: the work is done. */
export const removePostponed = 'postponedAt, postponedSince';

/** The conditions under which nothing of an item is due, and no person is needed. */
export const atRest: readonly string[] = [
  'attribute_not_exists(dueShard)',
  'attribute_not_exists(attentionShard)',
];
