import type { ServiceDate } from '../platform/ids.ts';
import type { Languages } from '../platform/languages.ts';
import { plusDays } from '../platform/time.ts';
import type { Stop, StopCall } from '../timetable/model.ts';
import type { Stops } from '../timetable/version-store.ts';
import { alternativeOf, laterRuns, otherClasses, type Alternative } from './alternatives.ts';
import type { Subject } from './decide-subject.ts';
import { findConnections } from './find-connections.ts';
import { findDepartures } from './find-departures.ts';
import { findLonger } from './find-longer.ts';
import { findSeatChanges } from './find-seat-changes.ts';
import { findOffers, type World } from './find-offers.ts';
import type { RideOffer } from './model.ts';

/** Of each kind, an answer has at most this many. */
const ofEachKindMax = 3;
/** The number of runs of the next day of which a search reads the seats if the day has no more. */
export const nextDayMax = 8;

export type AlternativesWish = {
  from: Stop;
  to: Stop;
  date: ServiceDate;
  passengers: number;
  languages: Languages;
  /** What is gone. Without it, there are alternatives only if no run goes there at all. */
  subject: Subject | undefined;
  /** The offers of the day, in order of departure. */
  offers: readonly RideOffer[];
  callsFrom: readonly StopCall[];
  callsTo: readonly StopCall[];
};

/**
 * What a passenger can take instead of a seat that is gone: another class; a change of seats on the way, or a ticket that
 * goes further, where the carrier sells them; the next runs; a connection with one change. At most three of each, the
 * best first. What each may read at most: find-seat-changes.ts, find-longer.ts, `nextDayMax` runs in two batch reads,
 * find-connections.ts.
 */
export const findAlternatives = async (
  world: World & { stops: Stops },
  wish: AlternativesWish,
): Promise<Alternative[]> => {
  const { subject, offers } = wish;
  if (!subject && offers.length > 0) return [];
  const terms = { passengers: wish.passengers, languages: wish.languages, now: world.now };
  const connectionWish = {
    ...wish,
    notBefore: subject?.offer.departs,
    classes: subject?.classes ?? [],
    direct: offers,
  };
  const [seatChanges, longer, later, connections] = await Promise.all([
    subject ? findSeatChanges(world, subject, terms) : [],
    subject ? findLonger(world, subject, terms) : [],
    subject ? findLater(world, wish, subject, terms) : [],
    findConnections(world, connectionWish),
  ]);
  return [
    subject ? otherClasses(subject, terms) : [],
    seatChanges,
    longer,
    later,
    connections.map(({ rides }) => alternativeOf('connection', rides, terms)),
  ].flatMap((ofKind) => ofKind.slice(0, ofEachKindMax));
};

/** The next runs of the day; if there are few, also those of the next day. */
const findLater = async (
  world: World,
  { from, to, date, offers, callsFrom, callsTo }: AlternativesWish,
  subject: Subject,
  terms: Parameters<typeof laterRuns>[2],
): Promise<Alternative[]> => {
  const today = laterRuns(subject, offers, terms);
  if (today.length >= ofEachKindMax) return today;
  const departures = findDepartures({ ...world, from, date: plusDays(date, 1), callsFrom, callsTo })
    .toSorted((a, b) => (a.departs < b.departs ? -1 : Number(a.departs > b.departs)))
    .slice(0, nextDayMax);
  const tomorrow = await findOffers(
    world,
    departures.map((departure) => ({ from, to, departure })),
  );
  return [...today, ...laterRuns(subject, tomorrow.offers, terms)];
};
