import {
  itemsOf,
  placesOf,
  type Contact,
  type Person,
  type OrderItem,
  type CommittedOrder,
} from '../orders/model.ts';
import type { Refund } from '../payments/model.ts';
import { inLocale, ofLocale, passengerTypeOf, type Carrier } from '../platform/carrier.ts';
import type { Locale } from '../platform/locales.ts';
import { sumMoney, type Money } from '../platform/money.ts';
import { secondsBetween } from '../platform/time.ts';
import { journeyIn, seatChangeIn } from '../timetable/rules.ts';
import type { Ticket, Waiver } from '../tickets/model.ts';
import type { NewsEvent } from './model.ts';
import { cheaperBy, leadOfExchange } from './exchange-news.ts';
import { shownName } from './shown-name.ts';
import { speak, type Speech } from './speak.ts';
import type { TextKey } from './texts/en.ts';

/** The subject of a mail: the news, its order, the order's tickets if it has any, and the reason or the amount of a refund. */
export type News = {
  event: NewsEvent;
  order: CommittedOrder & { contact: Contact };
  tickets: readonly Ticket[];
  refundedFor?: Refund['reason'] | undefined;
  /** What comes back although the tickets stay. */
  granted?: Money | undefined;
  carrier: Carrier;
};

/** One passenger's line. `image` names an attached picture of the ticket's code. */
type PassengerView = {
  name: string;
  /** The passenger type and the document, if the ticket must show them. */
  details: string;
  /** What the passenger must bring. */
  note: string;
  place: string;
  travelClass: string;
  fare: string;
  ticketNumber: string;
  image: { contentId: string; alt: string } | undefined;
};

/** A mail as texts that are ready for the layout: templates decide nothing and format nothing. */
export type MailView = {
  locale: Locale;
  event: NewsEvent;
  carrierName: string;
  /** The colour of the carrier's name, as `#rrggbb`. */
  brand: string;
  logo: { contentId: string; alt: string } | undefined;
  subject: string;
  title: string;
  lead: string;
  journey: {
    trip: string;
    day: string;
    from: { name: string; time: string };
    to: { name: string; time: string; dayShift: string };
  };
  passengers: PassengerView[];
  total: { label: string; value: string };
  payBy: { label: string; value: string } | undefined;
  footer: string[];
};

/** For a carrier without a colour of its own. */
const plainBrand = '#4a5565';

/** The content id by which a mail's text refers to the carrier's logo. */
export const logoContentId = 'logo@keyun';

/** Stop names come from feeds; a name must not start a new line. */
const oneLine = (text: string): string => text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();

/** The content id by which a mail's text refers to the picture of a ticket's code. */
export const contentIdOf = ({ ticketId }: Ticket): string => `${ticketId}@keyun`;

/** The name and the note of a passenger type with a reduced fare or a proof: the crew needs them with the ticket. */
const termsView = (type: string, locale: Locale, carrier: Carrier): { type: string; note: string } => {
  const terms = passengerTypeOf(carrier, type);
  if (!terms || (terms.percentOfAdult === 100 && !terms.note)) return { type: '', note: '' };
  return {
    type: inLocale(terms.name, locale, carrier),
    note: terms.note ? inLocale(terms.note, locale, carrier) : '',
  };
};

/** The type and the document of somebody who has no seat. */
const lapDetails = ({ type, documentMasked }: Person, locale: Locale, carrier: Carrier): string => {
  const terms = passengerTypeOf(carrier, type);
  return [terms ? inLocale(terms.name, locale, carrier) : type, documentMasked].filter(Boolean).join(' · ');
};

/** The passenger's seat, and after a change of seats the other one. */
const placeOf = (item: OrderItem, { seatChange, contact }: News['order'], { say }: Speech): string => {
  const [place = '', next] = placesOf(item).map(({ coach, seat }) =>
    say(seat ? 'place' : 'placeWithoutNumber', { coach, seat }),
  );
  if (next === undefined || !seatChange) return place;
  const { name } = seatChangeIn([contact.locale], seatChange);
  return say('placeThen', { place, next, stop: oneLine(name) });
};

const passengerView =
  (speech: Speech, { tickets, order, carrier }: News) =>
  (item: OrderItem): PassengerView => {
    const { say, className, amount } = speech;
    const { contact } = order;
    const { itemId, passenger, class: travelClass, fare } = item;
    const ticket = tickets.find((each) => each.itemId === itemId);
    const name = shownName(passenger.name);
    const { type, note } = termsView(passenger.type, contact.locale, carrier);
    return {
      name,
      details: [
        type,
        passenger.documentMasked,
        ...(passenger.onLap ?? []).map((person) =>
          say('onLap', {
            name: shownName(person.name),
            details: lapDetails(person, contact.locale, carrier),
          }),
        ),
      ]
        .filter(Boolean)
        .join(' · '),
      note,
      place: placeOf(item, order, speech),
      travelClass: className(travelClass),
      fare: amount(fare),
      ticketNumber: ticket ? say('ticketNumber', { ticketId: ticket.ticketId }) : '',
      image:
        ticket?.code === undefined
          ? undefined
          : { contentId: contentIdOf(ticket), alt: say('codeFor', { name }) },
    };
  };

const journeyView = (order: CommittedOrder & { contact: Contact }, { say, stopDay, stopTime }: Speech) => {
  const { trip, from, to } = journeyIn([order.contact.locale], order);
  const days = Math.round(
    (Date.parse(to.arrives.slice(0, 10)) - Date.parse(from.departs.slice(0, 10))) / 86_400_000,
  );
  return {
    trip: oneLine(trip),
    day: stopDay(from.departs),
    from: { name: oneLine(from.name), time: stopTime(from.departs) },
    to: {
      name: oneLine(to.name),
      time: stopTime(to.arrives),
      dayShift: days > 0 ? say('dayShift', { days }) : '',
    },
  };
};

