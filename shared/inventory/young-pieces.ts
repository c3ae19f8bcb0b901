import type { OrderId } from '../platform/ids.ts';
import { plusSeconds, type Instant } from '../platform/time.ts';
import type { Stretch } from '../timetable/model.ts';
import type { Owner } from './model.ts';
import { orderOfOwner, takenAt } from './owner.ts';
import { gapsOf, type ShardState } from './pieces.ts';

/** Longer than a hold takes from its first seat to its commit or its end: an older piece is likely to stay. */
const youngSeconds = 15;

/** The time until which a piece may become free again because its order is not committed after all. */
export const youngUntil = (owner: Owner): Instant => plusSeconds(takenAt(owner), youngSeconds);

/** A shard without the pieces of some of its owners. */
export const without = (
  { closed, pieces }: ShardState,
  isLeftOut: (owner: Owner) => boolean,
): ShardState => ({
  closed,
  pieces: new Map(
    [...pieces].map(([name, piece]) => [
      name,
      piece.owner !== 'free' && isLeftOut(piece.owner) ? { ...piece, owner: 'free' as const } : piece,
    ]),
  ),
});

/** The owners of young pieces in these shards. */
export const youngOwners = (shards: readonly ShardState[], now: Instant): Owner[] => [
  ...new Set(
    shards.flatMap(({ pieces }) =>
      [...pieces.values()].flatMap(({ owner }) =>
        owner !== 'free' && youngUntil(owner) > now ? [owner] : [],
      ),
    ),
  ),
];

/**
 * The orders whose young pieces alone keep a party from its seats. Empty if there were too few seats even without them.
 * This does not know whether these pieces stay: their orders may be committed, or may be ending right now.
 */
export const youngInTheWay = (
  shards: readonly ShardState[],
  wish: { orderId: OrderId; stretch: Stretch; party: number; now: Instant },
): OrderId[] => {
  const { orderId, stretch, party, now } = wish;
  const isYoung = (owner: Owner): boolean => orderOfOwner(owner) !== orderId && youngUntil(owner) > now;
  const open = shards.filter(({ closed }) => closed === undefined);
  const seats = open
    .flatMap((shard) => gapsOf(without(shard, isYoung), { now, isWaitlist: false }))
    .filter(({ from, to }) => from <= stretch.from && to >= stretch.to).length;
  if (seats < party) return [];
  const inTheWay = open.flatMap(({ pieces }) =>
    [...pieces.values()].flatMap(({ owner, from, to }) =>
      owner !== 'free' && isYoung(owner) && from < stretch.to && to > stretch.from
        ? [orderOfOwner(owner)]
        : [],
    ),
  );
  return [...new Set(inTheWay)];
};
