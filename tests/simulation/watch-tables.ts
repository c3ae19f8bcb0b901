import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { usualBounds } from '../../shared/audit/model.ts';
import { audit } from '../../shared/audit/rules.ts';
import { readAvailability } from '../../shared/inventory/availability-store.ts';
import type { Carrier } from '../../shared/platform/carrier.ts';
import type { StreamRecord } from '../../shared/platform/stream-records.ts';
import { measureAttention } from '../../shared/upkeep/attention.ts';
import { readFrozenRunsOf } from '../../shared/timetable/store.ts';
import type { TestTables } from '../support/dynamo.ts';
import { countAgain } from './at-rest-oracle.ts';
import { stillMoving } from './at-rest.ts';
import type { Books } from './books.ts';
import { closedAtBanks } from './closed-at-banks.ts';
import { compareBooks } from './compare-books.ts';
import { addUp, agreeWithBanks, historiesIn, noMoreThanTaken } from './histories.ts';
import { needsAtRest, toldInTime } from './in-sight.ts';
import type { Mirror } from './mirror.ts';
import { everyItem, piecesIn, seatsOfItem, shardKeyOf } from './protocol.ts';
import { makeGenerationCheck, runsBehind } from './runs-follow.ts';
import { makeSafetyCheck } from './safety.ts';
import type { Scheduler } from './scheduler.ts';
import { followStream } from './streams.ts';
import { simulatedDate } from './timetable.ts';
import type { Wrong } from './wrong.ts';

const forEver = 1e9;
/** While things are under way, only what must be true at every moment is asked for. */
const anyTime = {
  ...usualBounds,
  youngPieceSeconds: forEver,
  overdueSeconds: forEver,
  overdueLastSeconds: forEver,
  patienceSeconds: 2.25 * 3600,
  viewSeconds: forEver,
};

const auditEveryReads = 25;

type Options = {
  scheduler: Scheduler;
  carrier: Carrier;
  mirror: Mirror;
  books: Books;
  wrong: Wrong[];
  /** Whether a hold may land again after its piece was given back; the reconciler then finds it. */
  lateRequests: () => boolean;
  offer: (bookings: StreamRecord[], inventory: StreamRecord[]) => void;
};

/**
 * Reads both streams of the emulator a little after each write, as a poller would: for the functions behind them, for
 * the mirror, and to check every write by itself and now and then all of them together.
 */
export const watchTables = async (
  tables: TestTables,
  { scheduler, carrier, mirror, books, wrong, offer, lateRequests }: Options,
) => {
  const dynamo = new DynamoDBClient({
    endpoint: tables.endpoint,
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const bookings = await followStream(dynamo, tables.endpoint, tables.bookings.name);
  const inventory = await followStream(dynamo, tables.endpoint, tables.inventory.name);
  const safety = makeSafetyCheck(carrier);
  const generations = makeGenerationCheck(mirror);
  let isBehind = false;
  let reads = 0;

  const read = async (): Promise<void> => {
    isBehind = false;
    const [booked, held] = [await bookings.read(), await inventory.read()];
    const { runs, unreadable } = await readFrozenRunsOf(tables.timetable, simulatedDate);
    wrong.push(...unreadable.map(({ runId }) => ({ rule: 'readable', what: `the run ${runId}` })));
    mirror.seeRuns(runs);
    for (const record of booked) {
      mirror.seeBooking(record);
      wrong.push(...readable(() => safety.seeBooking(record)));
    }
    for (const record of held) {
      mirror.seeShard(record);
      wrong.push(...readable(() => safety.seeShard(record)));
    }
    if (wrong.length > 0) return;
    wrong.push(...generations.check(booked), ...closedAtBanks(booked, books));
    if (wrong.length > 0) return;
    if (!lateRequests()) wrong.push(...keptPieces(booked, mirror));
    offer(booked, held);
    reads += 1;
    if (reads % auditEveryReads === 0) wrong.push(...auditNow(mirror, scheduler));
  };

  return {
    transitions: safety.transitions,
    isBehind: () => isBehind,
    written: (): void => {
      if (isBehind) return;
      isBehind = true;
      scheduler.after(scheduler.seed.spread(20, 1000), read);
    },
    stop: (): void => {
      bookings.stop();
      inventory.stop();
      dynamo.destroy();
    },
  };
};

/** What the product could not read again is a fault like any other. */
const readable = (check: () => Wrong[]): Wrong[] => {
  try {
    return check();
  } catch (error) {
    return [{ rule: 'readable', what: String(error) }];
  }
};

/** T8: when an order ends, none of its pieces is its own any more; not even the reconciler is needed for them. */
const keptPieces = (records: readonly StreamRecord[], { shards }: Mirror): Wrong[] =>
  records.flatMap(({ keys, newImage, oldImage }) => {
    const state = newImage?.['state'];
    if (oldImage?.['state'] !== 'releasing' || (state !== 'expired' && state !== 'cancelled')) return [];
    const seats = everyItem(newImage ?? {}).flatMap((item) =>
      seatsOfItem(item).map((place) => ({ itemId: item.itemId, place })),
    );
    return seats.flatMap(({ itemId, place }) =>
      piecesIn(shards.get(shardKeyOf(place.shard)) ?? {}).some(({ owner }) => owner === place.owner)
        ? [
            {
              rule: 'freed-before-ended',
              what: `${String(keys['pk'])} ended, and its item ${itemId} owns its piece`,
            },
          ]
        : [],
    );
  });

const auditNow = (mirror: Mirror, { clock, now }: Scheduler): Wrong[] => [
  ...audit(mirror.snapshot(clock()), anyTime)
    .filter(({ invariant }) => invariant !== 'view-true')
    .map(({ invariant, what }) => ({ rule: invariant, what })),
  ...toldInTime(mirror, now()),
  ...addUp(historiesIn(mirror)),
];

/** Everything, once nothing moves any more: no allowance is left for what is on its way. */
export const checkAtRest = async ({
  tables,
  mirror,
  books,
  scheduler,
  peopleStay,
}: {
  tables: TestTables;
  mirror: Mirror;
  books: Books;
  scheduler: Scheduler;
  peopleStay: boolean;
}): Promise<Wrong[]> => {
  const runIds = [...mirror.runs.values()].map(({ runId }) => runId);
  const views = await readAvailability(tables.availability, runIds);
  const snapshot = mirror.snapshot(scheduler.clock(), views);
  return [
    ...audit(snapshot, usualBounds).map(({ invariant, what }) => ({
      rule: invariant,
      what,
    })),
    ...stillMoving(snapshot, { books, peopleStay }),
    ...(await runsBehind(tables, mirror, scheduler)),
    ...compareBooks(snapshot, books),
    ...countAgain(mirror, books),
    ...addUp(historiesIn(mirror)),
    ...agreeWithBanks(historiesIn(mirror), books),
    ...noMoreThanTaken(books),
    ...(await checkNeeds({ tables, mirror, books, scheduler })),
  ];
};

/** Who is needed at the end is needed for a reason, and is counted: that is what raises the alarm. */
const checkNeeds = async ({
  tables,
  mirror,
  books,
  scheduler,
}: {
  tables: TestTables;
  mirror: Mirror;
  books: Books;
  scheduler: Scheduler;
}): Promise<Wrong[]> => {
  const { wrong, standing } = needsAtRest(mirror, books.lies);
  const { waiting } = await measureAttention(tables.bookings, scheduler.clock());
  const what = `${standing} items need a person, and ${waiting} are counted`;
  return [...wrong, ...(waiting === standing ? [] : [{ rule: 'in-sight', what }])];
};
