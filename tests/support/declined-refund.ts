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

/** An order that was paid, and whose money the provider has declined to send back for good. */
export const declinedRefund = async (
  world: PurchaseWorld,
  run: Run,
): Promise<{ orderId: OrderId; number: string; payment: CapturedPayment }> => {
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
  const number = `${payment.paymentId}_whole`;
  world.bank.state.refundAnswer = { state: 'failed', why: 'ACQ.TRADE_HAS_FINISHED' };
  await submitRefund(world)(orderId, number);
  const stands = await readPayment(world.bookings, payment.paymentId);
  if (!stands || !isCaptured(stands)) throw new Error(`${payment.paymentId} is not captured`);
  return { orderId, number, payment: stands };
};
