import type { Order } from '../orders/model.ts';
import { readOrder } from '../orders/store.ts';
import type { OrderId, UserId } from '../platform/ids.ts';
import { rejected, type Outcome } from '../platform/outcome.ts';
import { decideCancel, decideCancelled } from './decide-end.ts';
import { closeForEnd, releaseForEnd, type EndDependencies } from './end-order.ts';
import type { CancelRefusal } from './rules.ts';

type Cancelled = Outcome<{ order: Order }, CancelRefusal>;

/**
 * Gives an unpaid hold up for its user. Where no provider has to be asked it is over at once; else the order is
 * `closing`, and the workflow or the clean-up goes on. Asking again changes nothing.
 */
export const cancelOrder =
  (dependencies: EndDependencies) =>
  async (orderId: OrderId, userId: UserId): Promise<Cancelled> => {
    const { bookings, workflow } = dependencies;
    const read = () => readOrder(bookings, orderId, { consistent: true });
    const decided = decideCancel(await read(), { userId });
    if (decided.outcome === 'rejected' || decided.now === 'cancelled') return decided;
    const ending = await closeForEnd(dependencies)(orderId, 'cancelled');
    if (ending.outcome === 'rejected' && ending.reason === 'already-paid') return rejected('order-not-held');
    // Read now: no token can be left on an order that is closed, and the end takes it away.
    const closing = await read();
    if (ending.outcome === 'accepted' && ending.now === 'releasing')
      await releaseForEnd(dependencies)(orderId);
    if (closing && 'taskToken' in closing && closing.taskToken)
      await workflow.wakeCancelled(closing.taskToken);
    return decideCancelled(await read());
  };
