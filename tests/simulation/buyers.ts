import type { Payment, ProviderName } from '../../shared/payments/model.ts';
import {
  classSchema,
  orderIdSchema,
  stopIdSchema,
  userIdSchema,
  type OrderId,
  type UserId,
} from '../../shared/platform/ids.ts';
import { millisecondsOf, type Instant } from '../../shared/platform/time.ts';
import { cancelOrder } from '../../shared/selling/cancel-order.ts';
import { placeOrder } from '../../shared/selling/place-order.ts';
import { startPayment } from '../../shared/paying/start-payment.ts';
import type { Run } from '../../shared/timetable/model.ts';
import { person } from '../support/person.ts';
import type { Cashier } from './cashier.ts';
import { characters } from './characters.ts';
import type { Dependencies } from './dependencies.ts';
import type { Actor, Scheduler } from './scheduler.ts';

const people = 40;
const apiSeconds = 30;

type Held = { orderId: OrderId; expiresAt: Instant };

export type BuyerOptions = {
  scheduler: Scheduler;
  dependenciesOf: (actor: Actor) => Dependencies;
  cashier: Cashier;
  failed: (name: string, error: unknown) => void;
  lateMoney: boolean;
  /** Whether some have somebody on a lap, or need a marked seat. */
  families: boolean;
  /** Whether money mostly comes twice or late, so that much of it goes back. */
  oddMoney: boolean;
  /** Those who take money here. */
  providers: readonly ProviderName[];
  /** Whether passengers agree to change seats on the way. */
  seatChanges: boolean;
  /** How many users there are. */
  users: number;
  /** What a request was answered with. */
  answered: (key: string, answer: string) => void;
};

type Answer<Value> = ({ outcome: 'accepted' } & Value) | { outcome: 'rejected'; reason: string };

const waiting =
  ({ after }: Scheduler) =>
  (seconds: number): Promise<void> =>
    new Promise((resolve) => {
      after(seconds * 1000, resolve);
    });

/** Calls the API, and again with the same key when there was no answer; sometimes a second time at once. */
const ask = async <Value>(
  { scheduler, dependenciesOf, failed }: BuyerOptions,
  name: string,
  call: (dependencies: Dependencies) => Promise<Answer<Value>>,
): Promise<Answer<Value> | undefined> => {
  const { seed, invoke } = scheduler;
  if (seed.happens(0.1)) void invoke(name, apiSeconds, (actor) => call(dependenciesOf(actor)));
  for (let tries = seed.whole(1, 5); tries > 0; tries -= 1) {
    const result = await invoke(name, apiSeconds, (actor) => call(dependenciesOf(actor)));
    if (result !== 'gone' && 'answer' in result) {
      const { answer } = result;
      if (answer.outcome === 'accepted' || answer.reason !== 'busy') return answer;
    } else if (result !== 'gone') failed(name, result.error);
    await waiting(scheduler)(seed.spread(1, 30));
  }
  return undefined;
};

const traveller = (number: number, type: string) => ({ name: `P${number}`, type, document: person(number) });

/** Adults, of whom the first may have the last on the lap. */
const partyOf = (who: readonly number[], hasLap: boolean) => {
  const [held] = hasLap && who.length > 1 ? who.slice(-1) : [];
  return who
    .filter((each) => each !== held)
    .map((each, index) => ({
      ...traveller(each, 'adult'),
      ...(index === 0 && held !== undefined && { onLap: [traveller(held, 'infant')] }),
    }));
};

/** A party wants seats together; the same key must be answered in one way only, whoever answers it. */
const hold = async (
  options: BuyerOptions,
  { run, key, userId }: { run: Run; key: string; userId: UserId },
): Promise<Held | undefined> => {
  const { seed } = options.scheduler;
  const served = run.stops.filter(({ boarding }) => boarding).map(({ stopId }) => stopId);
  const from = seed.whole(0, served.length - 2);
  const to = seed.whole(from + 1, served.length - 1);
  const party = seed.whole(1, 3);
  const changeAt = options.seatChanges && to - from > 1 ? served[seed.whole(from + 1, to - 1)] : undefined;
  const first = seed.whole(1, people);
  const who = Array.from({ length: party }, (_, index) => 1 + ((first + index) % people));
  const passengers = partyOf(who, options.families && seed.happens(0.5));
  const needsMarked = options.families && seed.happens(0.3);
  const answer = await ask(options, 'place-order', async (dependencies) => {
    const placed = await placeOrder(dependencies)(
      {
        userId,
        runId: run.runId,
        from: stopIdSchema.parse(served[from]),
        to: stopIdSchema.parse(served[to]),
        class: classSchema.parse('second'),
        ...(changeAt && { seatChange: { at: stopIdSchema.parse(changeAt) } }),
        passengers,
        contact: { email: 'someone@example.com', locale: 'zh-CN' },
        wishes: needsMarked ? { specialNeeds: 1 } : {},
      },
      {
        scope: { userId, route: 'orders', key, bodyHash: JSON.stringify([run.runId, from, to, who]) },
        answer: ({ orderId, expiresAt }) => JSON.stringify({ orderId, expiresAt }),
      },
    );
    if (placed.outcome === 'accepted') options.answered(key, placed.answer);
    return placed;
  });
  if (answer?.outcome !== 'accepted') return undefined;
  const { orderId, expiresAt } = JSON.parse(answer.answer) as Held;
  return { orderId: orderIdSchema.parse(orderId), expiresAt };
};

type Wish = { held: Held; userId: UserId };

