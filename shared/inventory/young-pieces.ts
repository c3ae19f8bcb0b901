import type { OrderId } from '../platform/ids.ts';
import { plusSeconds, type Instant } from '../platform/time.ts';
import type { Stretch } from '../timetable/model.ts';
import type { Owner } from './model.ts';
import { orderOfOwner, takenAt } from './owner.ts';
import { gapsOf, type ShardState } from './pieces.ts';

/** Longer than a hold takes from its first seat to its commit or its end: an older piece stays for a while. */
const youngSeconds = 15;

/**
 * The orders whose young pieces are all that keeps a party from its seats. None when there were too few seats without
 * them as well. Whether these pieces stay is not known here: their orders may be committed, or just be given up.
 */
export const youngInTheWay = (
  shards: readonly ShardState[],
  wish: { orderId: OrderId; stretch: Stretch; party: number; now: Instant },
): OrderId[] => {
  const { orderId, stretch, party, now } = wish;
  const isYoung = (owner: Owner | 'free'): owner is Owner =>
    owner !== 'free' && orderOfOwner(owner) !== orderId && plusSeconds(takenAt(owner), youngSeconds) > now;
  const open = shards.filter(({ closed }) => closed === undefined);
  const seats = open
    .flatMap(({ closed, pieces }) => {
      const freed = [...pieces].map(
        ([name, piece]) =>
          [name, isYoung(piece.owner) ? { ...piece, owner: 'free' as const } : piece] as const,
      );
      return gapsOf({ closed, pieces: new Map(freed) });
    })
    .filter(({ from, to }) => from <= stretch.from && to >= stretch.to).length;
  if (seats < party) return [];
  const inTheWay = open.flatMap(({ pieces }) =>
    [...pieces.values()].flatMap(({ owner, from, to }) =>
      isYoung(owner) && from < stretch.to && to > stretch.from ? [orderOfOwner(owner)] : [],
    ),
  );
  return [...new Set(inTheWay)];
};
