import { randomUUID } from 'node:crypto';
import { codeOf } from '../../../cli/demo/code-of.ts';
import type { Delivery } from '../../../infra/local/providers/delivery.ts';
import type { Trade } from '../../../infra/local/providers/trade.ts';
import { readOrder } from '../../../shared/orders/store.ts';
import { providerNames } from '../../../shared/payments/known-providers.ts';
import { isCaptured, takenOf, type Payment, type ProviderName } from '../../../shared/payments/model.ts';
import type { PaymentProvider } from '../../../shared/payments/provider.ts';
import { readPayment } from '../../../shared/payments/store.ts';
import type { OrderId } from '../../../shared/platform/ids.ts';
import { later, plusSeconds } from '../../../shared/platform/time.ts';
import { applyPayment } from '../../../shared/paying/apply-payment.ts';
import { startPayment } from '../../../shared/paying/start-payment.ts';
import { cleanUp } from '../../../shared/upkeep/clean-up.ts';
import type { Run } from '../../../shared/timetable/model.ts';
import { everythingIn } from '../../support/everything-in.ts';
import { issuePaidOrder } from '../../support/order-by-id.ts';
import type { SampleSeats } from '../../support/sample-run.ts';
import { shortly } from '../sandbox-shop.ts';
import { noticesOf, type Notice } from './signed-notices.ts';
import { openStage, type Stage } from './stage.ts';

/** The ways to pay that a test takes if it does not say. */
const usualMethod: Readonly<Record<ProviderName, string>> = {
  alipay: 'page',
  wechatpay: 'native',
  stripe: 'card',
};

/** A provider's answers as they come over the wire. */
export const answersOf = ({ answers: { received, refused } }: PaymentProvider) => ({
  received: { status: received.statusCode, body: received.body },
  refused: { status: refused.statusCode, body: refused.body },
});

type Books = { trades: Trade[]; deliveries: Delivery[] };
type Beginning = {
  method?: string;
  provider?: PaymentProvider;
  /** Of the request; another each time, if a test does not say. */
  key?: string;
};

const readBooks = async ({ sandbox }: Stage, name: ProviderName): Promise<Books> =>
  ((await (await fetch(`${sandbox.url}/books`)).json()) as Record<ProviderName, Books>)[name];

