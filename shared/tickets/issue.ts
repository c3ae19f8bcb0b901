import { livingItems, type OrderIn, type OrderItem } from '../orders/model.ts';
import { ticketIdOf } from '../platform/ids.ts';
import { millisecondsOf, plusSeconds, type Instant } from '../platform/time.ts';
import type { SigningKey } from './code-keys.ts';
import { signCode } from './code.ts';
import { ticketSchema, type Ticket } from './model.ts';

type TicketWithCode = Ticket & { code: string };

/**
 * A code is valid from a day before the journey, because stations open their gates hours ahead and a gate without a
 * network trusts its own clock, until six hours after it, because runs are late and the exit gate reads the code too.
 */
const validBeforeSeconds = 24 * 60 * 60;
const validAfterSeconds = 6 * 60 * 60;

const epochSeconds = (instant: Instant): number => Math.floor(millisecondsOf(instant) / 1000);

/** The first letter of each of the first three words: `张三` → `张`, `Anna Maria Schmidt` → `AMS`. */
const initialsOf = (name: string): string =>
  name
    .normalize('NFC')
    .split(/[\s·•.-]+/u)
    .flatMap((word) => [...word].slice(0, 1))
    .slice(0, 3)
    .join('');

/** The visible end of a masked document number. Anyone can read a code, so it shows no more than the mask does. */
const tailOf = (documentMasked: string | undefined): string | undefined =>
  documentMasked?.split('*').at(-1)?.slice(-4);

/** T15 issues a paid order, T18 a held one for which nothing is to be paid. */
type Issuable = OrderIn<'paid' | 'held' | 'issued'>;

const ticketOf = (
  order: Issuable,
  { itemId, passenger, class: travelClass, fare, place: { coach, seat }, thenPlace }: OrderItem,
  { issuedAt, signingKey }: { issuedAt: Instant; signingKey: SigningKey },
): TicketWithCode => {
  const ticketId = ticketIdOf(order.orderId, itemId);
  const tail = tailOf(passenger.documentMasked);
  const code = signCode(signingKey.seed, {
    ticketId,
    runId: order.runId,
    from: order.from.stopId,
    to: order.to.stopId,
    coach,
    seat,
    class: travelClass,
    initials: initialsOf(passenger.name),
    ...(tail && { documentTail: tail }),
    validFrom: epochSeconds(plusSeconds(order.departsAt, -validBeforeSeconds)),
    validUntil: epochSeconds(plusSeconds(order.arrivesAt, validAfterSeconds)),
    carrierId: signingKey.carrierId,
  });
  const ticket = ticketSchema.parse({
    ticketId,
    orderId: order.orderId,
    itemId,
    userId: order.userId,
    state: 'issued',
    runId: order.runId,
    trip: order.trip,
    ...(order.tripNames && { tripNames: order.tripNames }),
    ...(order.headsign && { headsign: order.headsign }),
    from: order.from,
    to: order.to,
    class: travelClass,
    coach,
    seat,
    ...(order.seatChange &&
      thenPlace && {
        seatChange: { ...order.seatChange, coach: thenPlace.coach, seat: thenPlace.seat },
      }),
    passenger: {
      name: passenger.name,
      document: passenger.documentMasked,
      ...(passenger.onLap && {
        onLap: passenger.onLap.map(({ name, type, documentMasked: document }) => ({ name, type, document })),
      }),
    },
    fare,
    issuedAt,
  });
  return { ...ticket, code };
};

/**
 * The tickets of an order, one for each passenger who still has a seat. Two calls differ only in `issuedAt`, so
 * issuing twice makes the same tickets.
 */
export const ticketsOf = ({
  order,
  issuedAt,
  signingKey,
}: {
  order: Issuable;
  issuedAt: Instant;
  signingKey: SigningKey;
}): TicketWithCode[] => livingItems(order).map((item) => ticketOf(order, item, { issuedAt, signingKey }));
