import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { countAvailability } from '../../shared/inventory/count-availability.ts';
import { sendNotification } from '../../shared/notifications/send-notification.ts';
import { readOrder } from '../../shared/orders/store.ts';
import type { PaymentProvider } from '../../shared/payments/provider.ts';
import { orderIdSchema, paymentIdOf, userIdSchema, type OrderId } from '../../shared/platform/ids.ts';
import { carrier } from '../../shared/platform/carrier.ts';
import { deriveKey } from '../../shared/platform/secrets.ts';
import { applyPayment } from '../../shared/paying/apply-payment.ts';
import { awaitPayment } from '../../shared/selling/await-payment.ts';
import { issuePaidOrder } from '../../shared/selling/issue-order.ts';
import { countingWith } from '../../shared/selling/may-come-free.ts';
import { recordNotification } from '../../shared/paying/record-notification.ts';
import { refundedFor } from '../../shared/paying/refunded-for.ts';
import { startPayment } from '../../shared/paying/start-payment.ts';
import type { PurchaseWorkflow } from '../../shared/paying/workflow.ts';
import { providerNames } from '../../shared/payments/known-providers.ts';
import { watchHolds } from '../../shared/upkeep/watch-holds.ts';
import { drawCode } from '../../shared/tickets/draw-code.ts';
import { listTickets } from '../../shared/tickets/store.ts';
import { readFrozenRun } from '../../shared/timetable/store.ts';
import type { Run } from '../../shared/timetable/model.ts';
import type { BenchTables } from './bench-tables.ts';
import { makeClerk, purchaseDependencies } from './clerk.ts';
import { saleTime } from './train.ts';

/** One invocation of a function: its entry below functions/, and what it does there. */
export type Step = {
  entry: string;
  http?: true;
  /** What brings its input, which is not counted: a stream. */
  before?: () => Promise<void>;
  work: () => Promise<unknown>;
};

/** Making a payment and verifying a notification need no call to the provider: both are signatures. */
const [providerName] = providerNames;
const provider: PaymentProvider = {
  name: providerName,
  currencies: ['CNY'],
  begin: () => Promise.resolve({ kind: 'redirect', url: `https://cashier.example/?${'x'.repeat(1500)}` }),
  query: () => Promise.resolve({ state: 'pending' }),
  close: () => Promise.resolve({ state: 'closed' }),
  refund: () => Promise.resolve({ state: 'succeeded' }),
  queryRefund: () => Promise.resolve({ state: 'succeeded' }),
  readNotification: () => Promise.resolve({ outcome: 'refused', why: 'not asked here' }),
  answers: {
    received: { statusCode: 200, contentType: 'text/plain', body: 'success' },
    refused: { statusCode: 400, contentType: 'text/plain', body: 'fail' },
  },
};

/** Wakes nobody: the steps are taken in the order in which they would be woken. */
const workflow: PurchaseWorkflow = {
  start: () => Promise.resolve('started'),
  wakePaid: () => Promise.resolve(),
  wakeCancelled: () => Promise.resolve(),
};

const countStep = (tables: BenchTables, run: Run): Step => ({
  entry: 'events/update-availability',
  work: async () => {
    await readFrozenRun(tables.timetable, run.runId, { consistent: true });
    await countAvailability(countingWith(purchaseDependencies(tables, Math.random)))(run);
  },
});

/** The look at the pieces that were taken, as the stream of shards tells of them: alone on its train, at all there are. */
const watchStep = ({ bookings, inventory: { client, name } }: BenchTables): Step => {
  let records: Parameters<ReturnType<typeof watchHolds>>[0] = [];
  return {
    entry: 'events/watch-holds',
    before: async () => {
      const { Items = [] } = await client.send(new ScanCommand({ TableName: name }));
      records = Items.map((item) => ({
        eventName: 'INSERT',
        sequenceNumber: '1',
        keys: { pk: item['pk'] },
        newImage: item,
      }));
    },
    work: () =>
      watchHolds({ bookings, clock: () => saleTime })(records, {
        timeLeft: () => 60_000,
        itemMilliseconds: 10_000,
      }),
  };
};

/** The first of the clerk's buyers. */
const userId = userIdSchema.parse('user-0');

const notifier = ({ bookings }: BenchTables) =>
  sendNotification({
    bookings,
    mail: { send: () => Promise.resolve({ outcome: 'sent' }) },
    clock: () => saleTime,
    carrier: carrier(),
    readOrder: (id) => readOrder(bookings, id, { consistent: true }),
    listTickets: (id) => listTickets(bookings, id, { consistent: true }),
    refundedFor: refundedFor(bookings),
    drawCode,
  });

/**
 * The way of a purchase from the order to the mail with the ticket, as the functions go it, one by one. `booked` tells
 * the order once its first step is done.
 */
export const purchaseSteps = (tables: BenchTables, run: Run): { steps: Step[]; booked: () => OrderId } => {
  const { bookings } = tables;
  const common = { ...purchaseDependencies(tables, Math.random), workflow };
  const buy = makeClerk(tables, Math.random);
  let orderId: OrderId | undefined;
  const order = (): OrderId => {
    if (!orderId) throw new Error('no order was placed');
    return orderId;
  };
  const mail = (event: string, n: number) =>
    notifier(tables)({ eventId: `${order()}-${n}`, event, orderId: order(), at: saleTime });
  const look = () => readOrder(bookings, order(), { consistent: true });

  const steps: Step[] = [
    {
      entry: 'api/orders/place-order',
      http: true,
      work: async () => {
        const answer = await buy(0, run, { from: 0, to: run.stops.length - 1 });
        orderId = orderIdSchema.parse(answer.orderId);
      },
    },
    countStep(tables, run),
    watchStep(tables),
    { entry: 'events/start-purchase', work: look },
    { entry: 'events/send-email', work: () => mail('order-held', 0) },
    { entry: 'workflow/reserve', work: look },
    { entry: 'workflow/await-payment', work: () => awaitPayment(common)(order(), 'x'.repeat(700)) },
    {
      entry: 'api/payments/create-payment',
      http: true,
      work: () =>
        startPayment({ ...common, notifyUrl: 'https://keyun.example/' })({
          orderId: order(),
          userId,
          provider,
          returnUrl: undefined,
          scope: { userId, route: 'payments', key: 'first', bodyHash: '' },
        }),
    },
    {
      entry: `payment-callbacks/${providerName}`,
      http: true,
      work: async () => {
        const held = await look();
        if (held?.state !== 'held') throw new Error(`the order is ${held?.state}`);
        await recordNotification(common)(providerName, {
          notificationId: 'notification-1',
          paymentNumber: paymentIdOf(order(), 1),
          says: { kind: 'captured', providerTrade: 'trade-1', paid: held.amount },
        });
      },
    },
    { entry: 'events/apply-payment', work: () => applyPayment(common)(paymentIdOf(order(), 1)) },
    {
      entry: 'workflow/issue',
      work: () =>
        issuePaidOrder({ ...common, signingKey: () => Promise.resolve(deriveKey('bench', 'sign-tickets')) })(
          order(),
        ),
    },
    { entry: 'events/send-email', work: () => mail('order-issued', 2) },
  ];
  return { steps, booked: order };
};
