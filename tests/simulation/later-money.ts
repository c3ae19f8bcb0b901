import { paymentFromItem } from '../../shared/payments/store.ts';
import { applyPayment } from '../../shared/paying/apply-payment.ts';
import { recordNotification } from '../../shared/paying/record-notification.ts';
import { everythingIn } from './forgotten.ts';
import type { laterProviders } from './later-provider.ts';

type Draw = (probability: number, ...names: unknown[]) => boolean;

/** From then on the orders of these worlds are given their ends. */
const yearsLater = '2029';

/**
 * Money for a payment of an order that was never captured: for half of them within weeks, for the others only years
 * later. It is put to its use at once, or left to the clean-up.
 */
export const makeLateMoney =
  ({
    take,
    draw,
    happens,
    ...dependencies
  }: Parameters<typeof applyPayment>[0] & {
    take: ReturnType<typeof laterProviders>['take'];
    draw: Draw;
    happens: Draw;
  }) =>
  async (pk: string): Promise<void> => {
    const isLate = dependencies.clock() > yearsLater;
    for (const item of await everythingIn(dependencies.bookings)) {
      if (item['pk'] !== pk || !String(item['sk']).startsWith('PAYMENT#') || item['capturedAt']) continue;
      const payment = paymentFromItem(item);
      const { paymentId, provider, amount: paid } = payment;
      if (draw(0.5, 'years later', paymentId) !== isLate) continue;
      take(paymentId, { state: 'captured', providerTrade: 'late', paid });
      await recordNotification(dependencies)(provider, {
        notificationId: `late-${paymentId}`,
        paymentNumber: paymentId,
        says: { kind: 'captured', providerTrade: 'late', paid },
      });
      if (happens(0.5, 'applied', paymentId)) await applyPayment(dependencies)(paymentId);
    }
  };
