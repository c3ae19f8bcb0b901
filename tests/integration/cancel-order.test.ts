import { applyPayment } from '../../shared/paying/apply-payment.ts';
import { awaitPayment } from '../../shared/selling/await-payment.ts';
import { cancelOrder } from '../../shared/selling/cancel-order.ts';
import { recordNotification } from '../../shared/paying/record-notification.ts';
import { userIdSchema } from '../../shared/platform/ids.ts';
import { issuePaidOrder } from '../support/order-by-id.ts';
import { purchaseWorld, type PurchaseWorld } from '../support/purchase-world.ts';

let world: PurchaseWorld;
beforeAll(async () => {
  world = await purchaseWorld();
});
afterAll(() => world.stop());

test('cancelling is refused where the money comes while the order is being closed', async () => {
  const orderId = await world.held(await world.openRun('2026-12-03', 2), [1], { user: 'hesitant' });
  const { paymentId, amount } = await world.pay(orderId);
  await awaitPayment(world)(orderId, 'token');
  world.bank.state.silent = true;
  const wakeCancelled = async (): Promise<void> => {
    await recordNotification(world)('alipay', {
      notificationId: 'n-1',
      paymentNumber: paymentId,
      says: { kind: 'captured', providerTrade: 'trade-1', paid: amount },
    });
    await applyPayment(world)(paymentId);
    await issuePaidOrder(world)(orderId);
  };
  const racing = { ...world.dependencies, workflow: { ...world.workflow, wakeCancelled } };
  const outcome = await cancelOrder(racing)(orderId, userIdSchema.parse('hesitant'));
  await world.standing(orderId, 'issued');
  expect(outcome).toEqual({ outcome: 'rejected', reason: 'order-not-held' });
});
