import { publishedEventSchema } from '../../shared/platform/events.ts';
import { paymentIdSchema } from '../../shared/platform/ids.ts';
import { applyPayment } from '../../shared/paying/apply-payment.ts';
import { queueHandler } from '../middleware/queue-handler.ts';
import { purchaseDependencies } from '../compose/purchase-dependencies.ts';

/** Puts captured money to its use. Money that must wait for a release is found by the clean-up. */
export const handler = queueHandler(publishedEventSchema, async ({ subject }, { timeLeft, signal }) => {
  await applyPayment(await purchaseDependencies(timeLeft, signal))(paymentIdSchema.parse(subject));
});
