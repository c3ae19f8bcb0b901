import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { fareItems } from '../../shared/fares/store.ts';
import { countAvailability } from '../../shared/inventory/count-availability.ts';
import { readShards } from '../../shared/inventory/store.ts';
import { shardsOf } from '../../shared/inventory/shards.ts';
import type { Order, OrderIn, OrderState } from '../../shared/orders/model.ts';
import { readOrder } from '../../shared/orders/store.ts';
import type { Payment } from '../../shared/payments/model.ts';
import type { PaymentProvider, ProviderPayment, ProviderRefund } from '../../shared/payments/provider.ts';
import {
  classSchema,
  orderIdSchema,
  runIdSchema,
  serviceDateSchema,
  stopIdSchema,
  tripIdSchema,
  userIdSchema,
  type OrderId,
} from '../../shared/platform/ids.ts';
import { deriveKey } from '../../shared/platform/secrets.ts';
import { instantSchema, plusSeconds, type Instant } from '../../shared/platform/time.ts';
import { placeOrder } from '../../shared/purchase/place-order.ts';
import { startPayment } from '../../shared/purchase/start-payment.ts';
import type { PurchaseWorkflow } from '../../shared/purchase/workflow.ts';
import { runSchema, type Layout, type Run } from '../../shared/timetable/model.ts';
import { freezeRun, putSales } from '../../shared/timetable/store.ts';
import { residentIdCheck } from '../../shared/users/check-digits.ts';
import { documentSchema } from '../../shared/users/document.ts';
import { testTables, type TestTables } from './dynamo.ts';
import { sampleCarrier } from './sample-carrier.ts';

/** The n-th of ten thousand people, with a resident number whose check digit is right. */
export const person = (n: number) => {
  const first17 = `11010519900101${String(n).padStart(3, '0').slice(-3)}`;
  const other17 = `1101051990${String(1 + (Math.floor(n / 1000) % 12)).padStart(2, '0')}01${String(n % 1000).padStart(3, '0')}`;
  const base = n < 1000 ? first17 : other17;
  return documentSchema.parse({ kind: 'cn-resident-id', number: `${base}${residentIdCheck(base)}` });
};

/** A provider with books of its own, that tests can make pay, fall silent, or refuse. */
export const bookKeepingProvider = () => {
  const trades = new Map<string, ProviderPayment>();
  const refunds = new Map<string, number>();
  const state = { silent: false, refundAnswer: { state: 'succeeded' } as ProviderRefund };
  const speak = <Answer>(answer: () => Answer): Promise<Answer> =>
    state.silent ? Promise.reject(new Error('no answer')) : Promise.resolve(answer());
  const known = ({ paymentId }: Payment): ProviderPayment => trades.get(paymentId) ?? { state: 'not-exist' };
  const provider: PaymentProvider = {
    name: 'alipay',
    currencies: ['CNY'],
    begin: () => speak(() => ({ kind: 'redirect', url: 'https://cashier.example/' })),
    query: (payment) => speak(() => known(payment)),
    close: (payment) =>
      speak(() => {
        const trade = known(payment);
        if (trade.state === 'pending') trades.set(payment.paymentId, { state: 'closed' });
        return trade.state === 'pending' ? { state: 'closed' } : trade;
      }),
    refund: (_payment, { refundNumber, amount }) =>
      speak(() => {
        if (state.refundAnswer.state === 'succeeded') refunds.set(refundNumber, amount.amount);
        return state.refundAnswer;
      }),
    queryRefund: (_payment, { refundNumber }) =>
      speak(() => ({ state: refunds.has(refundNumber) ? 'succeeded' : 'not-exist' })),
    readNotification: () => Promise.resolve({ outcome: 'refused', why: 'not in this test' }),
    answers: {
      received: { statusCode: 200, contentType: 'text/plain', body: 'success' },
      refused: { statusCode: 400, contentType: 'text/plain', body: 'fail' },
    },
  };
  return { provider, trades, refunds, state };
};

const stopNames = ['北京南', '济南西', '南京南', '上海虹桥'];

/** One run of four stops with `seats` seats of class second in rows of five. */
export const sampleRun = (serviceDate: string, rows: number): Run => {
  const layout = {
    layoutId: 'test',
    coaches: [
      { coach: '05', class: 'second', seats: { rows, firstRow: 1, letters: 'ABCDF', aisleAfter: 'C' } },
    ],
  };
  return runSchema.parse({
    runId: runIdSchema.parse(`G1~${serviceDate}`),
    tripId: tripIdSchema.parse('G1'),
    trip: 'G1',
    serviceDate: serviceDateSchema.parse(serviceDate),
    version: `v-${serviceDate}-${rows}`,
    stops: stopNames.map((name, index) => ({
      stopId: stopIdSchema.parse(`S${index}`),
      name,
      timeZone: 'Asia/Shanghai',
      arrives: `${serviceDate}T0${index + 1}:00:00.000Z`,
      departs: `${serviceDate}T0${index + 1}:05:00.000Z`,
      boarding: true,
      alighting: true,
    })),
    layout: layout as unknown as Layout,
    state: 'open',
  });
};

