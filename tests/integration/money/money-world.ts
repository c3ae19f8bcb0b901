import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { codeOf } from '../../../cli/demo/code-of.ts';
import type { Delivery } from '../../../infra/local/providers/delivery.ts';
import type { Trade } from '../../../infra/local/providers/trade.ts';
import { startSandbox } from '../../../infra/local/providers/sandbox.ts';
import { readOrder } from '../../../shared/orders/store.ts';
import { providerNames } from '../../../shared/payments/known-providers.ts';
import { isCaptured, takenOf, type Payment, type ProviderName } from '../../../shared/payments/model.ts';
import type { PaymentProvider } from '../../../shared/payments/provider.ts';
import { readPayment } from '../../../shared/payments/store.ts';
import type { OrderId } from '../../../shared/platform/ids.ts';
import { logger } from '../../../shared/platform/log.ts';
import { later, millisecondsOf, plusSeconds } from '../../../shared/platform/time.ts';
import { applyPayment } from '../../../shared/paying/apply-payment.ts';
import { startPayment } from '../../../shared/paying/start-payment.ts';
import { cleanUp } from '../../../shared/upkeep/clean-up.ts';
import type { Run } from '../../../shared/timetable/model.ts';
import { keeperOfSecrets } from '../../support/keeper-of-secrets.ts';
import { issuePaidOrder } from '../../support/order-by-id.ts';
import { purchaseWorld } from '../../support/purchase-world.ts';
import type { SampleSeats } from '../../support/sample-run.ts';
import { tableEnvironment } from '../../support/table-environment.ts';
import { shortly } from '../sandbox-shop.ts';
import { startGateway } from './gateway.ts';
import { noticesOf, type Notice } from './signed-notices.ts';

/** The ways to pay that a test takes if it does not say. */
export const usualMethod: Readonly<Record<ProviderName, string>> = {
  alipay: 'page',
  wechatpay: 'native',
  stripe: 'card',
};

type Books = { trades: Trade[]; deliveries: Delivery[] };

/** The functions that providers call, as they are deployed: their settings come from the environment, so it is set first. */
const openFunctions = async () => ({
  callbacks: {
    alipay: (await import('../../../functions/payment-callbacks/alipay.ts')).handler,
    wechatpay: (await import('../../../functions/payment-callbacks/wechatpay.ts')).handler,
    stripe: (await import('../../../functions/payment-callbacks/stripe.ts')).handler,
  },
  ...(await import('../../../shared/payments/providers.ts')),
});

/** Everything that this process logs, most of it unseen; a test asks for what it must not contain. */
const watchLog = () => {
  const lines: { level: 'info' | 'warn' | 'error'; text: string }[] = [];
  for (const level of ['info', 'warn', 'error'] as const)
    jest.spyOn(logger, level).mockImplementation((...line) => {
      lines.push({ level, text: JSON.stringify(line) });
    });
  return lines;
};

/** A provider's answers as they come over the wire. */
export const answersOf = ({ answers: { received, refused } }: PaymentProvider) => ({
  received: { status: received.statusCode, body: received.body },
  refused: { status: refused.statusCode, body: refused.body },
});

export type MoneyWorld = Awaited<ReturnType<typeof moneyWorld>>;

/**
 * A shop that takes all providers, from the buyer at their sandboxes over the gateway and the callback functions to the tables.
 * Its clock moves by hand and for all of them; what the stream, the queues and the workflow would do, a test does.
 */
