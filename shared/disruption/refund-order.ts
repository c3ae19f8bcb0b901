import { freeOfCharge } from '../after-sale/rules.ts';
import { refundsFor } from '../after-sale/decide-acceptance.ts';
import { refundWrites } from '../after-sale/refund-writes.ts';
import { countGivenUp } from '../orders/counts-store.ts';
import { writeAndFree } from '../orders/free-claims.ts';
import { itemsOf, type Order, type OrderIn } from '../orders/model.ts';
import { giveUpItems } from '../orders/give-up-store.ts';
import { readOrder } from '../orders/store.ts';
import { claimsOfItems } from '../paying/claims-of.ts';
import { listPaymentsBehind } from '../paying/payments-behind.ts';
import { decideAnew } from '../platform/decide-anew.ts';
import { offerIdOf } from '../platform/ids.ts';
import { sumMoney } from '../platform/money.ts';
import { accepted, rejected } from '../platform/outcome.ts';
import { newUlid } from '../platform/random.ts';
import { releaseItems } from '../selling/release-items.ts';
import type { TicketIn } from '../tickets/model.ts';
import { listTickets } from '../tickets/store.ts';
import { noteOffered } from '../tickets/offered-store.ts';
import { refundWaivedTicket } from '../tickets/waiver-store.ts';
import { isWaivedBy, ticketsToRefund } from './decide-waiver.ts';
import type { Job } from './model.ts';
import { nothingToDo, type SettleDependencies, type Settled } from './settle-order.ts';

/** The number of decisions, if something of the order changes between the read and the write. */
const attemptsMax = 5;

/**
 * T43: pays the tickets of an order back whose passengers have not chosen, in one transaction, and then releases their
 * seats (T20). A ticket with an open offer waits: its passenger may be accepting it.
 */
export const refundOrder =
  (dependencies: SettleDependencies) =>
  async (job: Job, read: Order | undefined): Promise<Settled> => {
    if (read?.state !== 'issued' || !isWaivedBy(read, job.jobId)) return nothingToDo;
    const settled = await decideAnew(attemptsMax, () => refundOnce(dependencies, job, read));
    if (settled.outcome === 'accepted' && settled.did === 'refunded') {
      const order = await readOrder(dependencies.bookings, read.orderId, { consistent: true });
      if (order?.state === 'issued') await releaseItems(dependencies)(order);
    }
    return settled;
  };

const refundOnce = async (
  dependencies: SettleDependencies,
  job: Job,
  order: OrderIn<'issued'>,
): Promise<Settled> => {
  const { bookings, clock } = dependencies;
  const { orderId } = order;
  const [tickets, payments] = await Promise.all([
    listTickets(bookings, orderId, { consistent: true }),
    listPaymentsBehind(bookings, orderId, Promise.resolve(order)),
  ]);
  const now = clock();
  const { due, bound } = ticketsToRefund(tickets, job, now);
  if (due.length === 0) return bound.length > 0 ? rejected('offer-open') : nothingToDo;
  const itemIds = due.map(({ itemId }) => itemId);
  const amount = sumMoney(
    due.map(({ fare }) => fare),
    order.amount.currency,
  );
  const spread = refundsFor(order, { itemIds, amount }, payments, now);
  if (spread.outcome === 'rejected') return rejected(spread.reason);
  const items = itemsOf(order).filter(({ itemId }) => itemIds.includes(itemId));
  // Nobody was offered anything: the id only tells which tickets went back together.
  const offerId = offerIdOf(orderId, newUlid(now));
  const { outcome } = await writeAndFree(bookings, claimsOfItems(order, items), [
    {
      label: 'order',
      write: giveUpItems(bookings, orderId, { itemIds, offerId, event: 'tickets-refunded', now }),
    },
    ...due.map((ticket) => ({
      label: 'ticket',
      write: refundWaivedTicket(bookings, ticket, {
        ...refundOf(ticket, job),
        offerId,
        at: now,
        jobId: job.jobId,
      }),
    })),
    { label: 'count', write: countGivenUp(bookings, order, items.length) },
    { label: 'offered', write: noteOffered(bookings, order.runId, { offerId, itemIds }) },
    ...spread.refunds.flatMap((refund) => refundWrites(bookings, refund)),
  ]);
  if (outcome !== 'written') return rejected('changed-meanwhile');
  return bound.length > 0 ? rejected('offer-open') : accepted({ did: 'refunded', isEarlier: false });
};

const refundOf = ({ fare }: TicketIn<'issued'>, { disruption }: Job) => {
  const { fee, refund, rule } = freeOfCharge({ price: fare }, disruption);
  return { fee, amount: refund, rule };
};