/** The passengers in a mail: those with tickets, or, before there are tickets, all passengers of the order. */
const itemsToShow = ({ order, tickets }: News): OrderItem[] =>
  itemsOf(order).filter(
    ({ itemId }) => tickets.length === 0 || tickets.some((ticket) => ticket.itemId === itemId),
  );

/**
 * If a passenger paid for a run that had left or no longer runs, the mail gives that reason: the seats were not gone. A
 * passenger without a document is not asked to bring one.
 */
const leadOf = (news: News, items: readonly OrderItem[], { back, fee }: Sums): TextKey => {
  const { event, order, refundedFor, tickets } = news;
  if (event === 'order-disrupted')
    return `lead.order-disrupted.${waiverIn(tickets)?.reason ?? 'run-cancelled'}`;
  const ofExchange = leadOfExchange(event, order, refundedFor);
  if (ofExchange) return ofExchange;
  if (event === 'tickets-refunded' && tickets.some(isByJob)) return 'lead.tickets-refunded.by-default';
  if (event === 'tickets-refunded' && fee.amount === 0) return 'lead.tickets-refunded.without-fee';
  if (event === 'tickets-refunded' && back.amount === 0) return 'lead.tickets-refunded.nothing';
  if (event === 'order-refunded' && (refundedFor === 'departed' || refundedFor === 'run-gone'))
    return `lead.order-refunded.${refundedFor}` as const;
  const hasDocuments = items.some(({ passenger }) => passenger.documentMasked);
  return event === 'order-issued' && !hasDocuments
    ? ('lead.order-issued.without-document' as const)
    : (`lead.${event}` as const);
};

/** The waiver of the tickets of a mail. An announcement waives all tickets of an order alike. */
const waiverIn = (tickets: readonly Ticket[]): Waiver | undefined =>
  tickets.map((ticket) => (ticket.state === 'issued' ? ticket.waiver : undefined)).find((waiver) => waiver);

/** Whether a ticket went back because its passenger had not chosen in time. */
const isByJob = (ticket: Ticket): boolean => ticket.state === 'refunded' && ticket.refund.jobId !== undefined;

/** What an announcement says, and by when the passengers choose. */
const announced = ({ tickets, order, carrier }: News, { deadline }: Speech) => {
  const waiver = waiverIn(tickets);
  if (!waiver) return {};
  return {
    // A text chooses by a word without a hyphen.
    reason: waiver.reason.replace('-cancelled', ''),
    chooseBy: deadline(waiver.until, carrier.timeZone),
    minutes: Math.round(secondsBetween(order.departsAt, waiver.until) / 60),
  };
};

/** The amount that a mail is about. */
const amountOf = ({ event, order, granted }: News, { back }: Sums): Money => {
  if (event === 'tickets-refunded') return back;
  return (event === 'order-issued' ? cheaperBy(order) : granted) ?? order.amount;
};

type Sums = { back: Money; fee: Money };

/** What goes back for the tickets of a mail, and what the carrier keeps. */
const refundSums = ({
  tickets,
  order: {
    amount: { currency },
  },
}: News): Sums => {
  const refunds = tickets.flatMap((ticket) => (ticket.state === 'refunded' ? [ticket.refund] : []));
  const sumOf = (amounts: Money[]) => sumMoney(amounts, currency);
  return { back: sumOf(refunds.map(({ amount }) => amount)), fee: sumOf(refunds.map(({ fee }) => fee)) };
};

/** How passengers reach the carrier, in this language. */
const contactLines = (locale: Locale, { contact }: Carrier): string[] => {
  const { postal, phone, email, url } = (contact && ofLocale(contact, locale)) ?? {};
  return [postal, phone, email, url].filter((line) => line !== undefined);
};

export const mailView = (news: News): MailView => {
  const { event, order, carrier } = news;
  const { locale } = order.contact;
  const speech = speak(locale, carrier);
  const { say } = speech;
  const journey = journeyView(order, speech);
  const items = itemsToShow(news);
  const sums = refundSums(news);
  const isCheaper = event === 'order-issued' && cheaperBy(order) !== undefined;
  const carrierName = inLocale(carrier.name, locale, carrier);
  const values = {
    count: items.length,
    trip: journey.trip,
    from: journey.from.name,
    to: journey.to.name,
    date: journey.day,
    amount: speech.amount(amountOf(news, sums)),
    fee: speech.amount(sums.fee),
    until: speech.deadline(order.expiresAt, carrier.timeZone),
    ...announced(news, speech),
  };
  return {
    locale,
    event,
    carrierName,
    brand: carrier.colour ?? plainBrand,
    logo: carrier.logo === undefined ? undefined : { contentId: logoContentId, alt: carrierName },
    subject: say(`subject.${event}`, values),
    title: say(`title.${event}`, values),
    lead: say(leadOf(news, items, sums), values),
    journey,
    passengers: items.map(passengerView(speech, news)),
    total: {
      label: say(isCheaper ? 'total.order-issued.exchange-cheaper' : `total.${event}`),
      value: values.amount,
    },
    payBy: event === 'order-held' ? { label: say('payBy'), value: values.until } : undefined,
    footer: [
      say('orderNumber', { orderId: order.orderId }),
      say('localTimes'),
      say('automatic'),
      ...contactLines(locale, carrier),
    ],
  };
};
