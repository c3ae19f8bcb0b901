import { randomUUID } from 'node:crypto';
import { bookKeepingProvider } from './book-keeping-provider.ts';
import { orderFor, type OrderWish } from './order-for.ts';
import { openSampleRun, piecesOfRun, type SampleSeats } from './sample-run.ts';
import { auditTables } from '../../shared/audit/scan.ts';
import { countAvailability } from '../../shared/inventory/count-availability.ts';
import { cleanUp } from '../../shared/upkeep/clean-up.ts';
import type { Carrier } from '../../shared/platform/carrier.ts';
import type { Money } from '../../shared/platform/money.ts';
import { accepted } from '../../shared/platform/outcome.ts';
import type { Order, OrderIn, OrderState } from '../../shared/orders/model.ts';
import { readOrder } from '../../shared/orders/store.ts';
import type { Payment } from '../../shared/payments/model.ts';
import { orderIdSchema, type OrderId } from '../../shared/platform/ids.ts';
import { deriveKey } from '../../shared/platform/secrets.ts';
import { instantSchema, plusSeconds, type Clock, type Instant } from '../../shared/platform/time.ts';
import { countingWith } from '../../shared/selling/may-come-free.ts';
import { recordNotification } from '../../shared/paying/record-notification.ts';
import { startPayment } from '../../shared/paying/start-payment.ts';
import type { PurchaseWorkflow } from '../../shared/paying/workflow.ts';
import type { Run } from '../../shared/timetable/model.ts';
import { testTables, type TestTables } from './dynamo.ts';
import { sampleCarrier } from './sample-carrier.ts';

type OrderParameters = [run: Run, people: number[], more?: OrderWish];

/** A workflow that only remembers how it was started and woken. */
const recordingWorkflow = () => {
  const woken: string[] = [];
  const workflow: PurchaseWorkflow = {
    start: (orderId, execution) => {
      woken.push(`start ${orderId}-${execution}`);
      return Promise.resolve(accepted({}));
    },
    wakePaid: (token) => Promise.resolve(void woken.push(`paid ${token}`)),
    wakeCancelled: (token) => Promise.resolve(void woken.push(`cancelled ${token}`)),
  };
  return { workflow, woken };
};

type Bank = ReturnType<typeof bookKeepingProvider>;
type Parts = ReturnType<typeof partsOf>;

/** Everything that a purchase needs, over these tables. */
const partsOf = (
  tables: TestTables,
  clock: Clock,
  bank: Bank,
  workflow: PurchaseWorkflow,
  carrier: Carrier,
) => ({
  ...tables,
  clock,
  random: Math.random,
  carrier,
  workflow,
  findProvider: () => bank.provider,
  signingKey: () =>
    Promise.resolve({ seed: deriveKey('test', 'sign-tickets'), carrierId: carrier.carrierId }),
  keys: () =>
    Promise.resolve({
      seal: deriveKey('test', 'seal-documents'),
      claim: deriveKey('test', 'claim-documents'),
    }),
  notifyUrl: 'https://keyun.example/v1/payment-callbacks/alipay',
});

/** What happens to orders from outside, and how to look at what became of them. */
const whatFollows = (dependencies: Parts, tables: TestTables, bank: Bank) => {
  const count = (run: Run) => countAvailability(countingWith(dependencies))(run);
  return {
    /** The provider's notification that the buyer has paid; the same one again when it is sent again. */
    notify: (
      { paymentId, amount }: Payment,
      { paid = amount, notificationId = `n-${paymentId}` }: { paid?: Money; notificationId?: string } = {},
    ) =>
      recordNotification(dependencies)(bank.provider.name, {
        notificationId,
        paymentNumber: paymentId,
        says: { kind: 'captured', providerTrade: `trade-${paymentId}`, paid },
      }),
    /** One call of the clean-up, which has all the time it needs. */
    sweep: (instead: Partial<Parts> = {}) =>
      cleanUp({ ...dependencies, ...instead })({ hasTime: () => true }),
    count,
    pieces: (run: Run) => piecesOfRun(tables.inventory, run),
    /** The pieces of a run that somebody holds or has. */
    owned: async (run: Run) =>
      (await piecesOfRun(tables.inventory, run)).filter(({ owner }) => owner !== 'free'),
    /** The audit finds nothing in all that was done in this world, once the views of these runs are counted. */
    expectClean: async (...runs: Run[]): Promise<void> => {
      for (const run of runs) await count(run);
      const report = await auditTables({ ...dependencies, secondLookMilliseconds: 1 });
      expect(report.findings).toEqual([]);
    },
  };
};

