import { explicitFare, fareByDistance } from '../fares/rules.ts';
import { readFare } from '../fares/find-fare.ts';
import { readKilometreRate, readPairFares } from '../fares/store.ts';
import { readAvailability } from '../inventory/availability-store.ts';
import type { Availability } from '../inventory/model.ts';
import { seatsLeft, viewOf } from '../inventory/rules.ts';
import type { Carrier } from '../platform/carrier.ts';
import type { Table } from '../platform/dynamo.ts';
import type { Class, RunId, ServiceDate, StopId } from '../platform/ids.ts';
import { loggable, logger } from '../platform/log.ts';
import { writeMetrics } from '../platform/metrics.ts';
import type { Money } from '../platform/money.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import { earlier, inZone, secondsBetween, type Clock, type Instant } from '../platform/time.ts';
import { nameIn, type Languages } from '../platform/languages.ts';
import type { Label, Names } from '../platform/languages.ts';
import type { Layout, Run, Sales, Stop, Stretch, Version } from '../timetable/model.ts';
import { faresVersionOf, findStretch, headsignIn, isOnSale } from '../timetable/rules.ts';
import { readFrozenRuns, readState, type FrozenRuns } from '../timetable/store.ts';
import { readCalls, readLayouts, readStops } from '../timetable/version-store.ts';
import { findDepartures, type Departure } from './find-departures.ts';

export type JourneySearch = {
  from: StopId;
  to: StopId;
  date: ServiceDate;
  passengers: number;
  /** For names; without them names come as the feed writes them. */
  languages?: Languages;
};

export type Journey = {
  runId: RunId;
  trip: string;
  headsign?: string;
  from: { stopId: StopId; name: string; departs: string };
  to: { stopId: StopId; name: string; arrives: string };
  durationMinutes: number;
  classes: { class: Class; fare: Money | null; seatsLeft: number }[];
};

export type SearchRefusal = 'unknown-from' | 'unknown-to' | 'same-stop';

/** Whether the same request may succeed a moment later although nobody changes anything. */
export const isRetryable = {
  'unknown-from': false,
  'unknown-to': false,
  'same-stop': false,
} as const satisfies Record<SearchRefusal, boolean>;

type Deps = { timetable: Table; availability: Table; clock: Clock; carrier: Carrier };

/**
 * The runs on sale from one stop to another that depart on a local date of the first stop, in order of departure, with
 * fares and the seats left at the last count. It leaves out runs that are not (or no longer) on sale, and unreadable
 * ones. It takes two
 * queries, the fare of the pair, a batch read of the views, and one of the runs without a view of the version in force;
 * the process remembers what never changes.
 */
export const searchJourneys =
  ({ timetable, availability, clock, carrier }: Deps) =>
  async (search: JourneySearch): Promise<Outcome<{ asOf: Instant; journeys: Journey[] }, SearchRefusal>> => {
    const { version, sales } = await readState(timetable);
    if (!version) return rejected('unknown-from');
    const stops = await readStops(timetable, version);
    const [from, to] = [stops.byId.get(search.from), stops.byId.get(search.to)];
    if (!from) return rejected('unknown-from');
    if (!to) return rejected('unknown-to');
    if (from === to) return rejected('same-stop');
    const [callsFrom, callsTo, layouts, fareOf] = await Promise.all([
      readCalls(timetable, version, from.stopId),
      readCalls(timetable, version, to.stopId),
      readLayouts(timetable, version.version),
      pairFareFinder(timetable, version, from, to),
    ]);
    const now = clock();
    const { date } = search;
    const departures = findDepartures({ version, from, date, callsFrom, callsTo, sales, carrier, now });
    const views = await readAvailability(
      availability,
      departures.map(({ runId }) => runId),
    );
    // If the view counts the run in the version in force, the run is of that version. Any other run that orders have
    // touched may differ from the timetable: the search shows it as it is on sale.
    const isCurrent = ({ runId }: Departure) => views.get(runId)?.feedVersion === version.version;
    const { runs, unreadable } = await readFrozenRuns(
      timetable,
      departures.filter((each) => !isCurrent(each)).map(({ runId }) => runId),
    );
    reportUnreadable(unreadable, now);
    const frozen = new Map(runs.map((run) => [run.runId, run]));
    const hidden = new Set(unreadable.map(({ runId }) => runId));
    const offered = departures.filter(({ runId }) => !hidden.has(runId));
    const found = await Promise.all(
      offered.map(async (departure): Promise<Found | undefined> => {
        const view = views.get(departure.runId);
        const run = frozen.get(departure.runId);
        if (run) return frozenOffer({ timetable, version, sales, carrier, from, to, now }, run, view);
        return offerOf(departure, layouts, fareOf, isCurrent(departure) ? view : undefined);
      }),
    );
    const journeys = found
      .filter((each) => each !== undefined)
      .sort((a, b) => compareTexts(a.departs, b.departs) || compareTexts(a.arrives, b.arrives))
      .map((offer) => journeyOf(offer, from, to, search.languages ?? []));
    const asOf = [...views.values()].reduce((oldest, view) => earlier(oldest, view.asOf as Instant), now);
    return accepted({ asOf, journeys });
  };

