import { entryOf } from '../ledger/rules.ts';
import { putEntry } from '../ledger/store.ts';
import { countGivenUp } from '../orders/counts-store.ts';
import { writeAndFree } from '../orders/free-claims.ts';
import type { OrderIn } from '../orders/model.ts';
import { giveUpItems } from '../orders/give-up-store.ts';
import { readOrder } from '../orders/store.ts';
import { claimsOfItems } from '../paying/claims-of.ts';
import { decideAnew } from '../platform/decide-anew.ts';
import type { Table } from '../platform/dynamo.ts';
import { orderOfOffer, type OfferId, type UserId } from '../platform/ids.ts';
import { accepted, rejected, type Outcome, type Rejected } from '../platform/outcome.ts';
import type { Clock, Instant } from '../platform/time.ts';
import { releaseGivenUp } from '../selling/release-items.ts';
import { refundTicket } from '../tickets/refund-store.ts';
import { decideAcceptance, type Acceptance } from './decide-acceptance.ts';
import { loadOrder } from './make-offer.ts';
import { readOffer } from './offers-store.ts';
import { refundWrites } from './refund-writes.ts';
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
    await releaseGivenUp(dependencies, orderOfOffer(offerId));
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
  return [
    {
      label: 'order',
      write: giveUpItems(bookings, orderId, { itemIds, offerId, event: 'tickets-refunded', now }),
    },
    ...tickets.map(({ ticket, refund }) => ({
      label: 'ticket',
      write: refundTicket(bookings, ticket, refund),
    })),
    { label: 'count', write: countGivenUp(bookings, order, items.length) },
    ...refunds.flatMap((refund) => refundWrites(bookings, refund)),
    ...(fee.amount > 0
      ? [
          {
            label: 'journal',
            write: putEntry(
              bookings,
              entryOf('fee-kept', { orderId, source: offerId, amount: fee, at: now }),
            ),
          },
        ]
      : []),
  ];
};
