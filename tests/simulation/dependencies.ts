import type { PaymentProvider } from '../../shared/payments/provider.ts';
import type { Carrier } from '../../shared/platform/carrier.ts';
import type { Table } from '../../shared/platform/dynamo.ts';
import { rejected } from '../../shared/platform/outcome.ts';
import { deriveKey } from '../../shared/platform/secrets.ts';
import type { Clock } from '../../shared/platform/time.ts';
import type { PurchaseWorkflow } from '../../shared/paying/workflow.ts';
import type { TestTables } from '../support/dynamo.ts';
import { simulatedBills } from './bills.ts';
import type { Books } from './books.ts';
import { gatedClient, rememberingClient } from './gated-client.ts';
import type { Gate } from './gate.ts';
import type { Actor, Scheduler } from './scheduler.ts';
import type { StateMachine } from './state-machine.ts';

/** What any use case of the product may ask for, all of it behind the gate of one actor. */
export type Dependencies = {
  bookings: Table;
  inventory: Table;
  availability: Table;
  timetable: Table;
  clock: Clock;
  random: () => number;
  carrier: Carrier;
  workflow: PurchaseWorkflow;
  provider: PaymentProvider;
  findProvider: () => PaymentProvider;
  signingKey: () => Promise<Buffer>;
  keys: () => Promise<{ seal: Buffer; claim: Buffer }>;
  notifyUrl: string;
};

const signingKey = deriveKey('simulation', 'sign-tickets');
const keys = {
  seal: deriveKey('simulation', 'seal-documents'),
  claim: deriveKey('simulation', 'claim-documents'),
};

export const simulatedProvider = (gate: Gate, actor: Actor, books: Books, clock: Clock): PaymentProvider => {
  const ask = <Answer>(what: string, writes: boolean, effect: () => Answer): Promise<Answer> =>
    gate.call(actor, { what, effect, target: { service: 'provider', writes, transactItems: 0 } });
  return {
    name: 'alipay',
    currencies: ['CNY'],
    methods: [{ name: 'page', action: 'redirect' }],
    methodFor: () => 'page',
    // The link is signed here; Alipay hears of it when the buyer follows it.
    begin: ({ paymentId }) =>
      Promise.resolve({ kind: 'redirect', url: `https://cashier.example/${paymentId}` }),
    query: (payment) => ask(`query ${payment.paymentId}`, false, () => books.query(payment)),
    close: (payment) => ask(`close ${payment.paymentId}`, true, () => books.close(payment)),
    refund: (payment, refund) =>
      ask(`refund ${refund.refundNumber}`, true, () => books.refund(payment, refund)),
    queryRefund: (payment, refund) =>
      ask(`query refund ${refund.refundNumber}`, false, () => books.queryRefund(payment, refund)),
    bills: simulatedBills(books, clock),
    readNotification: () => Promise.resolve(rejected('comes-verified')),
    answers: {
      received: { statusCode: 200, contentType: 'text/plain', body: 'success' },
      refused: { statusCode: 400, contentType: 'text/plain', body: 'fail' },
    },
  };
};

const gatedWorkflow = (gate: Gate, actor: Actor, machine: StateMachine): PurchaseWorkflow => {
  const ask = <Answer>(what: string, effect: () => Answer): Promise<Answer> =>
    gate.call(actor, { what, effect, target: { service: 'sfn', writes: true, transactItems: 0 } });
  return {
    start: (orderId, execution) =>
      ask(`start ${orderId}-${execution}`, () => machine.start(orderId, execution)),
    wakePaid: (token) => ask(`succeed ${token}`, () => machine.succeed(token)),
    wakeCancelled: (token) => ask(`fail ${token}`, () => machine.fail(token, 'OrderCancelled')),
  };
};

export const dependenciesOf = ({
  scheduler,
  carrier,
  gate,
  tables,
  books,
  machine,
}: {
  carrier: Carrier;
  scheduler: Scheduler;
  gate: Gate;
  tables: TestTables;
  books: Books;
  machine: StateMachine;
}) => {
  const timetable = { ...tables.timetable, client: rememberingClient(tables.timetable.client) };
  return (actor: Actor): Dependencies => {
    const table = ({ client, name }: Table): Table => ({ client: gatedClient(gate, actor, client), name });
    const provider = simulatedProvider(gate, actor, books, scheduler.clock);
    return {
      bookings: table(tables.bookings),
      inventory: table(tables.inventory),
      availability: table(tables.availability),
      timetable: table(timetable),
      clock: scheduler.clock,
      random: scheduler.seed.fraction,
      carrier,
      workflow: gatedWorkflow(gate, actor, machine),
      provider,
      findProvider: () => provider,
      signingKey: () => Promise.resolve(signingKey),
      keys: () => Promise.resolve(keys),
      notifyUrl: 'https://keyun.example/v1/payment-callbacks/alipay',
    };
  };
};
