import { holdUntil } from '../orders/rules.ts';
import type { Contact, OrderItem, Passenger, CommittedOrder, SeatChange } from '../orders/model.ts';
import type { ExchangeOf } from '../orders/exchange.ts';
import type { Carrier } from '../platform/carrier.ts';
import { spokenLocale, type Locale } from '../platform/locales.ts';
import type { RideTerms } from '../platform/passenger-types.ts';
import { isSameAddress } from '../platform/email-address.ts';
import {
  itemIdSchema,
  offerIdOf,
  type Class,
  type ItemId,
  type OrderId,
  type RunId,
  type StopId,
  type UserId,
} from '../platform/ids.ts';
import { sumMoney, type Money } from '../platform/money.ts';
import { earlier, inZone, type Instant } from '../platform/time.ts';
import type { Place, SeatWishes } from '../inventory/model.ts';
import type { Run, RunStop, Stretch } from '../timetable/model.ts';
import { boardingDay } from '../timetable/rules.ts';
import { fareOfPassenger } from './fare-of-passenger.ts';
import { seatingOf } from './seating-of.ts';
import type { Document } from '../users/document.ts';

type RequestedPerson = { name: string; type: Passenger['type']; document?: Document | undefined };

/** A passenger's request, after parsing. */
export type OrderRequest = {
  userId: UserId;
  runId: Run['runId'];
  from: StopId;
  to: StopId;
  fromIndex?: number | undefined;
  toIndex?: number | undefined;
  class: Class;
  /** The passengers agree to change seats at this stop if there are none for the whole way. */
  seatChange?: { at: StopId; atIndex?: number | undefined } | undefined;
  passengers: (RequestedPerson & { onLap?: RequestedPerson[] | undefined })[];
  /** Without a language, mails are in the carrier's default language. */
  contact: Omit<Contact, 'locale'> & { locale?: Locale | undefined };
  /** The user's own e-mail, if the identity provider has confirmed it. */
  confirmedEmail?: string | undefined;
  wishes: SeatWishes;
  /** The tickets that the passengers give up for the order, in the order of the passengers, if they exchange. */
  instead?: { orderId: OrderId; runId: RunId; itemIds: readonly ItemId[] } | undefined;
};

type HeldOrder = CommittedOrder & { state: 'held' };

const stopAt = (run: Run, index: number): RunStop => {
  const stop = run.stops[index];
  if (!stop) throw new RangeError(`the run ${run.runId} has no stop ${index}`);
  return stop;
};

const namedStop = ({ stopId, name, names }: RunStop) => ({ stopId, name, ...(names && { names }) });

const changeAt = (stop: RunStop, index: number): SeatChange => ({
  ...namedStop(stop),
  index,
  departs: inZone(stop.departs, stop.timeZone),
});

const headsignFrom = (stop: RunStop, run: Run) => {
  const headsign = stop.headsign ?? run.headsign;
  return headsign ? { headsign } : {};
};

/** The carrier's own form of the language that is wanted: `en` is `en-US` where the carrier speaks that. */
const localeFor = ({ contact: { locale } }: OrderRequest, { locales, defaultLocale }: Carrier): Locale =>
  (locale && spokenLocale(locale, locales)) ?? defaultLocale;

/** What passengers pay if they exchange tickets, what the order records of them, and how long that binds at most. */
export type ExchangePrice = Omit<ExchangeOf, 'orderId' | 'offerId'> & {
  toPay: Money;
  until?: Instant | undefined;
};

/** Passengers with the numbers of their items. Who exchanges a ticket keeps its number. */
export const itemsOfDraft = (
  passengers: readonly Passenger[],
  instead: OrderRequest['instead'],
): { itemId: ItemId; passenger: Passenger }[] =>
  passengers.map((passenger, index) => ({
    itemId: instead?.itemIds[index] ?? itemIdSchema.parse(String(index + 1)),
    passenger,
  }));

/** The fare of each passenger. */
export const faresOf = (
  passengers: readonly Passenger[],
  ride: RideTerms,
  adultFare: Money,
  carrier: Pick<Carrier, 'passengerTypes'>,
): Money[] => passengers.map((passenger) => fareOfPassenger(passenger, ride, adultFare, carrier));

/** What the order costs its passengers, and until when they may pay; an exchange has its own price and end. */
const termsOf = (
  { orderId, request: { instead }, price, carrier, now }: DraftParts,
  departsAt: Instant,
  fares: Money,
): Pick<HeldOrder, 'amount' | 'expiresAt' | 'exchangeOf'> => {
  const until = holdUntil(carrier, departsAt, now);
  if (!price || !instead) return { amount: fares, expiresAt: until };
  const { toPay, until: bindsUntil = until, ...exchanged } = price;
  return {
    amount: toPay,
    expiresAt: earlier(until, bindsUntil),
    exchangeOf: {
      orderId: instead.orderId,
      offerId: offerIdOf(instead.orderId, orderId),
      ...exchanged,
    },
  };
};

type DraftParts = {
  orderId: OrderId;
  request: OrderRequest;
  run: Run;
  stretch: Stretch;
  adultFare: Money;
  passengers: readonly Passenger[];
  places: readonly Place[];
  price?: ExchangePrice;
  /** The seats to which the passengers change at a stop on the way, and the index of the stop. */
  change?: { places: readonly Place[]; at: number } | undefined;
  carrier: Carrier;
  now: Instant;
};

/** Makes a held order from its parts. It is pure, so that a retry of the commit writes exactly the same order. */
export const draftOrder = (parts: DraftParts): HeldOrder => {
  const { orderId, request, run, stretch, carrier, now } = parts;
  const from = stopAt(run, stretch.from);
  const to = stopAt(run, stretch.to);
  const ride = { class: request.class, day: boardingDay(run, stretch) };
  const fares = faresOf(parts.passengers, ride, parts.adultFare, carrier);
  const items = itemsOfDraft(parts.passengers, request.instead).map((item, index): OrderItem => {
    const [place, thenPlace] = [parts.places[index], parts.change?.places[index]];
    const fare = fares[index];
    if (!place || !fare || (parts.change && !thenPlace)) throw new Error('a passenger lacks a place');
    return {
      ...item,
      class: request.class,
      fare,
      place,
      ...(thenPlace && { thenPlace }),
      state: 'living',
    };
  });
  return {
    state: 'held',
    orderId,
    userId: request.userId,
    createdAt: now,
    runId: run.runId,
    trip: run.trip,
    ...(run.tripNames && { tripNames: run.tripNames }),
    ...headsignFrom(from, run),
    from: { ...namedStop(from), index: stretch.from, departs: inZone(from.departs, from.timeZone) },
    to: { ...namedStop(to), index: stretch.to, arrives: inZone(to.arrives, to.timeZone) },
    departsAt: from.departs,
    arrivesAt: to.arrives,
    class: request.class,
    ...(parts.change && { seatChange: changeAt(stopAt(run, parts.change.at), parts.change.at) }),
    contact: { ...request.contact, locale: localeFor(request, carrier) },
    contactConfirmed:
      request.confirmedEmail !== undefined && isSameAddress(request.contact.email, request.confirmedEmail),
    ...termsOf(parts, from.departs, sumMoney(fares, parts.adultFare.currency)),
    ...seatingOf({ layout: run.layout, class: request.class, items, wishes: request.wishes }),
    items: Object.fromEntries(items.map((item) => [item.itemId, item])),
    history: [{ at: now, event: 'order-held' }],
    execution: 1,
  };
};
