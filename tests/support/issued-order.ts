import { applyPayment } from '../../shared/paying/apply-payment.ts';
import type { OrderId } from '../../shared/platform/ids.ts';
import type { Payment } from '../../shared/payments/model.ts';
import type { Run } from '../../shared/timetable/model.ts';
import { issuePaidOrder } from './order-by-id.ts';
import type { PurchaseWorld } from './purchase-world.ts';

/** An order with its tickets, and the payment that paid it. */
export const issuedOrder = async (
  world: PurchaseWorld,
  run: Run,
): Promise<{ orderId: OrderId; payment: Payment }> => {
  const orderId = await world.held(run, [1]);
  const payment = await world.pay(orderId);
  world.buyerPays(payment);
  await world.notify(payment);
  await applyPayment(world)(payment.paymentId);
  await issuePaidOrder(world)(orderId);
  await world.standing(orderId, 'issued');
  return { orderId, payment };
};
