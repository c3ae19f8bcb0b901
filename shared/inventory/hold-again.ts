import type { OrderId } from '../platform/ids.ts';
import type { Table } from '../platform/dynamo.ts';
import { accepted, rejected, type Accepted, type Rejected } from '../platform/outcome.ts';
import { newNonce } from '../platform/random.ts';
import type { Clock } from '../platform/time.ts';
import { ownsAll } from './hold-seats.ts';
import type { Place } from './model.ts';
import {
  consumedPiecesMax,
  cutOf,
  gapsOf,
  nameOfPiece,
  type Cut,
  type ShardState,
  type Taker,
} from './pieces.ts';
import { ownerOf, sameOrder } from './owner.ts';
import { holdPieces } from './hold-store.ts';
import { readShard, releasePieces } from './store.ts';

const triesMax = 6;

type Dependencies = {
  inventory: Table;
  clock: Clock;
  /** How pieces go back that it took and cannot use; without it, they are free for anybody. */
  release?: (places: readonly Place[]) => Promise<void>;
};

type Refused =
  | Rejected<'gone' | 'busy' | 'closed'>
  /** Only pieces of this very order are in the way: another try of it is on its way, or died on it. */
  | (Rejected<'own-order'> & { blockers: Place[] });

export type HeldAgain = Accepted<{ places: Place[] }> | Refused;

/**
 * Takes the same places that an ended order had, for money that came late: with a new owner, all of them or none.
 * `gone` if somebody else has a seat, or its shard does not exist; `closed` if the shard takes no holds: the state of
 * the run then shows whether that passes; `busy` if others were quicker every time.
 */
export const holdAgain =
  ({ inventory, clock, release = (places) => releasePieces(inventory, places) }: Dependencies) =>
  async (orderId: OrderId, places: readonly Place[]): Promise<HeldAgain> => {
    const taken: Place[] = [];
    try {
      for (const group of groupsOf(places)) {
        const owner = ownerOf(orderId, newNonce(), clock());
        const mine = group.map((place) => ({ ...place, owner }));
        taken.push(...mine);
        const held = await takeGroup({ inventory, clock }, mine);
        if (held.outcome === 'accepted') continue;
        await release(taken);
        return held;
      }
    } catch (error) {
      // Nobody will ever commit these owners, so this releases what it took, including what the last try may have
      // taken.
      await release(taken);
      throw error;
    }
    return accepted({ places: inOrderOf(places, taken) });
  };

/**
 * Groups the places of one write: seats of one shard on one stretch, and no more than one expression can name the pieces
 * of. At worst a stretch consists of as many pieces as it has legs. Passengers who change seats have two stretches, and
 * one may take the seat that another leaves: both cuts would be of one gap.
 */
const groupsOf = (places: readonly Place[]): Place[][] =>
  [...Map.groupBy(places, ({ shard, piece }) => `${shard.shard} ${piece.from}-${piece.to}`).values()].flatMap(
    (group) => {
      const legs = Math.max(...group.map(({ piece }) => piece.to - piece.from));
      const seats = Math.max(1, Math.floor(consumedPiecesMax / legs));
      return Array.from({ length: Math.ceil(group.length / seats) }, (_, n) =>
        group.slice(n * seats, (n + 1) * seats),
      );
    },
  );

/** Each passenger gets the original seat, however the seats were grouped. */
const inOrderOf = (places: readonly Place[], taken: readonly Place[]): Place[] =>
  places.map((place) => {
    const same = taken.find(
      ({ shard, piece }) =>
        shard.shard === place.shard.shard && nameOfPiece(piece) === nameOfPiece(place.piece),
    );
    if (!same) throw new Error('a place is missing among those taken');
    return same;
  });

const takeGroup = async (
  { inventory, clock }: Pick<Dependencies, 'inventory' | 'clock'>,
  mine: readonly Place[],
): Promise<Accepted<object> | Refused> => {
  const [first] = mine;
  if (!first) return accepted({});
  for (let attempt = 0; attempt < triesMax; attempt += 1) {
    const state = await readShard(inventory, first.shard);
    if (ownsAll(state, mine)) return accepted({});
    if (!state) return rejected('gone');
    if (state.closed) return rejected('closed');
    const cuts = cutsFor(state, mine, { now: clock(), isWaitlist: false });
    if (!cuts) return inTheWay(state, mine);
    const result = await holdPieces(inventory, first.shard, cuts, first.owner);
    if (result.outcome === 'held') return accepted({});
  }
  return rejected('busy');
};

/** The cuts that take these places in this state of their shard; undefined if one of them is not free. */
export const cutsFor = (state: ShardState, places: readonly Place[], taker: Taker): Cut[] | undefined => {
  const gaps = gapsOf(state, taker);
  const cuts = places.map(({ piece }) => {
    const gap = gaps.find(
      ({ seat, from, to }) => seat === piece.seat && from <= piece.from && to >= piece.to,
    );
    return gap && cutOf(gap, piece.from, piece.to);
  });
  return cuts.every((cut) => cut !== undefined) ? cuts : undefined;
};

/** Finds who has the wanted pieces: somebody else, or only other tries of the same order. */
const inTheWay = (state: ShardState, mine: readonly Place[]): Refused => {
  const blockers = mine.flatMap((place): Place[] =>
    [...state.pieces.values()].flatMap(({ owner, ...piece }) =>
      owner !== 'free' &&
      piece.seat === place.piece.seat &&
      piece.from < place.piece.to &&
      piece.to > place.piece.from
        ? [{ ...place, piece, owner }]
        : [],
    ),
  );
  const own = blockers.every(({ owner }) => mine.some((place) => sameOrder(owner, place.owner)));
  return own ? { ...rejected('own-order'), blockers } : rejected('gone');
};