/** What a client and its buyer do. */
const buying = (stage: Stage) => {
  const { world, sandbox, gateway, dependencies } = stage;
  const deliveriesOf = async (name: ProviderName) => (await readBooks(stage, name)).deliveries;
  return {
    deliveriesOf,
    /** A payment of an order, which the client has got. */
    begin: async (
      orderId: OrderId,
      name: ProviderName,
      { method = usualMethod[name], provider = stage.providerOf(name), key = randomUUID() }: Beginning = {},
    ): Promise<Payment> => {
      const order = await readOrder(world.bookings, orderId, { consistent: true });
      if (!order || order.state === 'void') throw new Error('no such order');
      const { userId } = order;
      const outcome = await startPayment({ ...dependencies, notifyUrl: gateway.urlOf(name) })({
        orderId,
        userId,
        provider,
        method,
        device: { userAgent: '', address: '203.0.113.9', openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' },
        returnUrl: undefined,
        scope: { userId, route: `orders/${orderId}/payments`, key, bodyHash: '' },
      });
      if (outcome.outcome === 'rejected') throw new Error(`no payment: ${outcome.reason}`);
      return outcome.payment;
    },
    /** The buyer comes to the cashier, whose page this answers. */
    enter: async (payment: Payment): Promise<string> => {
      const action = 'action' in payment ? payment.action : undefined;
      if (!action) throw new Error('the client has nothing to open');
      const page = await fetch(`${sandbox.url}/scan?${new URLSearchParams({ code: codeOf(action) })}`);
      if (page.status !== 200) throw new Error(await page.text());
      return page.url;
    },
    press: async (page: string, action: string): Promise<number> =>
      (await fetch(`${page}/${action}`, { method: 'POST', redirect: 'manual' })).status,
    /** Waits until each notification of the sandbox has been sent once and answered. */
    told: async (): Promise<void> => {
      for (let tries = 0; tries < 400; tries += 1) {
        const all = (await Promise.all(providerNames.map(deliveriesOf))).flat();
        if (all.every(({ attempts }) => attempts.length > 0)) return;
        await shortly(5);
      }
      throw new Error('a notification was not sent');
    },
  };
};

/** What the providers tell and the product does by itself. */
const following = ({ world, gateway, dataDir, providerOf, dependencies }: Stage) => {
  const noticeOf = noticesOf(dataDir, world.clock);
  const sweepNow = () => cleanUp(dependencies)({ hasTime: () => true });
  return {
    noticeOf,
    sweepNow,
    /** The provider tells, by a request of the test's own; its answer is that it was taken. */
    tell: async (payment: Payment, notice?: Notice): Promise<void> => {
      const { provider } = payment;
      const answer = await gateway.send(provider, noticeOf[provider](payment, notice));
      expect(answer).toMatchObject(answersOf(providerOf(provider)).received);
    },
    /** What follows a capture: the stream, and the workflow. */
    apply: async ({ paymentId, orderId }: Payment) => {
      const applied = await applyPayment(dependencies)(paymentId);
      await issuePaidOrder(dependencies)(orderId);
      return applied;
    },
    /** Time passes, and the clean-up does what is due, until nothing is. */
    settle: async (): Promise<void> => {
      for (const seconds of [901, 61, 61, 301]) {
        world.pass(seconds);
        await sweepNow();
      }
    },
  };
};

/** The attributes of an item that say when somebody looks at it again, or has. */
const ofLooks: ReadonlySet<string> = new Set(['dueAt', 'dueShard', 'noticedAt', 'attempts']);

/** What is in our books, and in theirs. */
const comparing = (stage: Stage) => {
  const { world } = stage;
  const runs = new Map<string, Run>();
  let lastDay = world.time.now;
  const stored = async ({ paymentId }: Payment): Promise<Payment> => {
    const payment = await readPayment(world.bookings, paymentId);
    if (!payment) throw new Error('no such payment');
    return payment;
  };
  const expectSame = async (payment: Payment): Promise<void> => {
    const { trades } = await readBooks(stage, payment.provider);
    const trade = trades.find(({ outTradeNo }) => outTradeNo === payment.paymentId);
    const ours = await stored(payment);
    const back = (trade?.refunds ?? []).reduce((sum, { amount }) => sum + amount, 0);
    const taken = isCaptured(ours) ? takenOf(ours).amount : 0;
    const kept = isCaptured(ours) ? ours.refundable : 0;
    expect({ payment: ours.paymentId, taken, back: taken - kept }).toEqual({
      payment: payment.paymentId,
      taken: trade?.paidAt === undefined ? 0 : trade.total,
      back,
    });
  };
  return {
    stored,
    /** All items, but not when somebody looks at one again: a refund of which a provider tells is looked at soon. */
    booked: async (): Promise<unknown> => {
      const text = JSON.stringify(await everythingIn(world.tables), (key, value: unknown) =>
        ofLooks.has(key) ? undefined : value,
      );
      return JSON.parse(text);
    },
    /** A run some days from now, on a date that no other of this world has. */
    nextRun: async (seats: SampleSeats = 2): Promise<Run> => {
      lastDay = plusSeconds(later(lastDay, plusSeconds(world.time.now, 86_400)), 86_400);
      const run = await world.openRun(lastDay.slice(0, 10), seats);
      runs.set(run.runId, run);
      return run;
    },
    /** The provider's books and ours agree about the money of these payments, the audit finds nothing, and nobody was woken. */
    expectAgreed: async (...payments: readonly Payment[]): Promise<void> => {
      for (const payment of payments) await expectSame(payment);
      await world.expectClean(...runs.values());
      // Nothing changes their views any more: each test has runs of its own.
      runs.clear();
      expect(stage.lines.filter(({ level }) => level === 'error')).toEqual([]);
    },
  };
};

export type MoneyWorld = Awaited<ReturnType<typeof moneyWorld>>;

/**
 * A shop that takes all providers, from the buyer at their cashiers to the tables. What the stream, the queues and the workflow
 * would do, a test does.
 */
export const moneyWorld = async () => {
  const stage = await openStage();
  const { world, ...rest } = stage;
  return { ...world, ...rest, ...buying(stage), ...following(stage), ...comparing(stage) };
};
