import type { Payment } from '../../shared/payments/model.ts';
import { recordNotification } from '../../shared/purchase/record-notification.ts';
import type { Books } from './books.ts';
import type { Dependencies } from './dependencies.ts';
import type { FaultProfile } from './faults.ts';
import type { Actor, Scheduler } from './scheduler.ts';

export type Cashier = ReturnType<typeof makeCashier>;

/** Alipay's pauses between tries to notify, in seconds; hours later it still does, here every ten minutes. */
const againAfterSeconds = [240, 600];

/** How often the provider tells of one payment: never, once, or several times in any order. */
const notifications = [0, 1, 1, 1, 2, 4];

/** The provider's side that the buyer sees, and its notifications to us. */
export const makeCashier = ({
  scheduler,
  books,
  profile,
  dependenciesOf,
  failed,
}: {
  scheduler: Scheduler;
  books: Books;
  profile: () => FaultProfile | undefined;
  dependenciesOf: (actor: Actor) => Dependencies;
  failed: (name: string, error: unknown) => void;
}) => {
  const { seed, after, invoke, note } = scheduler;

  const notify = async (payment: Payment, notificationId: string, tries = 0): Promise<void> => {
    const { paymentId, amount } = payment;
    const result = await invoke('notify', 10, (actor) =>
      recordNotification(dependenciesOf(actor))('alipay', {
        notificationId,
        paymentNumber: paymentId,
        says: { kind: 'captured', providerTrade: `trade-${paymentId}`, paid: amount },
      }),
    );
    if (result !== 'gone' && 'answer' in result) return;
    if (result !== 'gone') failed('notify', result.error);
    const seconds = againAfterSeconds[tries] ?? 600;
    after(seconds * 1000, () => void notify(payment, notificationId, tries + 1));
  };

  return {
    enter: (payment: Payment): void => {
      note(`buyer enters the cashier for ${payment.paymentId}`);
      books.enter(payment);
    },
    pay: (payment: Payment): void => {
      // It happens that a payment comes through that the provider had called closed; nobody asks about it any more,
      // so that its notification is all there is.
      const wasOpen = books.pay(payment.paymentId);
      const afterAll = !wasOpen && seed.happens(profile()?.lateMoney ? 0.9 : 0.1);
      const paid = wasOpen || (afterAll && books.pay(payment.paymentId, { afterAll }));
      note(`buyer pays ${payment.paymentId}: ${paid ? 'captured' : 'refused'}`);
      if (!paid) return;
      const count = wasOpen && profile() ? seed.pick(notifications) : 1;
      for (let n = 1; n <= count; n += 1) {
        const notificationId = `n-${payment.paymentId}-${seed.whole(1, n)}`;
        after(seed.spread(50, 900_000), () => void notify(payment, notificationId));
      }
    },
  };
};
