import {
  finishAllocation,
  leaveAllocation,
  noteAllocation,
  takeAllocation,
  type Taken,
} from '../entries/allocation-store.ts';
import { readQueue } from '../entries/queue-store.ts';
import type { SeenShard } from '../inventory/choose-shard.ts';
import { look, shardsUnread } from '../inventory/hold-seats.ts';
import { gapsOf } from '../inventory/pieces.ts';
import { classesOf } from '../inventory/shards.ts';
import type { Class, OrderId, RunId } from '../platform/ids.ts';
import { loggable, logger } from '../platform/log.ts';
import { newUlid } from '../platform/random.ts';
import { earlier, plusSeconds, type Instant } from '../platform/time.ts';
import type { Run, Stretch } from '../timetable/model.ts';
import { findStretch } from '../timetable/rules.ts';
import { readFrozenRun } from '../timetable/store.ts';
import { endEntriesOfRun } from './look-at-entry.ts';
import { serveEntry, type ServeDependencies } from './serve-entry.ts';

/** One call serves at most so many entries; the rest get the next call. */
const servedMax = 40;

/** How often one call looks anew because more seats came free meanwhile. */
const roundsMax = 5;

/** A release may land this long after its note: the clean-up then looks once more. */
const landsWithinSeconds = 60;

type Allocated = { served: OrderId[] };

/** What a round found: whom it served, and whether it stopped before the end of a queue. */
type Round = { served: OrderId[]; isCut: boolean };

/**
 * Serves the entries that wait for a run, first come first served, as far as free and kept seats fit. If another call works on
 * the run, that one looks anew. Anybody may call it at any time.
 */
export const allocateRun =
  (dependencies: ServeDependencies) =>
  async (runId: RunId, { hasTime = () => true }: { hasTime?: () => boolean } = {}): Promise<Allocated> => {
    const { bookings, clock } = dependencies;
    const worker = newUlid(clock());
    const served: OrderId[] = [];
    for (let round = 0; round < roundsMax && hasTime(); round += 1) {
      const taken = await takeAllocation(bookings, runId, { worker, now: clock() });
      if (!taken) return { served };
      try {
        const found = await allocateOnce(dependencies, runId, hasTime);
        served.push(...found.served);
        if (found.isCut) {
          await goOnLater(dependencies, runId, { taken, by: found.served[0] });
          return { served };
        }
        if ((await finishAllocation(bookings, runId, taken, lookAgainAt(taken, clock()))) === 'finished')
          return { served };
      } catch (error) {
        await leaveAllocation(bookings, runId, taken);
        throw error;
      }
    }
    await leaveAllocation(bookings, runId, { worker, mark: undefined, askedAt: undefined });
    return { served };
  };

/** The release that was noted may not have landed yet. */
const lookAgainAt = ({ askedAt }: Taken, now: Instant): Instant | undefined => {
  const at = askedAt && plusSeconds(askedAt, landsWithinSeconds);
  return at && at > now ? at : undefined;
};

/** The next call begins at once: the note has an event. */
const goOnLater = async (
  { bookings, clock }: ServeDependencies,
  runId: RunId,
  { taken, by }: { taken: Taken; by: OrderId | undefined },
): Promise<void> => {
  await leaveAllocation(bookings, runId, taken);
  if (by) await noteAllocation(bookings, runId, { by, now: clock() });
};

const allocateOnce = async (
  dependencies: ServeDependencies,
  runId: RunId,
  hasTime: () => boolean,
): Promise<Round> => {
  const { timetable } = dependencies;
  const run = await readFrozenRun(timetable, runId, { consistent: true });
  if (!run) return { served: [], isCut: false };
  if (run.state === 'closed') {
    await endEntriesOfRun(dependencies)(runId);
    return { served: [], isCut: false };
  }
  const all: Round = { served: [], isCut: false };
  for (const cls of classesOf(run.layout)) {
    const mayGoOn = (served: number) => hasTime() && all.served.length + served < servedMax;
    const round = await allocateClass(dependencies, { run, class: cls }, mayGoOn);
    all.served.push(...round.served);
    if (round.isCut) return { ...all, isCut: true };
  }
  return all;
};

const allocateClass = async (
  dependencies: ServeDependencies,
  { run, class: cls }: { run: Run; class: Class },
  mayGoOn: (served: number) => boolean,
): Promise<Round> => {
  const { bookings, inventory, clock } = dependencies;
  const served: OrderId[] = [];
  const shards = shardsUnread({ run, class: cls });
  await look(inventory, shards, run.stops.length);
  if (seatsFor(shards, undefined, clock()) === 0) return { served, isCut: false };
  const kept = keptSince(shards);
  for await (const page of readQueue(bookings, { runId: run.runId, class: cls }))
    for (const queued of page) {
      if (!mayGoOn(served.length)) return { served, isCut: true };
      if (queued.cutOffAt <= clock()) continue;
      const found = findStretch(run, queued.from, queued.to);
      if (found.outcome === 'rejected') continue;
      const { stretch } = found;
      await look(
        inventory,
        shards.filter(({ state }) => state === 'unread'),
        run.stops.length,
      );
      if (seatsFor(shards, stretch, clock()) < queued.party) continue;
      const turn = { run, queued, stretch, shards, kept };
      const outcome = await serveEntry(dependencies)(turn).catch((thrown: unknown) => {
        // One entry that cannot be served must not keep the others from their seats.
        logger.error('an entry of the waitlist could not be served', {
          entryId: queued.entryId,
          thrown: loggable(thrown),
        });
        for (const shard of shards) shard.state = 'unread';
        return undefined;
      });
      if (outcome?.outcome === 'accepted') served.push(queued.entryId);
      else if (outcome?.reason === 'run-changes') return { served, isCut: false };
      else if (outcome?.reason === 'lost-race') for (const shard of shards) shard.state = 'unread';
    }
  return { served, isCut: false };
};

/** How many seats the waitlist may take between two stops, or anywhere, by what is known of the shards. */
const seatsFor = (shards: readonly SeenShard[], stretch: Stretch | undefined, now: Instant): number =>
  shards
    .flatMap(({ state }) =>
      state === 'unread' || state.closed !== undefined ? [] : gapsOf(state, { now, isWaitlist: true }),
    )
    .filter(({ from, to }) => !stretch || (from <= stretch.from && to >= stretch.to)).length;

/** The earliest second since which a piece is kept: what goes back unused must not be kept for longer than it was. */
const keptSince = (shards: readonly SeenShard[]): Instant | undefined =>
  shards
    .flatMap(({ state }) =>
      state === 'unread' ? [] : [...state.pieces.values()].flatMap(({ kept }) => (kept ? [kept] : [])),
    )
    .reduce<Instant | undefined>((first, at) => (first ? earlier(first, at) : at), undefined);
