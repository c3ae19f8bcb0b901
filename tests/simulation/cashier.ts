import type { Payment } from '../../shared/payments/model.ts';
import type { Money } from '../../shared/platform/money.ts';
import { recordNotification } from '../../shared/paying/record-notification.ts';
import type { Books } from './books.ts';
import type { Dependencies } from './dependencies.ts';
import type { FaultProfile } from './faults.ts';
import type { Actor, Scheduler } from './scheduler.ts';
import type { Seeded } from './seeded.ts';

export type Cashier = ReturnType<typeof makeCashier>;

/** Alipay's pauses between tries to notify, in seconds; hours later it still does, here every ten minutes. */
const againAfterSeconds = [240, 600];

/** How often the provider tells of one payment: never, once, or several times in any order. */
const notifications = [0, 1, 1, 1, 2, 4];

/** Less, more, or money of another currency; never nothing. */
const otherThan = (seed: Seeded, { amount, currency }: Money): Money =>
  seed.pick([
    { amount: seed.whole(1, amount - 1), currency },
    { amount: amount + seed.whole(1, amount), currency },
    { amount, currency: 'USD' },
  ]);

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

  const odd = (probability: number): boolean => profile()?.oddProvider === true && seed.happens(probability);

  const notify = async (payment: Payment, paid: Money, notificationId: string, tries = 0): Promise<void> => {
    const { paymentId } = payment;
    const result = await invoke('notify', 10, (actor) =>
      recordNotification(dependenciesOf(actor))('alipay', {
        notificationId,
        paymentNumber: paymentId,
        says: { kind: 'captured', providerTrade: `trade-${paymentId}`, paid },
      }),
    );
    if (result !== 'gone' && 'answer' in result) return;
    if (result !== 'gone') failed('notify', result.error);
    const seconds = againAfterSeconds[tries] ?? 600;
    after(seconds * 1000, () => void notify(payment, paid, notificationId, tries + 1));
  };
  const notifyLater = (payment: Payment, paid: Money, count: number): void => {
    for (let n = 1; n <= count; n += 1) {
      const notificationId = `n-${payment.paymentId}-${paid.amount}-${seed.whole(1, n)}`;
      after(seed.spread(50, 900_000), () => void notify(payment, paid, notificationId));
    }
  };
  /** Tells of another amount than is in the books, and of another than was asked for. */
  const lie = (payment: Payment): void => {
    note(`provider tells of another amount for ${payment.paymentId}`);
    books.lies.add(payment.paymentId);
    notifyLater(payment, otherThan(seed, payment.amount), 1);
  };

  return {
    enter: (payment: Payment): void => {
      note(`buyer enters the cashier for ${payment.paymentId}`);
      books.enter(payment);
    },
    pay: (payment: Payment): void => {
      // It happens that a payment comes through that the provider had called closed; nobody asks about it any more,
      // so that its notification is all there is.
      const taken = odd(0.45) ? otherThan(seed, payment.amount) : payment.amount;
      const wasOpen = books.pay(payment.paymentId, taken);
      const afterAll = !wasOpen && seed.happens(profile()?.lateMoney ? 0.9 : 0.1);
      const paid = wasOpen || (afterAll && books.pay(payment.paymentId, taken, { afterAll }));
      note(`buyer pays ${payment.paymentId}: ${paid ? 'captured' : 'refused'}`);
      if (odd(0.05)) lie(payment);
      if (!paid) return;
      const count = wasOpen && profile() ? seed.pick(notifications) : 1;
      notifyLater(payment, books.takenOf(payment.paymentId) ?? payment.amount, count);
    },
  };
};
