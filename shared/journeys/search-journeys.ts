import type { Carrier } from '../platform/carrier.ts';
import type { Table } from '../platform/dynamo.ts';
import type { Class, RunId, ServiceDate, StopId } from '../platform/ids.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import { earlier, inZone, secondsBetween, type Clock, type Instant } from '../platform/time.ts';
import { nameIn, type Languages } from '../platform/languages.ts';
import type { Stop } from '../timetable/model.ts';
import { headsignIn } from '../timetable/rules.ts';
import { readState } from '../timetable/store.ts';
import { readCalls, readLayouts, readStops } from '../timetable/version-store.ts';
import { findAlternatives } from './find-alternatives.ts';
import type { Alternative } from './alternatives.ts';
import { findDepartures } from './find-departures.ts';
import { findOffers } from './find-offers.ts';
import type { ClassOffer, RideOffer } from './model.ts';
import { decideSubject, type SubjectRefusal } from './decide-subject.ts';

export type JourneySearch = {
  from: StopId;
  to: StopId;
  date: ServiceDate;
  passengers: number;
  /** For names; without them names come as the feed writes them. */
  languages?: Languages;
  /** Whether to look for what a passenger can take instead of a seat that is gone. */
  alternatives?: boolean;
  /** The run, and the class, instead of which the passenger wants alternatives. */
  runId?: RunId | undefined;
  class?: Class | undefined;
};

export type Journey = {
  runId: RunId;
  trip: string;
  headsign?: string;
  from: { stopId: StopId; name: string; departs: string };
  to: { stopId: StopId; name: string; arrives: string };
  durationMinutes: number;
  classes: ClassOffer[];
};

export type SearchRefusal = 'unknown-from' | 'unknown-to' | 'same-stop' | SubjectRefusal;

/** Whether the same request may succeed a moment later although nobody changes anything. */
export const isRetryable = {
  'unknown-from': false,
  'unknown-to': false,
  'same-stop': false,
  'unknown-run': false,
  'unknown-class': false,
} as const satisfies Record<SearchRefusal, boolean>;

type Deps = { timetable: Table; availability: Table; clock: Clock; carrier: Carrier };

/** `alternatives` is absent unless the search asks for them; `insteadOf` says to what, if anything is gone. */
export type FoundJourneys = {
  asOf: Instant;
  journeys: Journey[];
  insteadOf?: { runId: RunId; classes: Class[] };
  alternatives?: Alternative[];
};

/**
 * The runs on sale from one stop to another that depart on a local date of the first stop, in order of departure, with
 * fares and the seats left at the last count. It leaves out runs that are not (or no longer) on sale, and unreadable
 * ones. It takes two
 * queries, the fare of the pair, a batch read of the views, and one of the runs without a view of the version in force;
 * the process remembers what never changes. Alternatives take more reads, only when the search asks for them
 * (find-alternatives.ts).
 */
export const searchJourneys =
  ({ timetable, availability, clock, carrier }: Deps) =>
  async (search: JourneySearch): Promise<Outcome<FoundJourneys, SearchRefusal>> => {
    const { version, sales } = await readState(timetable);
    if (!version) return rejected('unknown-from');
    const stops = await readStops(timetable, version);
    const [from, to] = [stops.byId.get(search.from), stops.byId.get(search.to)];
    if (!from) return rejected('unknown-from');
    if (!to) return rejected('unknown-to');
    if (from === to) return rejected('same-stop');
    const [callsFrom, callsTo, layouts] = await Promise.all([
      readCalls(timetable, version, from.stopId),
      readCalls(timetable, version, to.stopId),
      readLayouts(timetable, version.version),
    ]);
    const now = clock();
    const { date, languages = [] } = search;
    const world = { timetable, availability, carrier, version, sales, layouts, now };
    const departures = findDepartures({ version, from, date, callsFrom, callsTo, sales, carrier, now });
    const { offers, views } = await findOffers(
      world,
      departures.map((departure) => ({ from, to, departure })),
    );
    const inOrder = offers.sort(
      (a, b) => compareTexts(a.departs, b.departs) || compareTexts(a.arrives, b.arrives),
    );
    const asOf = [...views.values()].reduce((oldest, view) => earlier(oldest, view.asOf as Instant), now);
    const found = { asOf, journeys: inOrder.map((offer) => journeyOf(offer, languages)) };
    if (!search.alternatives) return accepted(found);
    const decided = decideSubject(inOrder, search);
    if (decided.outcome === 'rejected') return decided;
    const { subject } = decided;
    const wish = { from, to, date, passengers: search.passengers, languages };
    const alternatives = await findAlternatives(
      { ...world, stops },
      { ...wish, subject, offers: inOrder, callsFrom, callsTo },
    );
    const insteadOf = subject && { runId: subject.offer.runId, classes: subject.classes };
    return accepted({ ...found, ...(insteadOf && { insteadOf }), alternatives });
  };

const compareTexts = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

const journeyOf = (offer: RideOffer, languages: Languages): Journey => {
  const { runId, trip, tripNames, headsign, from, to, departs, arrives, classes } = offer;
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
