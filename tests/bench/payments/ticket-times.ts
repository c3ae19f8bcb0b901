import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { availableParallelism, loadavg } from 'node:os';
import { signIn, type Journey } from '../../../cli/demo/client.ts';
import { passenger } from '../../../cli/demo/passengers.ts';
import { localCredentials } from '../../../infra/local/iam/local-credentials.ts';
import { region } from '../../../infra/local/template/identities.ts';
import { isCaptured } from '../../../shared/payments/model.ts';
import { listPayments } from '../../../shared/payments/store.ts';
import { awsClient, patientLimits } from '../../../shared/platform/aws-client.ts';
import { documentClient, type Table } from '../../../shared/platform/dynamo.ts';
import { orderIdSchema } from '../../../shared/platform/ids.ts';
import { listTickets } from '../../../shared/tickets/store.ts';
import { startSystem, type System } from '../soak/system.ts';

export type TicketTimes = {
  provider: string;
  tickets: number;
  /** From the notification's transaction to the ticket, by the system's own times, in milliseconds. */
  issue: { p50: number; p99: number };
  /** From the buyer's button to the ticket in the buyer's hands. */
  whole: { p50: number; p99: number };
};

export type TicketsReport = {
  atOnce: number;
  seconds: number;
  /** The load of the machine in the minute before, for each processor: above one, others were at work. */
  loadBefore: number;
  byProvider: TicketTimes[];
  /** Purchases that ended as anything but a ticket, by what they were. */
  others: Record<string, number>;
};

type Bought = { provider: string; issue: number; whole: number };

const from = 'VNP';
const to = 'AOH';
/** Two days ahead and later: a sale is open, and no train leaves in the middle. */
const firstDay = 2;
const days = 12;

/** The value that this share of them does not exceed. */
export const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(values.length * share) - 1)] ?? 0;

const bookingsOf = ({ endpoints }: System): Table => ({
  client: documentClient(
    awsClient(DynamoDBClient, patientLimits, {
      endpoint: endpoints.dynamodb,
      region,
      credentials: localCredentials,
    }),
  ),
  name: endpoints.tables.bookings,
});

/** One purchase by a person of its own. Throws if it ends as anything but a ticket. */
const buyOne = async (system: System, bookings: Table, n: number, provider: string): Promise<Bought> => {
  const buyer = await signIn(system.endpoints, system.dataDir, `payer-${n}@example.com`);
  const date = new Date(Date.now() + (firstDay + (n % days)) * 86_400_000).toISOString().slice(0, 10);
  const found = await buyer.get<{ journeys: Journey[] }>(`/v1/journeys?from=${from}&to=${to}&date=${date}`);
  const offers = found.body.journeys.flatMap(({ runId, classes }) =>
    classes
      .filter(({ fare, seatsLeft }) => fare && seatsLeft > 0)
      .map((each) => ({ runId, class: each.class })),
  );
  const offer = offers[n % Math.max(1, offers.length)];
  if (!offer) throw new Error('nothing left on that day');
  const order = await buyer.placeOrder({ ...offer, from, to, passengers: [passenger(n)] });
  if (order.status !== 201) throw new Error(`no order: ${order.status} ${order.body.type ?? ''}`);
  const { pressedAt } = await buyer.pay(order.body.orderId, provider);
  const { state } = await buyer.waitFor(order.body.orderId, ['issued', 'expired', 'cancelled'], 300);
  const whole = performance.now() - pressedAt;
  if (state !== 'issued') throw new Error(`it ends as ${state}`);
  const orderId = orderIdSchema.parse(order.body.orderId);
  const [payment] = await listPayments(bookings, orderId);
  const [ticket] = await listTickets(bookings, orderId, { consistent: true });
  if (!payment || !isCaptured(payment) || !ticket) throw new Error('it has no captured payment or no ticket');
  return { provider, whole, issue: Date.parse(ticket.issuedAt) - Date.parse(payment.capturedAt) };
};

const timesOf = (provider: string, bought: readonly Bought[]): TicketTimes => {
  const both = (of: (one: Bought) => number) => {
    const values = bought.map(of);
    return { p50: percentile(values, 0.5), p99: percentile(values, 0.99) };
  };
  return {
    provider,
    tickets: bought.length,
    issue: both(({ issue }) => issue),
    whole: both(({ whole }) => whole),
  };
};

export type TicketsScale = { purchases: number; atOnce: number };

/**
 * Buys from the whole local run over HTTP, so many at once, with every provider in turn at its sandbox, and says how long it
 * takes from the callback to the ticket.
 */
export const measureTickets = async (
  { purchases, atOnce }: TicketsScale,
  say: (line: string) => void,
): Promise<TicketsReport> => {
  const loadBefore = loadavg()[0] ?? 0;
  const system = await startSystem();
  const bookings = bookingsOf(system);
  try {
    const { body } = await (
      await signIn(system.endpoints, system.dataDir, 'asks@example.com')
    ).get<{
      providers: { provider: string }[];
    }>('/v1/payment-methods');
    const providers = body.providers.map(({ provider }) => provider);
    const bought: Bought[] = [];
    const others: Record<string, number> = {};
    let begun = 0;
    const buy = async (n: number): Promise<void> => {
      const provider = providers[n % providers.length] ?? '';
      try {
        bought.push(await buyOne(system, bookings, n, provider));
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        others[why] = (others[why] ?? 0) + 1;
      }
    };
    const work = async (): Promise<void> => {
      while (begun < purchases && !system.hasEnded()) await buy((begun += 1));
    };
    // The first purchases of a process load code and fill caches; they are not measured.
    await Promise.all(providers.map((_, n) => buy(-1 - n + providers.length * 2 + purchases)));
    bought.length = 0;
    say(`${purchases} purchases, ${atOnce} at once`);
    const began = performance.now();
    await Promise.all(Array.from({ length: atOnce }, work));
    const seconds = (performance.now() - began) / 1000;
    const byProvider = providers.map((name) =>
      timesOf(
        name,
        bought.filter(({ provider }) => provider === name),
      ),
    );
    return {
      atOnce,
      seconds,
      loadBefore: loadBefore / availableParallelism(),
      byProvider: [...byProvider, timesOf('all', bought)],
      others,
    };
  } finally {
    bookings.client.destroy();
    await system.stop();
  }
};
