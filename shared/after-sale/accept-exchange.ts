import { writeAndFree } from '../orders/free-claims.ts';
import type { CommittedOrder } from '../orders/model.ts';
import { readOrder } from '../orders/store.ts';
import { readRunToday } from '../paying/run-today.ts';
import type { PurchaseWorkflow } from '../paying/workflow.ts';
import { listPayments } from '../payments/store.ts';
import { decideAnew } from '../platform/decide-anew.ts';
import type { Table } from '../platform/dynamo.ts';
import { newOrderOf, orderOfOffer, type OfferId, type OrderId, type UserId } from '../platform/ids.ts';
import { loggable, logger } from '../platform/log.ts';
import { accepted, rejected, type Outcome, type Rejected } from '../platform/outcome.ts';
import type { Clock } from '../platform/time.ts';
import { endReplaced, readFormer, replacedClaims } from '../selling/former-tickets.ts';
import { issueWrites } from '../selling/issue-order.ts';
import { releaseGivenUp } from '../selling/release-items.ts';
import type { SigningKey } from '../tickets/code-keys.ts';
import { decideExchangeAcceptance, type LoadedExchange } from './decide-exchange-acceptance.ts';
import type { ExchangeAcceptanceRefusal } from './refusals.ts';
import { refundWrites } from './refund-writes.ts';

type Dependencies = {
  bookings: Table;
  inventory: Table;
  timetable: Table;
  clock: Clock;
  workflow: PurchaseWorkflow;
  signingKey: () => Promise<SigningKey>;
};

/** The new order: issued, or still waiting for its payment. */
type Accepting = Outcome<{ order: CommittedOrder }, ExchangeAcceptanceRefusal>;

type Wish = { offerId: OfferId; userId: UserId };

/** The number of decisions, if something of the orders changes at the same moment. */
const attemptsMax = 5;

/**
 * Accepts an exchange. If nothing is to be paid, this issues the new tickets and ends the earlier ones in one transaction
 * (T18), and then releases their seats; if it dies in between, the clean-up releases them. If something is to be paid, the
 * payment of the new order does all that (T15), and this changes nothing.
 */
export const acceptExchangeOffer =
  (dependencies: Dependencies) =>
  async (offerId: OfferId, userId: UserId): Promise<Accepting> => {
    const { bookings } = dependencies;
    const done = await decideAnew(attemptsMax, () => acceptOnce(dependencies, { offerId, userId }));
    if (done.outcome === 'rejected')
      return rejected(done.reason === 'changed-meanwhile' ? 'busy' : done.reason);
    if (done.now === 'switched') {
      await releaseGivenUp(dependencies, orderOfOffer(offerId));
      await wake(dependencies, newOrderOf(offerId));
    }
    const order = await readOrder(bookings, newOrderOf(offerId), { consistent: true });
    return order && order.state !== 'void' ? accepted({ order }) : rejected('not-found');
  };

type AcceptedOnce =
  Outcome<{ now: 'switched' | 'to-be-paid' }, ExchangeAcceptanceRefusal> | Rejected<'changed-meanwhile'>;

const acceptOnce = async (dependencies: Dependencies, wish: Wish): Promise<AcceptedOnce> => {
  const { bookings, clock, signingKey } = dependencies;
  const loaded = await load(dependencies, wish.offerId);
  const key = await signingKey();
  const now = clock();
  const decided = decideExchangeAcceptance(loaded, wish, now);
  if (decided.outcome === 'rejected') return decided;
  if (decided.now === 'to-be-paid') return accepted({ now: 'to-be-paid' });
  const { order, former, refunds } = decided;
  const outcome = await writeAndFree<string>(bookings, replacedClaims(order, former), [
    ...issueWrites(bookings, order, { now, key }),
    ...endReplaced(bookings, order, former, now),
    ...refunds.flatMap((refund) => refundWrites(bookings, refund)),
  ]);
  return outcome.outcome === 'written' ? accepted({ now: 'switched' }) : rejected('changed-meanwhile');
};

const load = async ({ bookings, timetable }: Dependencies, offerId: OfferId): Promise<LoadedExchange> => {
  const order = await readOrder(bookings, newOrderOf(offerId), { consistent: true });
  if (order?.state !== 'held') return { order, payments: [] };
  const [former, payments, today] = await Promise.all([
    readFormer(bookings, order),
    listPayments(bookings, orderOfOffer(offerId)),
    readRunToday(timetable, order, { afresh: false }),
  ]);
  return { order, former, payments, today };
};

/** The workflow that waits for a payment ends now. If it is not woken, it ends with its hold and finds the order issued. */
const wake = async ({ bookings, workflow }: Dependencies, orderId: OrderId): Promise<void> => {
  const waiting = async (): Promise<void> => {
    const order = await readOrder(bookings, orderId, { consistent: true });
    if (order?.state === 'issued' && order.taskToken) await workflow.wakePaid(order.taskToken);
  };
  await waiting().catch((thrown: unknown) =>
    logger.warn('the workflow of an exchanged order waits for the end of its hold', {
      orderId,
      thrown: loggable(thrown),
    }),
  );
};
