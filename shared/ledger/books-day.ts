import { bytesOfUlid } from '../platform/ulid-bytes.ts';
import { instantOf, millisecondsOf, type Instant } from '../platform/time.ts';
import type { JournalEntry } from './model.ts';

/**
 * The partitions of a day in the index of the books, so that a rush does not write to one key. The day is one of UTC, as
 * the stored times are: the carrier's zone may change.
 */
const shards = 16;

const dayMilliseconds = 86_400_000;

/** Of an instant, or of a partition. */
const dayOf = (at: string): string => at.slice(0, 10);

/** An order's number is random in its last bits. Of entries without an order there are a few a day. */
const shardOf = ({ orderId }: Pick<JournalEntry, 'orderId'>): number =>
  orderId === undefined ? 0 : bytesOfUlid(orderId).readUInt8(15) % shards;

/** The partition of an entry in the index: `2026-12-01#7`. */
export const booksDayOf = (entry: Pick<JournalEntry, 'orderId' | 'at'>): string =>
  `${dayOf(entry.at)}#${shardOf(entry)}`;

/** The partitions of each day between two instants, `until` excluded, in the order of the days. */
export function* booksDaysOf({ from, until }: { from: Instant; until: Instant }): Generator<string[]> {
  if (from >= until) return;
  const last = dayOf(instantOf(millisecondsOf(until) - 1));
  for (let at = millisecondsOf(from); dayOf(instantOf(at)) <= last; at += dayMilliseconds)
    yield Array.from({ length: shards }, (_, shard) => `${dayOf(instantOf(at))}#${shard}`);
}

/** Those of some partitions that do not end before an instant, by day, in the order of the days. */
export const partitionsByDay = (partitions: Iterable<string>, from: Instant): string[][] => {
  const sorted = [...partitions].filter((partition) => dayOf(partition) >= dayOf(from)).toSorted();
  return [...Map.groupBy(sorted, dayOf).values()];
};
