import type { Order } from '../orders/model.ts';
import { readOrder } from '../orders/store.ts';
import type { OrderId, UserId } from '../platform/ids.ts';
import { rejected, accepted, type Outcome } from '../platform/outcome.ts';
import { closeForEnd, releaseForEnd, type EndDependencies } from './end-order.ts';

/**
 * Gives an unpaid hold up for its user. Where no provider has to be asked it is over at once; else the order is
 * `closing`, and the workflow or the clean-up goes on. Asking again changes nothing.
 */
export const cancelOrder =
  (dependencies: EndDependencies) =>
  async (
    orderId: OrderId,
    userId: UserId,
  ): Promise<Outcome<{ order: Order }, 'not-found' | 'order-not-held'>> => {
    const { bookings, workflow } = dependencies;
    const order = await readOrder(bookings, orderId, { consistent: true });
    if (!order || order.state === 'void' || order.userId !== userId) return rejected('not-found');
    if (order.state === 'cancelled') return accepted({ order });
    if (!['held', 'closing', 'releasing'].includes(order.state)) return rejected('order-not-held');
    const closed = await closeForEnd(dependencies)(orderId, 'cancelled');
    if (closed === 'paid') return rejected('order-not-held');
    // Read now: no token can be left on an order that is closed, and the end takes it away.
    const closing = await readOrder(bookings, orderId, { consistent: true });
    if (closed === 'releasing') await releaseForEnd(dependencies)(orderId);
    if (closing && 'taskToken' in closing && closing.taskToken)
      await workflow.wakeCancelled(closing.taskToken);
    const stands = await readOrder(bookings, orderId, { consistent: true });
    if (!stands) return rejected('not-found');
    // The money may have come while it was being closed: then nothing was given up.
    if (stands.state === 'paid' || stands.state === 'issued') return rejected('order-not-held');
    return accepted({ order: stands });
  };
