import type { Instant } from './time.ts';

/**
 * What is due is found by a sparse index over 16 shards, so that a rush of deadlines does not meet on one key. An item
 * is in the index exactly while it has both attributes.
 */
export const dueShards: readonly string[] = Array.from({ length: 16 }, (_, shard) => `DUE#${shard}`);

/** The index attributes of an item of an order that is to be looked at again at `dueAt`. */
export const dueOf = (orderId: string, dueAt: Instant): { dueShard: string; dueAt: Instant } => ({
  dueShard: `DUE#${(orderId.codePointAt(25) ?? 0) % 16}`,
  dueAt,
});