export type PurchaseWorld = Awaited<ReturnType<typeof purchaseWorld>>;

/**
 * All of purchase over a real DynamoDB, with a clock that tests move, a provider with books of its own, and a record
 * of how the workflow was woken.
 */
export const purchaseWorld = async ({ carrier = sampleCarrier }: { carrier?: Carrier } = {}) => {
  const tables: TestTables = await testTables();
  const time = { now: instantSchema.parse('2026-12-01T00:00:00.000Z') };
  const clock = (): Instant => time.now;
  const bank = bookKeepingProvider({ currencies: [carrier.currency] });
  const { workflow, woken } = recordingWorkflow();
  const dependencies = partsOf(tables, clock, bank, workflow, carrier);
  let lastDay = 2;
  const order = (...parameters: OrderParameters) => orderFor(dependencies, ...parameters);

  return {
    ...dependencies,
    dependencies,
    tables,
    time,
    bank,
    woken,
    openRun: (serviceDate: string, seats: SampleSeats) => openSampleRun(tables.timetable, serviceDate, seats),
    /** A run on a date that no other of this world has. */
    nextRun: (seats: SampleSeats = 2) =>
      openSampleRun(tables.timetable, `2026-12-${String((lastDay += 1)).padStart(2, '0')}`, seats),
    order,
    pass: (seconds: number) => {
      time.now = plusSeconds(time.now, seconds);
    },
    held: async (...parameters: OrderParameters): Promise<OrderId> => {
      const outcome = await order(...parameters);
      if (outcome.outcome === 'rejected') throw new Error(`not held: ${outcome.reason}`);
      return orderIdSchema.parse(outcome.answer);
    },
    pay: async (orderId: OrderId, { handOut = true } = {}): Promise<Payment> => {
      const stands = await readOrder(tables.bookings, orderId, { consistent: true });
      if (!stands || stands.state === 'void') throw new Error('no such order');
      const outcome = await startPayment(dependencies)({
        orderId,
        userId: stands.userId,
        provider: bank.provider,
        method: 'page',
        device: { userAgent: '' },
        returnUrl: undefined,
        scope: { userId: stands.userId, route: 'payments', key: randomUUID(), bodyHash: '' },
      });
      if (outcome.outcome === 'rejected') throw new Error(`no payment: ${outcome.reason}`);
      if (handOut) bank.trades.set(outcome.payment.paymentId, { state: 'pending' });
      return outcome.payment;
    },
    /** The buyer pays at the provider; what the product learns of it is up to the test. */
    buyerPays: ({ paymentId, amount }: Payment): void => {
      bank.trades.set(paymentId, { state: 'captured', providerTrade: `trade-${paymentId}`, paid: amount });
    },
    standing: async <State extends Exclude<OrderState, 'void'>>(orderId: OrderId, state: State) => {
      const stands: Order | undefined = await readOrder(tables.bookings, orderId, { consistent: true });
      if (stands?.state !== state) throw new Error(`the order is ${stands?.state}, not ${state}`);
      return stands as OrderIn<State>;
    },
    ...whatFollows(dependencies, tables, bank),
    stop: () => tables.stop(),
  };
};
