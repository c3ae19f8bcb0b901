import type { Place } from '../inventory/model.ts';
import { holdSeats, type HoldCommand } from '../inventory/hold-seats.ts';
import type { Table } from '../platform/dynamo.ts';
import { accepted, type Accepted } from '../platform/outcome.ts';
import type { Clock } from '../platform/time.ts';
import { fitsIn, type Way } from './ways-to-sit.ts';

type Dependencies = {
  inventory: Table;
  clock: Clock;
  random: () => number;
  /** How seats go back that it took and cannot use. */
  release: (places: readonly Place[]) => Promise<void>;
};
type Refused = Exclude<Awaited<ReturnType<ReturnType<typeof holdSeats>>>, Accepted<object>>;

/** `thenPlaces`: the seats to which the party changes, in the same order. */
type Held = Accepted<{ places: Place[]; thenPlaces?: Place[] }>;

/**
 * Holds seats in the first of these ways that has some, all of them or none. Each stretch is a hold of its own, with an
 * owner of its own. It leaves out a way of which the last count has no seats, but never the last.
 */
export const holdOneWay =
  (dependencies: Dependencies) =>
  async (command: Omit<HoldCommand, 'stretch'>, ways: readonly Way[]): Promise<Held | Refused> => {
    const [last] = ways.slice(-1);
    const tried = ways.filter(
      (way) => way === last || way.every((stretch) => fitsIn({ ...command, view: command.view }, stretch)),
    );
    let refused: Refused | undefined;
    for (const way of tried) {
      const held = await holdWay(dependencies, command, way);
      if (held.outcome === 'accepted' || held.reason !== 'no-seats') return held;
      refused = held;
    }
    if (!refused) throw new RangeError('there is no way to sit');
    return refused;
  };

const holdWay = async (
  dependencies: Dependencies,
  command: Omit<HoldCommand, 'stretch'>,
  [first, second]: Way,
): Promise<Held | Refused> => {
  const held = await holdSeats(dependencies)({ ...command, stretch: first });
  if (held.outcome === 'rejected' || !second) return held;
  const { places } = held;
  const release = () => dependencies.release(places);
  const then = await holdSeats(dependencies)({ ...command, stretch: second }).catch(
    async (error: unknown) => {
      await release();
      throw error;
    },
  );
  if (then.outcome === 'accepted') return accepted({ places, thenPlaces: then.places });
  await release();
  return then;
};