export const moneyWorld = async () => {
  const world = await purchaseWorld();
  jest.spyOn(Date, 'now').mockImplementation(() => millisecondsOf(world.time.now));
  const lines = watchLog();
  const keeper = await keeperOfSecrets({});
  const before = { ...process.env };
  const { KEYUN_TIME_ORIGIN: _, ...environment } = tableEnvironment(world.tables, world.time.now);
  Object.assign(process.env, environment, keeper.environment);
  const { callbacks, paymentProviders } = await openFunctions();
  const gateway = await startGateway(callbacks);
  const dataDir = mkdtempSync(join(tmpdir(), 'keyun-money-'));
  const sandbox = await startSandbox({
    dataDir,
    clock: world.clock,
    webhookUrlOf: (name) => gateway.urlOf(name as ProviderName),
  });
  for (const name of providerNames) keeper.kept.set(name, { text: JSON.stringify(sandbox.secrets[name]) });
  const opened = await paymentProviders({ clock: world.clock, timeLeft: () => 60_000 });
  const providerOf = (name: ProviderName): PaymentProvider => {
    const provider = opened.get(name);
    if (!provider) throw new Error(`${name} is off`);
    return provider;
  };
  const dependencies = { ...world.dependencies, findProvider: providerOf };

  const sweepNow = () => cleanUp(dependencies)({ hasTime: () => true });
  const notices = noticesOf(dataDir, world.clock);
  const booksOf = async (name: ProviderName): Promise<Books> =>
    ((await (await fetch(`${sandbox.url}/books`)).json()) as Record<ProviderName, Books>)[name];
  const tradesOf = async (name: ProviderName) => (await booksOf(name)).trades;
  const deliveriesOf = async (name: ProviderName) => (await booksOf(name)).deliveries;
  const stored = async ({ paymentId }: Payment): Promise<Payment> => {
    const payment = await readPayment(world.bookings, paymentId);
    if (!payment) throw new Error('no such payment');
    return payment;
  };
  /** What follows a capture: the stream, and the workflow. */
  const apply = async ({ paymentId, orderId }: Payment) => {
    const applied = await applyPayment(dependencies)(paymentId);
    await issuePaidOrder(dependencies)(orderId);
    return applied;
  };

  const runs = new Map<string, Run>();
  let lastDay = world.time.now;

  return {
    ...world,
    /** A run some days from now, on a date that no other of this world has. */
    nextRun: async (seats: SampleSeats = 2): Promise<Run> => {
      lastDay = plusSeconds(later(lastDay, plusSeconds(world.time.now, 86_400)), 86_400);
      const run = await world.openRun(lastDay.slice(0, 10), seats);
      runs.set(run.runId, run);
      return run;
    },
    dependencies,
    dataDir,
    sandbox,
    gateway,
    keeper,
    lines,
    providerOf,
    deliveriesOf,
    stored,
    apply,
    noticeOf: notices,
    /** A payment of an order, which the client has got. */
    begin: async (orderId: OrderId, name: ProviderName, method = usualMethod[name]): Promise<Payment> => {
      const order = await readOrder(world.bookings, orderId, { consistent: true });
      if (!order || order.state === 'void') throw new Error('no such order');
      const { userId } = order;
      const outcome = await startPayment({ ...dependencies, notifyUrl: gateway.urlOf(name) })({
        orderId,
        userId,
        provider: providerOf(name),
        method,
        device: { userAgent: '', address: '203.0.113.9', openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' },
        returnUrl: undefined,
        scope: { userId, route: 'payments', key: randomUUID(), bodyHash: '' },
      });
      if (outcome.outcome === 'rejected') throw new Error(`no payment: ${outcome.reason}`);
      return outcome.payment;
    },
    /** The buyer comes to the cashier. */
    enter: async (payment: Payment): Promise<string> => {
      const action = 'action' in payment ? payment.action : undefined;
      if (!action) throw new Error('the client has nothing to open');
      const page = await fetch(`${sandbox.url}/scan?${new URLSearchParams({ code: codeOf(action) })}`);
      if (page.status !== 200) throw new Error(await page.text());
      return page.url;
    },
    /** The provider tells, by a request of the test's own; its answer is that it was taken. */
    tell: async (payment: Payment, notice?: Notice): Promise<void> => {
      const { provider } = payment;
      const answer = await gateway.send(provider, notices[provider](payment, notice));
      expect(answer).toMatchObject(answersOf(providerOf(provider)).received);
    },
    press: async (page: string, action: string): Promise<number> =>
      (await fetch(`${page}/${action}`, { method: 'POST', redirect: 'manual' })).status,
    /** Waits until each notification of the sandbox has been sent once and answered. */
    told: async (): Promise<void> => {
      for (let tries = 0; tries < 400; tries += 1) {
        const unsent = (await Promise.all(providerNames.map(deliveriesOf))).flat();
        if (unsent.every(({ attempts }) => attempts.length > 0)) return;
        await shortly(5);
      }
      throw new Error('a notification was not sent');
    },
    sweepNow,
    /** Time passes, and the clean-up does what is due, until nothing is. */
    settle: async (): Promise<void> => {
      for (const seconds of [1, 30, 61, 61, 301, 301, 901]) {
        world.pass(seconds);
        await sweepNow();
      }
    },
    /** Each provider's books and ours agree about the money of these payments, and the audit finds nothing. */
    expectAgreed: async (...payments: readonly Payment[]): Promise<void> => {
      for (const payment of payments) {
        const trade = (await tradesOf(payment.provider)).find(
          ({ outTradeNo }) => outTradeNo === payment.paymentId,
        );
        const ours = await stored(payment);
        const theirs = trade?.paidAt === undefined ? 0 : trade.total;
        const back = (trade?.refunds ?? []).reduce((sum, { amount }) => sum + amount, 0);
        expect({ taken: isCaptured(ours) ? takenOf(ours).amount : 0, of: ours.paymentId }).toEqual({
          taken: theirs,
          of: payment.paymentId,
        });
        if (isCaptured(ours)) expect(takenOf(ours).amount - ours.refundable).toBe(back);
      }
      await world.expectClean(...runs.values());
      // Nothing changes their views any more, unless a test opens them again.
      runs.clear();
    },
    stop: async (): Promise<void> => {
      await sandbox.stop();
      await gateway.stop();
      await keeper.stop();
      jest.restoreAllMocks();
      process.env = before;
      rmSync(dataDir, { recursive: true, force: true });
      await world.stop();
    },
  };
};
