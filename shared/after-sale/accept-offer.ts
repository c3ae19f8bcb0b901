import { entryOf } from '../ledger/rules.ts';
import { putEntry } from '../ledger/store.ts';
import { countTicketsRefunded } from '../orders/counts-store.ts';
import { writeAndFree } from '../orders/free-claims.ts';
import type { Order, OrderIn } from '../orders/model.ts';
import { refundItems } from '../orders/refund-items-store.ts';
import { readOrder } from '../orders/store.ts';
import { claimsOfItems } from '../paying/claims-of.ts';
import { putRefund } from '../payments/refunds-store.ts';
import { takeRefundable } from '../payments/store.ts';
import { decideAnew } from '../platform/decide-anew.ts';
import type { Table } from '../platform/dynamo.ts';
import { orderOfOffer, type OfferId, type UserId } from '../platform/ids.ts';
import type { Money } from '../platform/money.ts';
import { loggable, logger } from '../platform/log.ts';
import { accepted, rejected, type Outcome, type Rejected } from '../platform/outcome.ts';
import type { Clock, Instant } from '../platform/time.ts';
import { releaseItems } from '../selling/release-items.ts';
import { refundTicket } from '../tickets/refund-store.ts';
import { decideAcceptance, type Acceptance } from './decide-acceptance.ts';
import { loadOrder } from './make-offer.ts';
import { readOffer } from './offers-store.ts';
import type { AcceptanceRefusal } from './refusals.ts';

type Dependencies = { bookings: Table; inventory: Table; timetable: Table; clock: Clock };

type Accepting = Outcome<{ order: OrderIn<'issued'> }, AcceptanceRefusal>;

/** The number of decisions, if something of the order changes at the same moment. */
const attemptsMax = 5;

/**
 * T19: pays the tickets of an offer back, in one transaction, and then releases their seats (T20). If this dies in
 * between, the clean-up releases them.
 */
export const acceptRefundOffer =
  (dependencies: Dependencies) =>
  async (offerId: OfferId, userId: UserId): Promise<Accepting> => {
    const done = await decideAnew(attemptsMax, () => acceptOnce(dependencies, offerId, userId));
    if (done.outcome === 'rejected')
      return rejected(done.reason === 'changed-meanwhile' ? 'busy' : done.reason);
    const { bookings } = dependencies;
    const order = await readOrder(bookings, orderOfOffer(offerId), { consistent: true });
    await releaseSeats(dependencies, order);
    const released = await readOrder(bookings, orderOfOffer(offerId), { consistent: true });
    return released?.state === 'issued' ? accepted({ order: released }) : rejected('not-found');
  };

const acceptOnce = async (
  dependencies: Dependencies,
  offerId: OfferId,
  userId: UserId,
): Promise<Outcome<object, AcceptanceRefusal> | Rejected<'changed-meanwhile'>> => {
  const { bookings, clock } = dependencies;
  const [offer, loaded] = await Promise.all([
    readOffer(bookings, offerId),
    loadOrder(dependencies, orderOfOffer(offerId)),
  ]);
  const now = clock();
  const decided = decideAcceptance({ offer, ...loaded }, { userId }, now);
  if (decided.outcome === 'rejected') return decided;
  const { order, items } = decided;
  const outcome = await writeAndFree(
    bookings,
    claimsOfItems(order, items),
    writesOf(bookings, decided, { offerId, now }),
  );
  return outcome.outcome === 'written' ? accepted({}) : rejected('changed-meanwhile');
};

/** All writes of T19 but the claims. They fit into one transaction: `journeyDaysMax` counts them. */
const writesOf = (
  bookings: Table,
  { order, items, tickets, refunds, fee }: Acceptance,
  { offerId, now }: { offerId: OfferId; now: Instant },
) => {
  const { orderId } = order;
  const itemIds = items.map(({ itemId }) => itemId);
  const entry = (kind: 'refund-granted' | 'fee-kept', source: string, amount: Money) => ({
    label: 'journal',
    write: putEntry(bookings, entryOf(kind, { orderId, source, amount, at: now })),
  });
  return [
    { label: 'order', write: refundItems(bookings, orderId, { itemIds, offerId, now }) },
    ...tickets.map(({ ticket, refund }) => ({
      label: 'ticket',
      write: refundTicket(bookings, ticket, refund),
    })),
    { label: 'count', write: countTicketsRefunded(bookings, order, items.length) },
    ...refunds.flatMap((refund) => [
      { label: 'payment', write: takeRefundable(bookings, refund.paymentId, refund.amount.amount) },
      { label: 'refund', write: putRefund(bookings, refund) },
      entry('refund-granted', refund.refundNumber, refund.amount),
    ]),
    ...(fee.amount > 0 ? [entry('fee-kept', offerId, fee)] : []),
  ];
};

/** The passenger has the refund already: if the seats cannot be released now, the clean-up does it within a minute. */
const releaseSeats = async (dependencies: Dependencies, order: Order | undefined): Promise<void> => {
  if (!order || order.state === 'void') return;
  await releaseItems(dependencies)(order).catch((thrown: unknown) =>
    logger.warn('the seats of a refunded ticket wait for the clean-up', {
      orderId: order.orderId,
      thrown: loggable(thrown),
    }),
  );
};
