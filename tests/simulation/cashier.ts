import type { VerifiedNotification } from '../../shared/payments/provider.ts';
import type { Payment } from '../../shared/payments/model.ts';
import type { Money } from '../../shared/platform/money.ts';
import { recordNotification } from '../../shared/paying/record-notification.ts';
import type { Books } from './books.ts';
import { characters } from './characters.ts';
import type { Dependencies } from './dependencies.ts';
import type { FaultProfile } from './faults.ts';
import { watchRefundNotice } from './refund-notices.ts';
import type { Actor, Scheduler } from './scheduler.ts';
import type { Seeded } from './seeded.ts';
import type { Wrong } from './wrong.ts';

export type Cashier = ReturnType<typeof makeCashier>;

/** How often a provider tells of one fact: never, once, or several times in any order. */
const notifications = [0, 1, 1, 1, 2, 4];

/** How many attempts of a buyer fail before one is taken up. */
const failures = [0, 0, 0, 1, 3];

/** Less, more, or money of another currency; never nothing. */
const otherThan = (seed: Seeded, { amount, currency }: Money): Money =>
  seed.pick([
    { amount: seed.whole(1, amount - 1), currency },
    { amount: amount + seed.whole(1, amount), currency },
    { amount, currency: 'USD' },
  ]);

type Options = {
  scheduler: Scheduler;
  books: Books;
  profile: () => FaultProfile | undefined;
  dependenciesOf: (actor: Actor) => Dependencies;
  failed: (name: string, error: unknown) => void;
  wrong: Wrong[];
};

type About = Pick<Payment, 'paymentId' | 'provider'>;
type Says = VerifiedNotification['says'];

type NotifyLater = ReturnType<typeof makeNotifier>['notifyLater'];

/** A provider's notifications of one fact: each is sent again, at pauses of the provider's own, until it is taken. */
const makeNotifier = ({ scheduler, dependenciesOf, failed, wrong }: Options) => {
  const { seed, after, invoke } = scheduler;
  let untold = 0;
  const notify = async (about: About, says: Says, notificationId: string, tries = 0): Promise<void> => {
    const { paymentId, provider } = about;
    const name = says.kind === 'captured' ? 'notify' : `notify-${says.kind}`;
    const result = await invoke(name, 10, (actor) => {
      const all = dependenciesOf(actor);
      const dependencies = says.kind === 'refunded' ? watchRefundNotice(all, wrong) : all;
      return recordNotification(dependencies)(provider, { notificationId, paymentNumber: paymentId, says });
    });
    if (result !== 'gone' && 'answer' in result) {
      untold -= 1;
      return;
    }
    if (result !== 'gone') failed('notify', result.error);
    const pauses = characters[provider].notifiesAgainAfterSeconds;
    const seconds = pauses[Math.min(tries, pauses.length - 1)] ?? 600;
    after(seconds * 1000, () => void notify(about, says, notificationId, tries + 1));
  };
  /** Tells of something so many times, each some time after `inSeconds`; some of them are copies of others. */
  const notifyLater = (
    about: About,
    says: Says,
    { count, what, inSeconds = 0 }: { count: number; what: string; inSeconds?: number },
  ): void => {
    for (let n = 1; n <= count; n += 1) {
      untold += 1;
      const notificationId = `n-${about.paymentId}-${what}-${seed.whole(1, n)}`;
      after(inSeconds * 1000 + seed.spread(50, 900_000), () => void notify(about, says, notificationId));
    }
  };
  return { notifyLater, isTelling: (): boolean => untold > 0 };
};

/** What happened to a refund is told as often as the provider likes; what nobody asks about any more, at least once. */
const hearOfRefunds = ({ scheduler: { seed }, books, profile }: Options, notifyLater: NotifyLater): void =>
  books.refunds.hear(({ refund: { paymentId, refundNumber }, inSeconds, isAllThereIs }) => {
    const provider = books.providerOf(paymentId);
    const often = profile() ? seed.pick(notifications) : 1;
    const count = isAllThereIs ? Math.max(1, often) : often;
    const says: Says = seed.happens(0.5) ? { kind: 'refunded' } : { kind: 'refunded', refundNumber };
    notifyLater({ paymentId, provider }, says, { count, what: refundNumber, inSeconds });
  });

/** The providers' side that the buyer sees, and their notifications to us. */
export const makeCashier = (options: Options) => {
  const { scheduler, books, profile } = options;
  const { seed, after, note } = scheduler;
  const { notifyLater, isTelling } = makeNotifier(options);
  const odd = (probability: number): boolean => profile()?.oddProvider === true && seed.happens(probability);

  const captured = ({ paymentId }: About, paid: Money): Says => ({
    kind: 'captured',
    providerTrade: `trade-${paymentId}`,
    paid,
  });
  const happening = (payment: Payment, kind: 'closed' | 'other'): void =>
    notifyLater(payment, { kind }, { count: profile() ? seed.pick(notifications) : 0, what: kind });
  /** Tells of another amount than is in the books, and of another than was asked for. */
  const lie = (payment: Payment): void => {
    note(`provider tells of another amount for ${payment.paymentId}`);
    books.lies.add(payment.paymentId);
    const told = otherThan(seed, payment.amount);
    notifyLater(payment, captured(payment, told), { count: 1, what: `${told.amount}` });
  };
  hearOfRefunds(options, notifyLater);

  const take = (payment: Payment): void => {
    // It happens that a payment comes through that the provider had called closed; nobody asks about it any more,
    // so that its notification is all there is.
    const taken = odd(0.45) ? otherThan(seed, payment.amount) : payment.amount;
    const wasOpen = books.pay(payment.paymentId, taken);
    const afterAll = !wasOpen && seed.happens(profile()?.lateMoney ? 0.9 : 0.1);
    const paid = wasOpen || (afterAll && books.pay(payment.paymentId, taken, { afterAll }));
    note(`buyer pays ${payment.paymentId}: ${paid ? 'captured' : 'refused'}`);
    if (odd(0.05)) lie(payment);
    if (!paid) return happening(payment, 'closed');
    const count = wasOpen && profile() ? seed.pick(notifications) : 1;
    const money = books.takenOf(payment.paymentId) ?? payment.amount;
    notifyLater(payment, captured(payment, money), { count, what: `${money.amount}` });
  };
  /** Attempts that fail, and a bank that works on the last one for a while, with an event of each in any order. */
  const attempt = (payment: Payment, failing: number): void => {
    if (failing > 0) {
      happening(payment, 'other');
      after(seed.spread(1000, 60_000), () => attempt(payment, failing - 1));
      return;
    }
    if (!seed.happens(0.5) || !books.process(payment.paymentId)) return take(payment);
    note(`a bank works on ${payment.paymentId}`);
    happening(payment, 'other');
    after(seed.spread(10_000, 1_800_000), () => {
      if (!seed.happens(0.2)) return take(payment);
      note(`a bank declines ${payment.paymentId}`);
      books.decline(payment.paymentId);
    });
  };

  return {
    /** Whether a notification is on its way that nobody has taken yet. */
    isTelling,
    enter: (payment: Payment): void => {
      note(`buyer enters the cashier for ${payment.paymentId}`);
      books.enter(payment);
    },
    pay: (payment: Payment): void => {
      if (characters[payment.provider].hasAttempts) attempt(payment, seed.pick(failures));
      else take(payment);
    },
  };
};
