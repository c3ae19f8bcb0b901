import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { subscribersOf } from '../../functions/subscriptions.ts';
import { noConfirmedAddress } from '../../shared/notifications/confirmed-address.ts';
import type { MailPort } from '../../shared/notifications/mail-port.ts';
import type { Order } from '../../shared/orders/model.ts';
import { readOrder } from '../../shared/orders/store.ts';
import type { PaymentProvider } from '../../shared/payments/provider.ts';
import type { PublishedEvent } from '../../shared/platform/events.ts';
import { accepted } from '../../shared/platform/outcome.ts';
import { orderIdSchema, paymentIdOf, userIdSchema, type OrderId } from '../../shared/platform/ids.ts';
import { deriveKey } from '../../shared/platform/secrets.ts';
import { countRun } from '../../shared/selling/count-run.ts';
import type { EventName } from '../../shared/selling/events-of.ts';
import { eventTasks } from '../../shared/selling/event-tasks.ts';
import { tellPassenger } from '../../shared/selling/tell-passenger.ts';
import { workflowTasks } from '../../shared/selling/workflow-tasks.ts';
import { recordNotification } from '../../shared/paying/record-notification.ts';
import { startPayment } from '../../shared/paying/start-payment.ts';
import type { PurchaseWorkflow } from '../../shared/paying/workflow.ts';
import { providerNames } from '../../shared/payments/known-providers.ts';
import { allocateSeatsTask } from '../../shared/waitlist/allocate-seats-task.ts';
import { watchHolds } from '../../shared/upkeep/watch-holds.ts';
import type { SigningKey } from '../../shared/tickets/code-keys.ts';
import type { Run } from '../../shared/timetable/model.ts';
import { bookKeepingProvider } from '../support/book-keeping-provider.ts';
import { inAnotherProcess, type BenchTables } from './bench-tables.ts';
import { makeClerk, purchaseDependencies } from './clerk.ts';
import { seeded } from './seeded.ts';
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
const { provider } = bookKeepingProvider({ cashierUrl: `https://cashier.example/?${'x'.repeat(1500)}` });

/** Wakes nobody: the steps are taken in the order in which they would be woken. */
export const quietWorkflow: PurchaseWorkflow = {
  start: () => Promise.resolve(accepted({})),
  wakePaid: () => Promise.resolve(),
  wakeCancelled: () => Promise.resolve(),
};

const countStep = (tables: BenchTables, run: Run): Step => ({
  entry: 'events/update-availability',
  work: () => countRun(purchaseDependencies(inAnotherProcess(tables), seeded(1)))(run.runId),
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

/** What a function has when its process starts. */
type Common = ReturnType<typeof purchaseDependencies> & {
  workflow: PurchaseWorkflow;
  findProvider: () => PaymentProvider;
  signingKey: () => Promise<SigningKey>;
};

/** What an event wakes, by the table of subscriptions: a step for each function that wants it. */
const eventSteps = (
  start: () => Common,
  event: EventName,
  about: () => Omit<PublishedEvent, 'event'>,
): Step[] => {
  const mail: MailPort = { send: () => Promise.resolve({ outcome: 'sent' }) };
  const works = {
    ...eventTasks,
    'allocate-seats': allocateSeatsTask,
    'send-email': (common: Common) =>
      tellPassenger({ ...common, mail, confirmedAddressOf: noConfirmedAddress }),
  };
  return subscribersOf(event).map((name) => ({
    entry: `events/${name}`,
    work: () => works[name](start())({ ...about(), event }),
  }));
};

const paymentSteps = ({ start, order }: { start: () => Common; order: () => OrderId }): Step[] => {
  let held: Order | undefined;
  return [
    {
      entry: 'api/payments/create-payment',
      http: true,
      work: () =>
        startPayment({ ...start(), notifyUrl: 'https://keyun.example/' })({
          orderId: order(),
          userId,
          provider,
          method: 'page',
          device: { userAgent: '' },
          returnUrl: undefined,
          scope: { userId, route: 'payments', key: 'first', bodyHash: '' },
        }),
    },
    {
      entry: `payment-callbacks/${providerName}`,
      http: true,
      before: async () => {
        held = await readOrder(start().bookings, order(), { consistent: true });
      },
      work: () => {
        if (held?.state !== 'held') throw new Error(`the order is ${held?.state}`);
        return recordNotification(start())(providerName, {
          notificationId: 'notification-1',
          paymentNumber: paymentIdOf(order(), 1),
          says: { kind: 'captured', providerTrade: 'trade-1', paid: held.amount },
        });
      },
    },
  ];
};

/**
 * The way of a purchase from the order to the mail with the ticket, function by function, with the code and the tables
 * that the functions have. `booked` answers the order once its first step is done.
 */
export const purchaseSteps = (tables: BenchTables, run: Run): { steps: Step[]; booked: () => OrderId } => {
  const random = seeded(1);
  const start = (): Common => ({
    ...purchaseDependencies(inAnotherProcess(tables), random),
    workflow: quietWorkflow,
    findProvider: () => provider,
    signingKey: () => Promise.resolve({ seed: deriveKey('bench', 'sign-tickets'), carrierId: 'bench' }),
  });
  const buy = makeClerk(inAnotherProcess(tables), seeded(1));
  let orderId: OrderId | undefined;
  const order = (): OrderId => {
    if (!orderId) throw new Error('no order was placed');
    return orderId;
  };
  const wakes = (event: EventName, subject?: () => string): Step[] =>
    eventSteps(start, event, () => ({
      eventId: `${order()}-${event}`,
      orderId: order(),
      at: saleTime,
      ...(subject && { subject: subject() }),
    }));

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
    ...wakes('order-held'),
    { entry: 'workflow/reserve', work: () => workflowTasks.Reserve(start())({ orderId: order() }) },
    {
      entry: 'workflow/await-payment',
      work: () => workflowTasks.AwaitPayment(start())({ orderId: order(), taskToken: 'x'.repeat(700) }),
    },
    ...paymentSteps({ start, order }),
    ...wakes('payment-captured', () => paymentIdOf(order(), 1)),
    { entry: 'workflow/issue', work: () => workflowTasks.Issue(start())({ orderId: order() }) },
    ...wakes('order-issued'),
  ];
  return { steps, booked: order };
};
