import type { Payment } from '../../shared/payments/model.ts';
import {
  classSchema,
  orderIdSchema,
  stopIdSchema,
  userIdSchema,
  type OrderId,
  type UserId,
} from '../../shared/platform/ids.ts';
import { millisecondsOf, type Instant } from '../../shared/platform/time.ts';
import { cancelOrder } from '../../shared/purchase/cancel-order.ts';
import { placeOrder } from '../../shared/purchase/place-order.ts';
import { startPayment } from '../../shared/purchase/start-payment.ts';
import type { Run } from '../../shared/timetable/model.ts';
import { person } from '../support/person.ts';
import type { Cashier } from './cashier.ts';
import type { Dependencies } from './dependencies.ts';
import type { Actor, Scheduler } from './scheduler.ts';

const people = 40;
const users = 8;
const apiSeconds = 30;

type Held = { orderId: OrderId; expiresAt: Instant };

export type BuyerOptions = {
  scheduler: Scheduler;
  dependenciesOf: (actor: Actor) => Dependencies;
  cashier: Cashier;
  failed: (name: string, error: unknown) => void;
  wrong: (what: string) => void;
};

/** What a buyer does once the seats are held. */
const habits = [
  'pays',
  'pays',
  'pays',
  'pays-twice',
  'pays-late',
  'pays-late',
  'cancels',
  'cancels-and-pays',
  'cancels-and-pays',
  'leaves',
] as const;

/** People with a browser: they never crash, but they give up waiting, ask again, and change their minds. */
export const makeBuyers = (options: BuyerOptions) => {
  const { scheduler, dependenciesOf, cashier, failed, wrong } = options;
  const { seed, after, invoke } = scheduler;
  const answers = new Map<string, string>();
  let count = 0;
  let busy = 0;

  const wait = (seconds: number): Promise<void> =>
    new Promise((resolve) => {
      after(seconds * 1000, resolve);
    });

  type Answer<Value> = ({ outcome: 'accepted' } & Value) | { outcome: 'rejected'; reason: string };

  /** Calls the API, and again with the same key when there was no answer; sometimes a second time at once. */
  const ask = async <Value>(
    name: string,
    call: (dependencies: Dependencies) => Promise<Answer<Value>>,
  ): Promise<Answer<Value> | undefined> => {
    if (seed.happens(0.1)) void invoke(name, apiSeconds, (actor) => call(dependenciesOf(actor)));
    for (let tries = seed.whole(1, 5); tries > 0; tries -= 1) {
      const result = await invoke(name, apiSeconds, (actor) => call(dependenciesOf(actor)));
      if (result !== 'gone' && 'answer' in result) {
        const { answer } = result;
        if (answer.outcome === 'accepted' || answer.reason !== 'busy') return answer;
      } else if (result !== 'gone') failed(name, result.error);
      await wait(seed.spread(1, 30));
    }
    return undefined;
  };

  const hold = async (run: Run, n: number, userId: UserId): Promise<Held | undefined> => {
    const from = seed.whole(0, run.stops.length - 2);
    const to = seed.whole(from + 1, run.stops.length - 1);
    const party = seed.whole(1, 3);
    const first = seed.whole(1, people);
    const who = Array.from({ length: party }, (_, index) => 1 + ((first + index) % people));
    const key = `order-${n}`;
    const answer = await ask('place-order', (dependencies) =>
      placeOrder(dependencies)(
        {
          userId,
          runId: run.runId,
          from: stopIdSchema.parse(`S${from}`),
          to: stopIdSchema.parse(`S${to}`),
          class: classSchema.parse('second'),
          passengers: who.map((each) => ({
            name: `P${each}`,
            type: 'adult' as const,
            document: person(each),
          })),
          contact: { email: 'someone@example.com', locale: 'zh-CN' },
          wishes: {},
        },
        {
          scope: { userId, route: 'orders', key, bodyHash: JSON.stringify([run.runId, from, to, who]) },
          answer: ({ orderId, expiresAt }) => JSON.stringify({ orderId, expiresAt }),
        },
      ),
    );
    if (answer?.outcome !== 'accepted') return undefined;
    const before = answers.get(key) ?? answer.answer;
    if (before !== answer.answer) wrong(`the request ${key} was answered in two ways`);
    answers.set(key, before);
    const { orderId, expiresAt } = JSON.parse(answer.answer) as Held;
    return { orderId: orderIdSchema.parse(orderId), expiresAt };
  };

  const beginToPay = async ({ orderId }: Held, userId: UserId, key: string): Promise<Payment | undefined> => {
    const answer = await ask('create-payment', (dependencies) =>
      startPayment(dependencies)({
        orderId,
        userId,
        provider: dependencies.provider,
        returnUrl: undefined,
        scope: { userId, route: 'payments', key, bodyHash: orderId },
      }),
    );
    return answer?.outcome === 'accepted' && answer.payment.state === 'pending' ? answer.payment : undefined;
  };

  const pay = async (held: Held, userId: UserId, n: number): Promise<void> => {
    const payment = await beginToPay(held, userId, `pay-${held.orderId}-${n}`);
    if (!payment) return;
    await wait(seed.spread(1, 300));
    cashier.enter(payment);
    await wait(seed.spread(2, 400));
    cashier.pay(payment);
  };

  /** Enters the cashier, or pays there, in the last moments. */
  const payLate = async (held: Held, userId: UserId): Promise<void> => {
    const payment = await beginToPay(held, userId, `pay-${held.orderId}-late`);
    if (!payment) return;
    const left = (millisecondsOf(held.expiresAt) - scheduler.now()) / 1000;
    const enters = left - seed.spread(1, 60);
    await wait(enters);
    cashier.enter(payment);
    await wait(seed.spread(0.5, 80));
    cashier.pay(payment);
  };

  const cancel = async ({ orderId }: Held, userId: UserId): Promise<void> => {
    await wait(seed.spread(1, 600));
    await ask('cancel-order', (dependencies) => cancelOrder(dependencies)(orderId, userId));
  };

  const live = async (run: Run, n: number): Promise<void> => {
    const userId = userIdSchema.parse(`user-${seed.whole(1, users)}`);
    const held = await hold(run, n, userId);
    if (!held) return;
    await wait(seed.spread(1, 120));
    switch (seed.pick(habits)) {
      case 'pays':
        return pay(held, userId, 1);
      case 'pays-twice':
        await Promise.all([pay(held, userId, 1), pay(held, userId, 2)]);
        return;
      case 'pays-late':
        return payLate(held, userId);
      case 'cancels':
        return cancel(held, userId);
      case 'cancels-and-pays':
        await Promise.all([pay(held, userId, 1), cancel(held, userId)]);
        return;
      default:
    }
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
