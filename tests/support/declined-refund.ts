import { applyPayment } from '../../shared/paying/apply-payment.ts';
import { cleanUp } from '../../shared/upkeep/clean-up.ts';
import { recordNotification } from '../../shared/paying/record-notification.ts';
import { submitRefund } from '../../shared/paying/submit-refund.ts';
import type { OrderId } from '../../shared/platform/ids.ts';
import { isCaptured, type CapturedPayment } from '../../shared/payments/model.ts';
import { readPayment } from '../../shared/payments/store.ts';
import type { Run } from '../../shared/timetable/model.ts';
import { refundPaidOrder } from './order-by-id.ts';
import type { PurchaseWorld } from './purchase-world.ts';

type RefundOfOrder = { orderId: OrderId; number: string; payment: CapturedPayment };

/** An order that was paid, and whose money is to go back; nobody has sent it yet. */
export const requestedRefund = async (world: PurchaseWorld, run: Run): Promise<RefundOfOrder> => {
  const orderId = await world.held(run, [1]);
  const payment = await world.pay(orderId);
  world.buyerPays(payment);
  await recordNotification(world)('alipay', {
    notificationId: `n-${payment.paymentId}`,
    paymentNumber: payment.paymentId,
    says: { kind: 'captured', providerTrade: 't', paid: payment.amount },
  });
  await applyPayment(world)(payment.paymentId);
  await refundPaidOrder(world)(orderId);
  await cleanUp(world.dependencies)({ hasTime: () => true });
  const stands = await readPayment(world.bookings, payment.paymentId);
  if (!stands || !isCaptured(stands)) throw new Error(`${payment.paymentId} is not captured`);
  return { orderId, number: `${payment.paymentId}_whole`, payment: stands };
};

/** An order that was paid, and whose money the provider has declined to send back for good. */
export const declinedRefund = async (world: PurchaseWorld, run: Run): Promise<RefundOfOrder> => {
  const refund = await requestedRefund(world, run);
  world.bank.state.refundAnswer = { state: 'failed', why: 'ACQ.TRADE_HAS_FINISHED' };
  await submitRefund(world)(refund.orderId, refund.number);
  return refund;
};
