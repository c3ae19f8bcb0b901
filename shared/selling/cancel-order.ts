import { isExchanging, type Order } from '../orders/model.ts';
import { readOrder } from '../orders/store.ts';
import type { OrderId, UserId } from '../platform/ids.ts';
import { rejected, type Outcome } from '../platform/outcome.ts';
import { unbindFrom } from '../tickets/exchange-store.ts';
import { decideCancel, decideCancelled } from './decide-end.ts';
import { closeForEnd, releaseForEnd, type EndDependencies } from './end-order.ts';
import type { CancelRefusal } from './rules.ts';

type Cancelled = Outcome<{ order: Order }, CancelRefusal>;

/**
 * Cancels an unpaid hold for its user. If no provider has to answer, it is over at once; otherwise the order is
 * `closing`, and the workflow or the clean-up continues. Calling it again changes nothing.
 */
export const cancelOrder =
  (dependencies: EndDependencies) =>
  async (orderId: OrderId, userId: UserId): Promise<Cancelled> => {
    const { bookings, workflow } = dependencies;
    const read = () => readOrder(bookings, orderId, { consistent: true });
    const decided = decideCancel(await read(), { userId });
    if (decided.outcome === 'rejected' || decided.now === 'cancelled') return decided;
    const ending = await closeForEnd(dependencies)(decided.order, 'cancelled');
    if (ending.outcome === 'rejected' && ending.reason === 'already-paid') return rejected('order-not-held');
    const isToRelease = ending.outcome === 'accepted' && ending.now === 'releasing';
    const ended = isToRelease ? await releaseForEnd(dependencies)(ending.order) : ending.order;
    // The order before its end, which removes the token: nobody can store a token on a closed order.
    if (ended) await unbindTickets(dependencies, ended);
    const token = ending.order && 'taskToken' in ending.order ? ending.order.taskToken : undefined;
    if (token) await workflow.wakeCancelled(token);
    // Other workers handle an order that is still closing too, so money may have come meanwhile.
    return decideCancelled(ending.outcome === 'rejected' ? await read() : ended);
  };

/** The tickets that were to be exchanged are free for another offer at once. If this fails, they are when this one runs out. */
const unbindTickets = async ({ bookings }: EndDependencies, order: Order): Promise<void> => {
  if (order.state !== 'cancelled' || !isExchanging(order)) return;
  const { orderId, offerId, tickets } = order.exchangeOf;
  await Promise.all(tickets.map(({ itemId }) => unbindFrom(bookings, { orderId, itemId }, offerId)));
};