export type PurchaseWorld = Awaited<ReturnType<typeof purchaseWorld>>;

/**
 * All of purchase over a real DynamoDB, with a clock that tests move, a provider with books of its own, and a record
 * of how the workflow was woken.
 */
export const purchaseWorld = async () => {
  const tables: TestTables = await testTables();
  const time = { now: instantSchema.parse('2026-12-01T00:00:00.000Z') };
  const clock = (): Instant => time.now;
  const bank = bookKeepingProvider();
  const woken: string[] = [];
  const workflow: PurchaseWorkflow = {
    start: (orderId, execution) => {
      woken.push(`start ${orderId}-${execution}`);
      return Promise.resolve('started');
    },
    wakePaid: (token) => Promise.resolve(void woken.push(`paid ${token}`)),
    wakeCancelled: (token) => Promise.resolve(void woken.push(`cancelled ${token}`)),
  };
  const dependencies = {
    ...tables,
    clock,
    random: Math.random,
    carrier: sampleCarrier,
    workflow,
    findProvider: () => bank.provider,
    signingKey: () => Promise.resolve(deriveKey('test', 'sign-tickets')),
    keys: () =>
      Promise.resolve({
        seal: deriveKey('test', 'seal-documents'),
        claim: deriveKey('test', 'claim-documents'),
      }),
    notifyUrl: 'https://keyun.example/v1/payment-callbacks/alipay',
  };
  let keys = 0;

  const openRun = async (serviceDate: string, rows: number): Promise<Run> => {
    const run = sampleRun(serviceDate, rows);
    await freezeRun(tables.timetable, run);
    await putSales(tables.timetable, {
      from: serviceDateSchema.parse('2026-12-01'),
      until: serviceDateSchema.parse('2027-12-31'),
    });
    const pairs = run.stops.flatMap((from, a) =>
      run.stops.slice(a + 1).map((to, b) => ({
        from: from.stopId,
        to: to.stopId,
        fares: { currency: 'CNY', byTrip: { '*': { second: (b + 1) * 10_000 } } },
      })),
    );
    for (const Item of fareItems(run.version, { pairs, rate: undefined })) {
      await tables.timetable.client.send(new PutCommand({ TableName: tables.timetable.name, Item }));
    }
    return run;
  };

  const order = async (
    run: Run,
    people: number[],
    more: { from?: number; to?: number; user?: string; key?: string } = {},
  ) => {
    const {
      from = 0,
      to = run.stops.length - 1,
      user = `user-${people[0]}`,
      key = `key-${(keys += 1)}`,
    } = more;
    const userId = userIdSchema.parse(user);
    return placeOrder(dependencies)(
      {
        userId,
        runId: run.runId,
        from: stopIdSchema.parse(`S${from}`),
        to: stopIdSchema.parse(`S${to}`),
        class: classSchema.parse('second'),
        passengers: people.map((n) => ({ name: `旅客${n}`, type: 'adult' as const, document: person(n) })),
        contact: { email: 'someone@example.com', locale: 'zh-CN' },
        wishes: {},
      },
      {
        scope: { userId, route: 'orders', key, bodyHash: JSON.stringify([run.runId, from, to, people]) },
        answer: ({ orderId }) => orderId,
      },
    );
  };

  return {
    ...dependencies,
    dependencies,
    tables,
    time,
    bank,
    woken,
    openRun,
    order,
    pass: (seconds: number) => {
      time.now = plusSeconds(time.now, seconds);
    },
    held: async (...parameters: Parameters<typeof order>): Promise<OrderId> => {
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
        returnUrl: undefined,
        scope: { userId: stands.userId, route: 'payments', key: `key-${(keys += 1)}`, bodyHash: '' },
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
    count: (run: Run) => countAvailability(dependencies)(run),
    /** Every piece of the run's touched shards: `seat from-to owner|free`. */
    pieces: async (run: Run) => {
      const cls = classSchema.parse('second');
      const keysOfShards = shardsOf(run.layout, cls).map((_, shard) => ({
        runId: run.runId,
        class: cls,
        shard,
      }));
      const states = await readShards(tables.inventory, keysOfShards);
      return states.flatMap((state, shard) =>
        state ? [...state.pieces.values()].map((piece) => ({ ...piece, shard })) : [],
      );
    },
    stop: () => tables.stop(),
  };
};
