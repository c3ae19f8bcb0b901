import { livingItems, placesOf, type Order } from '../../shared/orders/model.ts';
import { orderFromItem } from '../../shared/orders/store.ts';
import type { StreamRecord } from '../../shared/platform/stream-records.ts';
import { closedByChange, decideFollowing, isOwned } from '../../shared/runs/rules.ts';
import { readRunOfVersion, readState } from '../../shared/timetable/store.ts';
import type { TestTables } from '../support/dynamo.ts';
import type { Mirror } from './mirror.ts';
import type { Wrong } from './wrong.ts';
import type { Scheduler } from './scheduler.ts';

const rule = 'one-generation';

/**
 * What must be true of orders and the generations of their runs whenever all is read at one moment: who lives lives in
 * the run as it is, and was sold what the generation of the seat had.
 */
export const makeGenerationCheck = (mirror: Mirror) => {
  const times = new Map<string, string[]>();
  const generations = new Map<string, number>();

  const seen = (): boolean => {
    let moved = false;
    for (const { runId, generation, stops } of mirror.runs.values()) {
      moved ||= (generations.get(runId) ?? 1) !== generation;
      generations.set(runId, generation);
      times.set(
        `${runId} ${generation}`,
        stops.map(({ departs }) => departs),
      );
    }
    return moved;
  };

  const faultsOf = (order: Order): Wrong[] => {
    if (order.state === 'void') return [];
    const seats = livingItems(order).flatMap((item) =>
      placesOf(item).map(({ shard }) => ({ itemId: item.itemId, shard })),
    );
    return seats.flatMap(({ itemId, shard }): Wrong[] => {
      const name = `the item ${itemId} of the ${order.state} order ${order.orderId}`;
      const current = generations.get(shard.runId);
      if (current !== shard.generation)
        return [
          { rule, what: `${name} has a seat of generation ${shard.generation}, its run is ${current}` },
        ];
      const departs = times.get(`${shard.runId} ${shard.generation}`)?.[order.from.index];
      return departs === order.departsAt
        ? []
        : [{ rule, what: `${name} leaves at ${order.departsAt}, its run at ${departs}` }];
    });
  };

  return {
    check: (booked: readonly StreamRecord[]): Wrong[] => {
      const keys = new Set(
        booked.flatMap(({ keys }) => (keys['sk'] === 'ORDER' ? [String(keys['pk'])] : [])),
      );
      const partitions = seen()
        ? [...mirror.bookings.values()]
        : [...keys].map((pk) => mirror.bookings.get(pk));
      return partitions.flatMap((partition) => {
        const item = partition?.get('ORDER');
        return item ? faultsOf(orderFromItem(item)) : [];
      });
    },
  };
};

/** Runs that the clean-up is still to look at. */
export const notedRuns = ({ bookings }: Mirror): string[] =>
  [...bookings].flatMap(([pk, partition]) =>
    partition.get('CHANGE')?.['dueShard'] === undefined ? [] : [pk],
  );

/** At rest every run that nobody has a seat of is what the version in force has, and every shard takes holds again. */
export const runsBehind = async (
  tables: TestTables,
  mirror: Mirror,
  { clock }: Scheduler,
): Promise<Wrong[]> => {
  const now = clock();
  const { version } = await readState(tables.timetable, { afresh: true });
  if (!version) return [];
  const wrong: Wrong[] = notedRuns(mirror).map((run) => ({
    rule: 'comes-to-rest',
    what: `${run} is still due`,
  }));
  const { runs } = mirror.snapshot(now);
  for (const run of mirror.runs.values()) {
    const part = runs.find(({ runId }) => runId === run.runId);
    const shards = (part?.shards ?? []).filter(({ key }) => key.generation === run.generation);
    const fresh = await readRunOfVersion(tables.timetable, version, run.runId);
    const decided = decideFollowing({ run, fresh, version: version.version }, now);
    if (decided === 'behind' && !shards.some(({ state }) => isOwned(state)))
      wrong.push({ rule: 'follows', what: `${run.runId} is of ${run.version} and unowned` });
    if (run.state === 'open' && shards.some(({ state }) => closedByChange(state) !== undefined))
      wrong.push({ rule: 'takes-holds', what: `${run.runId} is open, and a shard of it closed by a change` });
    if (run.changing !== undefined)
      wrong.push({ rule: 'comes-to-rest', what: `${run.runId} is still changing` });
  }
  return wrong;
};
