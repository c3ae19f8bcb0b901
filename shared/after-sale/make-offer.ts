import { putReplay, readReplay, type IdempotencyScope } from '../bookings/idempotency-store.ts';
import type { Order } from '../orders/model.ts';
import { readOrder } from '../orders/store.ts';
import { listPaymentsBehind } from '../paying/payments-behind.ts';
import type { Carrier } from '../platform/carrier.ts';
import { decideAnew } from '../platform/decide-anew.ts';
import { writeTogether, type Table } from '../platform/dynamo.ts';
import { offerIdOf, offerIdSchema, type OrderId, type TicketId, type UserId } from '../platform/ids.ts';
import { accepted, rejected, type Outcome, type Rejected } from '../platform/outcome.ts';
import { newUlid } from '../platform/random.ts';
import type { Clock } from '../platform/time.ts';
import { noteOffered } from '../tickets/offered-store.ts';
import { bindToOffer } from '../tickets/refund-store.ts';
import { listTickets } from '../tickets/store.ts';
import { readFrozenRun } from '../timetable/store.ts';
import { decideOffer } from './decide-offer.ts';
import type { RefundOffer } from './model.ts';
import { putOffer, readOffer } from './offers-store.ts';
import type { OfferRefusal } from './refusals.ts';

type Dependencies = { bookings: Table; timetable: Table; clock: Clock; carrier: Carrier };

type Wish = {
  orderId: OrderId;
  userId: UserId;
  ticketIds: readonly TicketId[] | undefined;
  scope: IdempotencyScope;
};

type Offered = Outcome<{ offer: RefundOffer }, OfferRefusal>;

/** The number of decisions, if a ticket changes or gets another offer at the same moment. */
const attemptsMax = 4;

/**
 * Offers to pay tickets of an order back, and binds each of them to this offer until its end. A client that repeats the
 * request gets the same offer.
 */
export const makeRefundOffer =
  (dependencies: Dependencies) =>
  async (wish: Wish): Promise<Offered> => {
    const offered = await decideAnew(attemptsMax, () => offerOnce(dependencies, wish));
    if (offered.outcome === 'accepted') return offered;
    return rejected(offered.reason === 'changed-meanwhile' ? 'busy' : offered.reason);
  };

const offerOnce = async (
  dependencies: Dependencies,
  { orderId, userId, ticketIds, scope }: Wish,
): Promise<Offered | Rejected<'changed-meanwhile'>> => {
  const { bookings, carrier, clock } = dependencies;
  const replay = await readReplay(bookings, scope, clock());
  if (replay.outcome === 'reused') return rejected('key-reused');
  const earlier =
    replay.outcome === 'same' ? await readOffer(bookings, offerIdSchema.parse(replay.answer)) : undefined;
  if (earlier) return accepted({ offer: earlier });

  const loaded = await loadOrder(dependencies, orderId);
  const now = clock();
  const offerId = offerIdOf(orderId, newUlid(now));
  const decided = decideOffer(loaded, { offerId, userId, ticketIds }, carrier, now);
  if (decided.outcome === 'rejected') return decided;
  const { offer, runId, keptUntil } = decided;
  const itemIds = offer.tickets.map(({ itemId }) => itemId);
  const bound = { offerId, validUntil: offer.validUntil };
  const outcome = await writeTogether(bookings.client, [
    { label: 'offer', write: putOffer(bookings, offer) },
    ...offer.tickets.map(({ itemId }) => ({
      label: 'ticket',
      write: bindToOffer(bookings, { orderId, itemId }, { offer: bound, now }),
    })),
    { label: 'offered', write: noteOffered(bookings, runId, { offerId, itemIds }) },
    { label: 'replay', write: putReplay(bookings, scope, { answer: offerId, keptUntil }) },
  ]);
  return outcome.outcome === 'written' ? accepted({ offer }) : rejected('changed-meanwhile');
};

/** An order with its tickets, its money and its run, as they are now. */
export const loadOrder = async (
  { bookings, timetable }: Pick<Dependencies, 'bookings' | 'timetable'>,
  orderId: OrderId,
) => {
  const reading = readOrder(bookings, orderId, { consistent: true });
  const [order, tickets, payments] = await Promise.all([
    reading,
    listTickets(bookings, orderId, { consistent: true }),
    listPaymentsBehind(bookings, orderId, reading),
  ]);
  return { order, tickets, payments, run: await runOf(timetable, order) };
};

const runOf = async (timetable: Table, order: Order | undefined) =>
  order?.state === 'issued' ? readFrozenRun(timetable, order.runId, { consistent: true }) : undefined;
