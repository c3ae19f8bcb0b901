import type { ImportOptions } from '../../shared/feeds/import-report.ts';
import { foreseeImport, importTimetable } from '../../shared/feeds/import-timetable.ts';
import { rollBack } from '../../shared/feeds/roll-back.ts';
import { searchJourneys } from '../../shared/journeys/search-journeys.ts';
import {
  classSchema,
  orderIdSchema,
  runIdSchema,
  serviceDateSchema,
  stopIdSchema,
  userIdSchema,
  type RunId,
  type ServiceDate,
} from '../../shared/platform/ids.ts';
import type { Table } from '../../shared/platform/dynamo.ts';
import { instantSchema } from '../../shared/platform/time.ts';
import { placeOrder } from '../../shared/selling/place-order.ts';
import { listVersions, readKeptVersions } from '../../shared/timetable/kept-versions-store.ts';
import { openSales } from '../../shared/timetable/open-sales.ts';
import { readFrozenRun, readState } from '../../shared/timetable/store.ts';
import { cleanUp } from '../../shared/upkeep/clean-up.ts';
import { person } from './person.ts';
import { purchaseWorld, type PurchaseWorld } from './purchase-world.ts';
import { sampleLayouts } from './sample-carrier.ts';
import { soundFeed, writeFeed, type FeedTexts } from './sample-feed.ts';

const day = serviceDateSchema.parse('2027-06-15');
const times = String(soundFeed['stop_times.txt']);

/** Both trains arrive later in Munich. */
export const late: FeedTexts = {
  'stop_times.txt': times.replaceAll('16:00:00', '17:30:00').replaceAll('30:10', '31:10'),
};
/** The train by day is gone. */
export const withoutDay: FeedTexts = {
  'trips.txt': 'route_id,service_id,trip_id\nR2,daily,night\n',
  'stop_times.txt': times.replace(/^day,.*\n/gm, ''),
};
export const lastYear: FeedTexts = {
  'calendar.txt': String(soundFeed['calendar.txt']).replaceAll('2027', '2026'),
};

type TrainName = 'day' | 'night';
export const runOfTrain = (trip: TrainName) => runIdSchema.parse(`${trip}~${day}`);

type OrderWish = { from?: string; on?: RunId };

/** An order of one seat to Munich. */
const placeFor = (
  { dependencies }: PurchaseWorld,
  n: number,
  { from = 'A', on }: OrderWish & { on: RunId },
) => {
  const userId = userIdSchema.parse(`user-${n}`);
  return placeOrder(dependencies)(
    {
      userId,
      runId: on,
      from: stopIdSchema.parse(from),
      to: stopIdSchema.parse('C'),
      class: classSchema.parse('standard'),
      passengers: [{ name: `旅客${n}`, type: 'adult', document: person(n) }],
      contact: { email: 'someone@example.com', locale: 'zh-CN' },
      wishes: {},
    },
    {
      scope: { userId, route: 'orders', key: `order-${n}`, bodyHash: `${n}` },
      answer: ({ orderId }) => orderId,
    },
  );
};

const listedIn = async ({ timetable, clock }: PurchaseWorld) => {
  const { version } = await readState(timetable, { afresh: true });
  return listVersions(await readKeptVersions(timetable, clock()), version);
};

const journeysFrom = async ({ dependencies, timetable }: PurchaseWorld, at: string, date: ServiceDate) => {
  // A process remembers for a second what is on sale, and a command is a process of its own: we see its change at once.
  await readState(timetable, { afresh: true });
  const [from, to] = [stopIdSchema.parse(at), stopIdSchema.parse('C')];
  const result = await searchJourneys(dependencies)({ from, to, date, passengers: 1, languages: [] });
  if (result.outcome === 'rejected') throw new Error(result.reason);
  return result.journeys.map(
    (journey) => `${journey.trip} ${journey.to.arrives.slice(11, 16)} ${journey.classes[0]?.fare?.amount}`,
  );
};

/** A purchase world on the first of June 2027 whose timetables are imported, with the first twenty days on sale. */
export const importingWorld = async () => {
  const world = await purchaseWorld();
  world.time.now = instantSchema.parse('2027-06-01T08:00:00.000Z');
  const from = serviceDateSchema.parse('2027-06-01');
  await openSales(world.timetable, { from, until: serviceDateSchema.parse('2027-06-20') }, from);

  const { carrier, clock: now } = world;
  const deps = { ...world.tables, now, carrier, carrierLayouts: sampleLayouts };
  const tryImport = (
    changes: FeedTexts = {},
    { options = { farePerKm: 10 }, yes = false, timetable = world.timetable }: Wish = {},
  ) =>
    importTimetable({ ...deps, timetable })({
      source: writeFeed(changes),
      options,
      confirm: async () => yes,
    });
  const frozen = (trip: TrainName) => readFrozenRun(world.timetable, runOfTrain(trip), { consistent: true });
  /** What the stream's function does a moment after seats have changed hands. */
  const countSeats = async (trip: TrainName) => {
    const run = await frozen(trip);
    if (run) await world.count(run);
  };
  const cleanUpAfter = async (seconds: number) => {
    world.pass(seconds);
    await cleanUp(world.dependencies)({ hasTime: () => true });
    await countSeats('day');
    await countSeats('night');
  };
  const order = async (n: number, trip: TrainName, wish: OrderWish = {}) => {
    const placed = await placeFor(world, n, { on: runOfTrain(trip), ...wish });
    await countSeats(trip);
    return placed;
  };
  const heldBy = async (n: number, trip: TrainName) => {
    const placed = await order(n, trip);
    if (placed.outcome === 'rejected') throw new Error(placed.reason);
    return world.standing(orderIdSchema.parse(placed.answer), 'held');
  };

  return {
    ...world,
    tryImport,
    imported: async (changes: FeedTexts = {}, options?: ImportOptions) => {
      const result = await tryImport(changes, options && { options });
      if (result.outcome !== 'imported') throw new Error(JSON.stringify(result.refusals));
      return result.report;
    },
    tryForesee: (changes: FeedTexts, options: ImportOptions = { farePerKm: 10 }) =>
      foreseeImport(deps)({ source: writeFeed(changes), options }),
    rolledBack: (wanted: string, { yes = false, timetable = world.timetable } = {}) =>
      rollBack({ ...world.dependencies, timetable })({ wanted, confirm: async () => yes }),
    /** The journeys from Altona, or another stop, to Munich on a day. */
    journeys: (at = 'A', date = day) => journeysFrom(world, at, date),
    frozen,
    cleanUpAfter,
    order,
    heldBy,
    boughtBy: async (n: number, trip: TrainName) => {
      const { orderId } = await heldBy(n, trip);
      world.buyerPays(await world.pay(orderId));
      await cleanUpAfter(1000);
      return world.standing(orderId, 'issued');
    },
    listed: () => listedIn(world),
  };
};

type Wish = { options?: ImportOptions; yes?: boolean; timetable?: Table };

export type ImportingWorld = Awaited<ReturnType<typeof importingWorld>>;
