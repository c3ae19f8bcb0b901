import { randomBytes } from 'node:crypto';
import type { OrderId } from '../platform/ids.ts';
import type { Table } from '../platform/dynamo.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import type { Clock } from '../platform/time.ts';
import { ownsAll } from './hold-seats.ts';
import type { Place, ShardKey } from './model.ts';
import { cutOf, gapsOf, type Cut, type ShardState } from './pieces.ts';
import { ownerOf } from './owner.ts';
import { givePiecesBack, holdPieces, readShard } from './store.ts';

const triesMax = 6;

/**
 * Takes the very places an ended order once had, for money that came late: with a new owner, all of them or none.
 * `gone` when a seat is somebody else's or the run is closed; `busy` when others were always quicker.
 */
export const holdAgain =
  ({ inventory, clock }: { inventory: Table; clock: Clock }) =>
  async (
    orderId: OrderId,
    places: readonly Place[],
  ): Promise<Outcome<{ places: Place[] }, 'gone' | 'busy'>> => {
    const taken: Place[] = [];
    for (const group of groupsByShard(places)) {
      const owner = ownerOf(orderId, randomBytes(4), clock());
      const mine = group.map((place) => ({ ...place, owner }));
      taken.push(...mine);
      const outcome = await takeGroup(inventory, mine);
      if (outcome !== 'held') {
        await givePiecesBack(inventory, taken);
        return rejected(outcome);
      }
    }
    return accepted({ places: taken });
  };

const groupsByShard = (places: readonly Place[]): Place[][] => {
  const groups = Map.groupBy(places, ({ shard }) => shard.shard);
  return [...groups.values()];
};

const takeGroup = async (inventory: Table, mine: Place[]): Promise<'held' | 'gone' | 'busy'> => {
  const shard = (mine[0] as Place).shard satisfies ShardKey;
  const owner = (mine[0] as Place).owner;
  for (let attempt = 0; attempt < triesMax; attempt += 1) {
    const state = await readShard(inventory, shard);
    if (ownsAll(state, mine)) return 'held';
    const cuts = state && cutsFor(state, mine);
    if (!cuts) return 'gone';
    const result = await holdPieces(inventory, shard, cuts, owner);
    if (result.outcome === 'held') return 'held';
  }
  return 'busy';
};

const cutsFor = (state: ShardState, places: readonly Place[]): Cut[] | undefined => {
  if (state.closed) return undefined;
  const gaps = gapsOf(state);
  const cuts = places.map(({ piece }) => {
    const gap = gaps.find(
      ({ seat, from, to }) => seat === piece.seat && from <= piece.from && to >= piece.to,
    );
    return gap && cutOf(gap, piece.from, piece.to);
  });
  return cuts.every((cut) => cut !== undefined) ? cuts : undefined;
};