const beginToPay = async (
  options: BuyerOptions,
  { held: { orderId }, userId }: Wish,
  name: string,
  at: ProviderName = options.scheduler.seed.pick(options.providers),
): Promise<Payment | undefined> => {
  const answer = await ask(options, 'create-payment', (dependencies) =>
    startPayment(dependencies)({
      orderId,
      userId,
      provider: dependencies.findProvider(at),
      method: characters[at].method.name,
      device: { userAgent: '' },
      returnUrl: undefined,
      scope: { userId, route: 'payments', key: `pay-${orderId}-${name}`, bodyHash: orderId },
    }),
  );
  return answer?.outcome === 'accepted' && answer.payment.state === 'pending' ? answer.payment : undefined;
};

const pay = async (options: BuyerOptions, wish: Wish, name = '1'): Promise<void> => {
  const { scheduler, cashier } = options;
  const payment = await beginToPay(options, wish, name);
  if (!payment) return;
  await waiting(scheduler)(scheduler.seed.spread(1, 300));
  cashier.enter(payment);
  await waiting(scheduler)(scheduler.seed.spread(2, 400));
  cashier.pay(payment);
};

/** In two windows, in the same moment: with two providers, or twice with one. */
const payTwice = async (options: BuyerOptions, wish: Wish): Promise<void> => {
  const { scheduler, cashier, providers } = options;
  const first = scheduler.seed.pick(providers);
  const others = providers.filter((each) => each !== first);
  const second = others.length > 0 && scheduler.seed.happens(0.8) ? scheduler.seed.pick(others) : first;
  const payments = await Promise.all(
    [first, second].map((at, index) => beginToPay(options, wish, `${index + 1}`, at)),
  );
  await waiting(scheduler)(scheduler.seed.spread(1, 300));
  for (const payment of payments) if (payment) cashier.enter(payment);
  await waiting(scheduler)(scheduler.seed.spread(2, 300));
  for (const payment of payments) if (payment) cashier.pay(payment);
};

/** Enters the cashier, or pays there, in the last moments. */
const payLate = async (options: BuyerOptions, wish: Wish): Promise<void> => {
  const { scheduler, cashier } = options;
  const payment = await beginToPay(options, wish, 'late');
  if (!payment) return;
  const left = (millisecondsOf(wish.held.expiresAt) - scheduler.now()) / 1000;
  await waiting(scheduler)(left - scheduler.seed.spread(1, 60));
  cashier.enter(payment);
  await waiting(scheduler)(scheduler.seed.spread(0.5, 80));
  cashier.pay(payment);
};

/** Cancels and pays in the same moments: whichever comes first, the money must find its use. */
const payWhileCancelling = async (options: BuyerOptions, wish: Wish): Promise<void> => {
  const { scheduler, cashier } = options;
  const { orderId } = wish.held;
  const payment = await beginToPay(options, wish, 'cancelled');
  if (!payment) return;
  await waiting(scheduler)(scheduler.seed.spread(1, 60));
  cashier.enter(payment);
  void ask(options, 'cancel-order', (dependencies) => cancelOrder(dependencies)(orderId, wish.userId));
  await waiting(scheduler)(scheduler.seed.spread(0.5, 120));
  cashier.pay(payment);
};

const cancel = async (options: BuyerOptions, { held: { orderId }, userId }: Wish): Promise<void> => {
  const { scheduler } = options;
  await waiting(scheduler)(scheduler.seed.spread(1, 600));
  await ask(options, 'cancel-order', (dependencies) => cancelOrder(dependencies)(orderId, userId));
};

/** What a buyer does once the seats are held. */
const habits: Readonly<Record<string, (options: BuyerOptions, wish: Wish) => Promise<unknown>>> = {
  pays: pay,
  'pays twice': payTwice,
  'pays late': payLate,
  cancels: cancel,
  'cancels and pays': (options, wish) => Promise.all([pay(options, wish), cancel(options, wish)]),
  'pays while it cancels': payWhileCancelling,
  leaves: () => Promise.resolve(),
};

const lateHabits = [
  'pays late',
  'pays while it cancels',
  'pays while it cancels',
  'cancels and pays',
  'cancels and pays',
];

const usualHabits = [
  'pays',
  'pays',
  'pays',
  'pays twice',
  'pays late',
  'pays late',
  'cancels',
  'cancels and pays',
  'cancels and pays',
  'leaves',
];

const oddHabits = ['pays', 'pays twice', 'pays twice', 'pays twice', 'pays late', 'cancels and pays'];

const habitsOf = ({ lateMoney, oddMoney }: BuyerOptions): readonly string[] => {
  if (lateMoney) return lateHabits;
  return oddMoney ? oddHabits : usualHabits;
};

/** People with a browser: they never crash, but they give up waiting, ask again, and change their minds. */
export const makeBuyers = (options: BuyerOptions) => {
  const { scheduler, failed } = options;
  const { seed } = scheduler;
  let count = 0;
  let busy = 0;

  const live = async (run: Run, n: number): Promise<void> => {
    const userId = userIdSchema.parse(`user-${seed.whole(1, options.users)}`);
    const held = await hold(options, { run, key: `order-${n}`, userId });
    if (!held) return;
    await waiting(scheduler)(seed.spread(1, 120));
    await habits[seed.pick(habitsOf(options))]?.(options, { held, userId });
  };

  return {
    busy: () => busy,
    count: () => count,
    arrive: (run: Run): void => {
      busy += 1;
      void live(run, (count += 1))
        .catch((error: unknown) => failed('buyer', error))
        .finally(() => {
          busy -= 1;
        });
    },
  };
};
