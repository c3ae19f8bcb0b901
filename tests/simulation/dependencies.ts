import type { ProviderName } from '../../shared/payments/model.ts';
import type { PaymentProvider } from '../../shared/payments/provider.ts';
import type { Carrier } from '../../shared/platform/carrier.ts';
import type { Table } from '../../shared/platform/dynamo.ts';
import { deriveKey } from '../../shared/platform/secrets.ts';
import type { Clock } from '../../shared/platform/time.ts';
import type { PurchaseWorkflow } from '../../shared/paying/workflow.ts';
import type { SigningKey } from '../../shared/tickets/code-keys.ts';
import type { TestTables } from '../support/dynamo.ts';
import type { Books } from './books.ts';
import { gatedClient, rememberingClient } from './gated-client.ts';
import type { Gate } from './gate.ts';
import type { Actor, Scheduler } from './scheduler.ts';
import { simulatedProviders } from './simulated-provider.ts';
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
  findProvider: (name: ProviderName) => PaymentProvider;
  signingKey: () => Promise<SigningKey>;
  keys: () => Promise<{ seal: Buffer; claim: Buffer }>;
  notifyUrl: string;
};

/** The key that signs the tickets of a simulation. */
export const simulatedKey: SigningKey = {
  seed: deriveKey('simulation', 'sign-tickets'),
  carrierId: 'simulated',
};
const keys = {
  seal: deriveKey('simulation', 'seal-documents'),
  claim: deriveKey('simulation', 'claim-documents'),
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
    const providers = simulatedProviders(gate, actor, books);
    return {
      bookings: table(tables.bookings),
      inventory: table(tables.inventory),
      availability: table(tables.availability),
      timetable: table(timetable),
      clock: scheduler.clock,
      random: scheduler.seed.fraction,
      carrier,
      workflow: gatedWorkflow(gate, actor, machine),
      findProvider: (name) => providers[name],
      signingKey: () => Promise.resolve(simulatedKey),
      keys: () => Promise.resolve(keys),
      notifyUrl: 'https://keyun.example/v1/payment-callbacks',
    };
  };
};
