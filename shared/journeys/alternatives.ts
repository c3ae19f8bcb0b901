import type { Class, RunId, StopId } from '../platform/ids.ts';
import { nameIn, type Languages } from '../platform/languages.ts';
import { money, type Money } from '../platform/money.ts';
import { earlier, inZone, secondsBetween, type Instant } from '../platform/time.ts';
import { headsignIn } from '../timetable/rules.ts';
import { isToBeHad, type Subject } from './decide-subject.ts';
import type { ClassOffer, RideOffer } from './model.ts';

/** What a passenger can take instead, in the order in which an answer lists it. */
export const alternativeKinds = ['other-class', 'seat-change', 'longer', 'later-run', 'connection'] as const;
export type AlternativeKind = (typeof alternativeKinds)[number];

/** A ride without a change. */
export type Leg = {
  runId: RunId;
  trip: string;
  headsign?: string;
  from: { stopId: StopId; name: string; departs: string };
  to: { stopId: StopId; name: string; arrives: string };
  class: Class;
  seatsLeft: number;
};

/** The body of `POST /v1/orders`, without the passengers and their contact. */
export type OrderPart = {
  runId: RunId;
  from: StopId;
  to: StopId;
  fromIndex: number;
  toIndex: number;
  class: Class;
  seatChange?: { at: StopId; atIndex: number };
};

/**
 * What a passenger can take instead of a seat that is gone. `fare` is what an adult pays for all of it, and `seatsLeft`
 * the number of passengers who can take it, both at `asOf`. With a change of seats, each leg is the stretch on one seat.
 * `orders` has everything that booking it takes: one order, or two for a connection. `waitMinutes` is the time between
 * the two runs of a connection.
 */
export type Alternative = {
  kind: AlternativeKind;
  fare: Money;
  seatsLeft: number;
  durationMinutes: number;
  asOf: Instant;
  legs: Leg[];
  waitMinutes?: number;
  orders: OrderPart[];
};

/** A ride in a class that a party can have. */
export type ChosenRide = { offer: RideOffer; chosen: ClassOffer & { fare: Money } };

const hasFare = (each: ClassOffer): each is ClassOffer & { fare: Money } => each.fare !== null;

const classesToHave = ({ classes }: RideOffer, party: number) =>
  classes.filter((each) => isToBeHad(each, party)).filter(hasFare);

/** The ride in the first wanted class that a party can have, or else in the cheapest; undefined if it is full. */
export const rideFor = (
  offer: RideOffer,
  party: number,
  wanted: readonly Class[],
): ChosenRide | undefined => {
  const toHave = classesToHave(offer, party);
  const rank = (each: ClassOffer): number => {
    const place = wanted.indexOf(each.class);
    return place < 0 ? wanted.length : place;
  };
  const [chosen] = toHave.toSorted((a, b) => rank(a) - rank(b) || a.fare.amount - b.fare.amount);
  return chosen && { offer, chosen };
};

type Terms = { passengers: number; languages: Languages; now: Instant };

const minutesBetween = (from: Instant, to: Instant): number => Math.round(secondsBetween(from, to) / 60);

/** An alternative of one ride after the other. Throws for none. */
export const alternativeOf = (
  kind: AlternativeKind,
  rides: readonly ChosenRide[],
  { languages, now }: Terms,
): Alternative => {
  const [first, last] = [rides[0], rides.at(-1)];
  if (!first || !last) throw new RangeError('an alternative has a ride');
  const asOf = rides.map(({ offer }) => (offer.view?.asOf ?? now) as Instant).reduce(earlier);
  return {
    kind,
    fare: money(
      rides.reduce((sum, { chosen }) => sum + chosen.fare.amount, 0),
      first.chosen.fare.currency,
    ),
    seatsLeft: Math.min(...rides.map(({ chosen }) => chosen.seatsLeft)),
    durationMinutes: minutesBetween(first.offer.departs, last.offer.arrives),
    asOf,
    legs: rides.map((ride) => legOf(ride, languages)),
    ...(last !== first && { waitMinutes: minutesBetween(first.offer.arrives, last.offer.departs) }),
    orders: rides.map(orderOf),
  };
};

const legOf = ({ offer, chosen }: ChosenRide, languages: Languages): Leg => {
  const { runId, trip, tripNames, headsign, from, to, departs, arrives } = offer;
  return {
    runId,
    trip: nameIn(languages, trip, tripNames),
    ...headsignIn(languages, headsign),
    from: {
      stopId: from.stopId,
      name: nameIn(languages, from.name, from.names),
      departs: inZone(departs, from.timeZone),
    },
    to: {
      stopId: to.stopId,
      name: nameIn(languages, to.name, to.names),
      arrives: inZone(arrives, to.timeZone),
    },
    class: chosen.class,
    seatsLeft: chosen.seatsLeft,
  };
};

const orderOf = ({ offer: { runId, from, to, stretch }, chosen }: ChosenRide): OrderPart => ({
  runId,
  from: from.stopId,
  to: to.stopId,
  fromIndex: stretch.from,
  toIndex: stretch.to,
  class: chosen.class,
});

/** The other classes of the same run, the cheapest first. */
export const otherClasses = ({ offer, classes }: Subject, terms: Terms): Alternative[] =>
  classesToHave(offer, terms.passengers)
    .filter((each) => !classes.includes(each.class))
    .toSorted((a, b) => a.fare.amount - b.fare.amount)
    .map((chosen) => alternativeOf('other-class', [{ offer, chosen }], terms));

/** The next runs after one, in order of departure, in a class that is gone there if they have it. */
export const laterRuns = (
  { offer, classes }: Subject,
  offers: readonly RideOffer[],
  terms: Terms,
): Alternative[] =>
  offers
    .filter(({ runId, departs }) => runId !== offer.runId && departs >= offer.departs)
    .flatMap((each) => rideFor(each, terms.passengers, classes) ?? [])
    .map((ride) => alternativeOf('later-run', [ride], terms));
