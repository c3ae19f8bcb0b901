import { explicitFare, fareByDistance } from '../fares/rules.ts';
import { readFare } from '../fares/find-fare.ts';
import { readKilometreRate, readPairFares } from '../fares/store.ts';
import { readAvailability } from '../inventory/availability-store.ts';
import type { Availability } from '../inventory/model.ts';
import { seatsLeft, viewAt, viewOf } from '../inventory/rules.ts';
import type { Carrier } from '../platform/carrier.ts';
import type { Table } from '../platform/dynamo.ts';
import type { Class, RunId } from '../platform/ids.ts';
import { loggable, logger } from '../platform/log.ts';
import { writeMetrics } from '../platform/metrics.ts';
import type { Money } from '../platform/money.ts';
import type { Instant } from '../platform/time.ts';
import type { Layout, Run, Sales, Stretch, Version } from '../timetable/model.ts';
import { faresVersionOf, findStretch, isOnSale } from '../timetable/rules.ts';
import { readFrozenRuns, type FrozenRuns } from '../timetable/store.ts';
import type { Ride, RideOffer } from './model.ts';

/** What a search knows of the timetable, and where it looks. */
export type World = {
  timetable: Table;
  availability: Table;
  carrier: Carrier;
  version: Version;
  sales: Sales | undefined;
  layouts: ReadonlyMap<string, Layout>;
  now: Instant;
};

/** The offers of the rides that are on sale, in the order of the rides, and every view that was read for them. */
export type FoundOffers = { offers: RideOffer[]; views: ReadonlyMap<RunId, Availability> };

/**
 * What is on sale of some rides. It takes the fares of each pair of stops, a batch read of the views, and one of the runs
 * without a view of the version in force; the process remembers fares. It leaves out unreadable runs.
 */
export const findOffers = async (world: World, rides: readonly Ride[]): Promise<FoundOffers> => {
  const { timetable, availability, version, layouts, now } = world;
  const runIds = [...new Set(rides.map(({ departure }) => departure.runId))];
  const [counted, fareOf] = await Promise.all([
    readAvailability(availability, runIds),
    fareFinder(world, rides),
  ]);
  const views = new Map([...counted].map(([runId, view]) => [runId, viewAt(view, now)]));
  // If the view counts the run in the version in force, the run is of that version. Any other run that orders have
  // touched may differ from the timetable: the search shows it as it is on sale.
  const isCurrent = (runId: RunId) => views.get(runId)?.feedVersion === version.version;
  const { runs, unreadable } = await readFrozenRuns(
    timetable,
    runIds.filter((runId) => !isCurrent(runId)),
  );
  reportUnreadable(unreadable, now);
  const frozen = new Map(runs.map((run) => [run.runId, run]));
  const hidden = new Set(unreadable.map(({ runId }) => runId));
  const found = await Promise.all(
    rides.map(async (ride): Promise<RideOffer | undefined> => {
      const { runId } = ride.departure;
      if (hidden.has(runId)) return undefined;
      const run = frozen.get(runId);
      if (run) return frozenOffer(world, ride, run, views.get(runId));
      return offerOf(ride, layouts, fareOf, isCurrent(runId) ? views.get(runId) : undefined);
    }),
  );
  return { offers: found.filter((each) => each !== undefined), views };
};

/** The search leaves such a run out: nobody could buy it. The daily sweep notes it, and the clean-up asks a person. */
const reportUnreadable = (unreadable: FrozenRuns['unreadable'], now: Instant): void => {
  for (const { runId, why } of unreadable)
    logger.error('the search leaves out an unreadable run', { runId, thrown: loggable(why) });
  if (unreadable.length > 0)
    writeMetrics('unreadable runs', { UnreadableRuns: { value: unreadable.length, unit: 'Count' } }, now);
};

type FareFinder = (ride: Ride, wanted: Class) => Money | undefined;