/** The search leaves such a run out: nobody could buy it. The daily sweep notes it, and the clean-up asks a person. */
const reportUnreadable = (unreadable: FrozenRuns['unreadable'], now: Instant): void => {
  for (const { runId, why } of unreadable)
    logger.error('the search leaves out an unreadable run', { runId, thrown: loggable(why) });
  if (unreadable.length > 0)
    writeMetrics('unreadable runs', { UnreadableRuns: { value: unreadable.length, unit: 'Count' } }, now);
};

const compareTexts = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

type Found = {
  runId: RunId;
  trip: string;
  tripNames: Names | undefined;
  headsign: Label | undefined;
  departs: Instant;
  arrives: Instant;
  classes: Journey['classes'];
};

type FareFinder = (departure: Departure, wanted: Class) => Money | undefined;

/** The fares between two stops, for any trip and class. It reads the pair's fares once. */
const pairFareFinder = async (
  timetable: Table,
  { version }: Version,
  from: Stop,
  to: Stop,
): Promise<FareFinder> => {
  const [fares, rate] = await Promise.all([
    readPairFares(timetable, version, from.stopId, to.stopId),
    readKilometreRate(timetable, version),
  ]);
  return ({ tripId, metres }, wanted) => {
    const explicit = explicitFare(fares, tripId, wanted) ?? fareByDistance(rate, metres, wanted);
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
  departure: Departure,
  layouts: ReadonlyMap<string, Layout>,
  fareOf: FareFinder,
  view: Availability | undefined,
): Found => {
  const { runId, trip, tripNames, headsign, departs, arrives, layoutId, stopCount, stretch } = departure;
  const layout = layouts.get(layoutId);
  if (!layout) throw new Error(`there is no layout ${layoutId} for ${runId}`);
  const classes = leftOf(view, layout, stopCount, stretch).map((left) => ({
    class: left.class,
    fare: fareOf(departure, left.class) ?? null,
    seatsLeft: left.seatsLeft,
  }));
  return { runId, trip, tripNames, headsign, departs, arrives, classes };
};

type Asked = Pick<Deps, 'timetable' | 'carrier'> & {
  version: Version;
  sales: Sales | undefined;
  from: Stop;
  to: Stop;
  now: Instant;
};

/** Returns undefined if the frozen run offers nothing for sale, whatever the timetable says of it. */
const frozenOffer = async (
  { timetable, version, sales, carrier, from, to, now }: Asked,
  run: Run,
  view: Availability | undefined,
): Promise<Found | undefined> => {
  const found = findStretch(run, from.stopId, to.stopId);
  if (found.outcome === 'rejected') return undefined;
  const { stretch } = found;
  const [boarding, alighting] = [run.stops[stretch.from], run.stops[stretch.to]];
  if (!boarding || !alighting || isOnSale(run, stretch, sales, carrier, now) !== 'on-sale') return undefined;
  const fares = { ...run, version: faresVersionOf(run, version) };
  const classes = await Promise.all(
    leftOf(viewOf(view, run), run.layout, run.stops.length, stretch).map(async (left) => ({
      class: left.class,
      fare: (await readFare(timetable, fares, stretch, left.class)) ?? null,
      seatsLeft: left.seatsLeft,
    })),
  );
  return {
    runId: run.runId,
    trip: run.trip,
    tripNames: run.tripNames,
    headsign: boarding.headsign ?? run.headsign,
    departs: boarding.departs,
    arrives: alighting.arrives,
    classes,
  };
};

const journeyOf = (
  { runId, trip, tripNames, headsign, departs, arrives, classes }: Found,
  from: Stop,
  to: Stop,
  languages: Languages,
): Journey => {
  const nameOf = ({ name, names }: Stop): string => nameIn(languages, name, names);
  return {
    runId,
    trip: nameIn(languages, trip, tripNames),
    ...headsignIn(languages, headsign),
    from: { stopId: from.stopId, name: nameOf(from), departs: inZone(departs, from.timeZone) },
    to: { stopId: to.stopId, name: nameOf(to), arrives: inZone(arrives, to.timeZone) },
    durationMinutes: Math.round(secondsBetween(departs, arrives) / 60),
    classes,
  };
};