/** The fares of rides in any class. It reads each pair of stops once. */
const fareFinder = async (
  { timetable, version: { version } }: World,
  rides: readonly Ride[],
): Promise<FareFinder> => {
  const pairOf = ({ from, to }: Ride): string => JSON.stringify([from.stopId, to.stopId]);
  const pairs = new Map(rides.map((ride) => [pairOf(ride), ride]));
  const [rate, ...found] = await Promise.all([
    readKilometreRate(timetable, version),
    ...[...pairs].map(async ([pair, { from, to }]) => {
      return [pair, await readPairFares(timetable, version, from.stopId, to.stopId)] as const;
    }),
  ]);
  const fares = new Map(found);
  return (ride, wanted) => {
    const { tripId, metres } = ride.departure;
    const explicit =
      explicitFare(fares.get(pairOf(ride)), tripId, wanted) ?? fareByDistance(rate, metres, wanted);
    return explicit === 'free' ? undefined : explicit;
  };
};

const layoutClasses = new WeakMap<Layout, { class: Class; seats: number }[]>();

/** A layout's classes in the order of its coaches, with all their seats: the same for every run with this layout. */
const classesOfLayout = (layout: Layout): { class: Class; seats: number }[] => {
  const remembered = layoutClasses.get(layout);
  if (remembered) return remembered;
  const names = [...new Set(layout.coaches.map((coach) => coach.class))];
  const classes = names.map((name) => ({
    class: name,
    seats: seatsLeft(undefined, layout, name, 2, { from: 0, to: 1 }),
  }));
  layoutClasses.set(layout, classes);
  return classes;
};

const leftOf = (view: Availability | undefined, layout: Layout, stopCount: number, stretch: Stretch) =>
  classesOfLayout(layout).map((each) => ({
    class: each.class,
    seatsLeft: view ? seatsLeft(view, layout, each.class, stopCount, stretch) : each.seats,
  }));

const offerOf = (
  ride: Ride,
  layouts: ReadonlyMap<string, Layout>,
  fareOf: FareFinder,
  view: Availability | undefined,
): RideOffer => {
  const { from, to, departure } = ride;
  const { runId, trip, tripNames, headsign, departs, arrives, layoutId, stopCount, stretch } = departure;
  const layout = layouts.get(layoutId);
  if (!layout) throw new Error(`there is no layout ${layoutId} for ${runId}`);
  const classes = leftOf(view, layout, stopCount, stretch).map((left) => ({
    class: left.class,
    fare: fareOf(ride, left.class) ?? null,
    seatsLeft: left.seatsLeft,
  }));
  return { runId, trip, tripNames, headsign, from, to, stretch, departs, arrives, classes, view };
};

/** Returns undefined if the frozen run offers nothing for sale, whatever the timetable says of it. */
const frozenOffer = async (
  { timetable, version, sales, carrier, now }: World,
  { from, to }: Ride,
  run: Run,
  counted: Availability | undefined,
): Promise<RideOffer | undefined> => {
  const found = findStretch(run, from.stopId, to.stopId);
  if (found.outcome === 'rejected') return undefined;
  const { stretch } = found;
  const [boarding, alighting] = [run.stops[stretch.from], run.stops[stretch.to]];
  if (!boarding || !alighting || isOnSale(run, stretch, sales, carrier, now) !== 'on-sale') return undefined;
  const fares = { ...run, version: faresVersionOf(run, version) };
  const view = viewOf(counted, run);
  const classes = await Promise.all(
    leftOf(view, run.layout, run.stops.length, stretch).map(async (left) => ({
      class: left.class,
      fare: (await readFare(timetable, fares, stretch, left.class)) ?? null,
      seatsLeft: left.seatsLeft,
    })),
  );
  const { runId, trip, tripNames } = run;
  const headsign = boarding.headsign ?? run.headsign;
  const times = { departs: boarding.departs, arrives: alighting.arrives };
  return { runId, trip, tripNames, headsign, from, to, stretch, ...times, classes, view };
};
