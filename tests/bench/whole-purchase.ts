import { randomUUID } from 'node:crypto';
import type { StackTemplate } from '../../infra/local/template/template.ts';
import { subscribersOf } from '../../functions/subscriptions.ts';
import type { Counted } from '../../infra/costs/counted.ts';
import { dollarsOf, readPrices, totalOf } from '../../infra/costs/prices.ts';
import { ticketCosts } from '../../infra/costs/ticket-costs.ts';
import { readOrder } from '../../shared/orders/store.ts';
import { withBenchTables } from './bench-tables.ts';
import { factsOf } from './deployed-facts.ts';
import { measured } from './meter.ts';
import { purchaseSteps } from './purchase-steps.ts';
import { addTally, emptyTally, total, type Tally } from './tally.ts';
import { openTrains, trainOf } from './train.ts';

/** What an invocation is taken to last. It is waiting mostly, which is paid for as well. */
const secondsPerInvocation = 0.05;

/** A stream begins a trace with each batch, and so does a state machine; what a queue or a workflow calls goes on with theirs. */
const tracedWorkflows = 1;
const streamWorkers = new Set(['events/update-availability', 'events/watch-holds']);

/** Each queue message is sent, received and deleted. */
const requestsPerMessage = 3;

export type WholePurchase = {
  steps: { entry: string; requests: number; writeUnits: number; readUnits: number }[];
  requestsByOperation: Record<string, number>;
  roundTrips: number;
  writeUnits: number;
  readUnits: number;
  lambdaInvocations: number;
  gigabyteSeconds: number;
  transitions: number;
  snsRequests: number;
  sqsRequests: number;
  mails: number;
  httpRequests: number;
  /** Traces that begin here, if each is recorded. */
  traces: number;
  dollarsPerThousand: Record<string, number>;
  assumptions: string[];
};

/**
 * Follows one ticket from the order to the mail, alone on its train: nothing is shared with other purchases, and each function
 * runs in a process that has read nothing yet. So the counts are the most that the purchase costs, however fast it goes.
 */
export const countPurchase = async (templates: readonly StackTemplate[]): Promise<WholePurchase> =>
  withBenchTables(templates, async (tables) => {
    const facts = factsOf(templates);
    const run = trainOf({ seats: 1000, segments: 11, version: randomUUID() }, 1);
    await openTrains(tables.timetable, [run]);
    const { steps, booked } = purchaseSteps(tables, run);
    const counted: { entry: string; http: boolean; tally: Tally }[] = [];
    for (const { entry, http = false, before, work } of steps) {
      await before?.();
      counted.push({ entry, http, tally: (await measured(work)).tally });
    }
    const order = await readOrder(tables.bookings, booked());
    if (order?.state !== 'issued') throw new Error(`the counted order is ${order?.state}, not issued`);

    const all = emptyTally();
    for (const { tally } of counted) addTally(all, tally);
    const events = [...order.history.map(({ event }) => event), 'payment-captured' as const].filter(
      (event) => subscribersOf(event).length > 0,
    );
    const messages = events.reduce((sum, event) => sum + facts.queuesOf(event), 0);
    // At worst each write reaches the stream's function alone.
    const streamBatches = counted.reduce((sum, { tally }) => sum + writesTo(tally, tables.bookings.name), 0);
    const tracedByStreams = counted.filter(({ entry }) => streamWorkers.has(entry)).length;
    const invoked = [
      ...counted.map(({ entry }) => entry),
      ...Array.from({ length: streamBatches }, () => 'events/publish-events'),
    ];
    const megabytes = invoked.reduce((sum, entry) => sum + facts.megabytesOf(entry), 0);
    const counts = {
      writeUnits: total(all.writeUnits),
      readUnits: total(all.readUnits),
      lambdaInvocations: invoked.length,
      gigabyteSeconds: (megabytes / 1024) * secondsPerInvocation,
      transitions: facts.transitions,
      snsRequests: events.length,
      sqsRequests: messages * requestsPerMessage,
      mails: counted.filter(({ entry }) => entry === 'events/send-email').length,
      httpRequests: counted.filter(({ http }) => http).length,
      traces: counted.filter(({ http }) => http).length + tracedByStreams + streamBatches + tracedWorkflows,
    };
    return {
      steps: counted.map(({ entry, tally }) => ({
        entry,
        requests: total(tally.requests),
        writeUnits: total(tally.writeUnits),
        readUnits: total(tally.readUnits),
      })),
      requestsByOperation: byOperation(all),
      roundTrips: total(all.requests),
      ...counts,
      dollarsPerThousand: dollarsOfThousand(counts),
      assumptions,
    };
  });

const writesTo = ({ requests }: Tally, table: string): number =>
  Object.entries(requests)
    .filter(
      ([key]) => /^(?:PutItem|UpdateItem|DeleteItem|TransactWriteItems) /.test(key) && key.endsWith(table),
    )
    .reduce((sum, [, count]) => sum + count, 0);

const byOperation = ({ requests }: Tally): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const [key, count] of Object.entries(requests)) {
    const [operation = key] = key.split(' ');
    counts[operation] = (counts[operation] ?? 0) + count;
  }
  return counts;
};

/** The lines of a bill for a thousand purchases, and their sum. The bench counts no log. */
const dollarsOfThousand = (purchase: Counted['purchase']): Record<string, number> => {
  const prices = readPrices();
  const lines = ticketCosts({ purchase, idle: {}, logBytes: { measured: '', purchase: 0, idle: {} } });
  return {
    ...Object.fromEntries(lines.map((line) => [line.what, dollarsOf(prices, line)])),
    total: totalOf(prices, lines),
  };
};

const assumptions = [
  'prices are those of infra/costs/prices.json, without what is free',
  'one passenger an order; the purchase is alone: each write is a stream batch and each view count of its own',
  `an invocation lasts ${secondsPerInvocation * 1000} ms; a queue message costs ${requestsPerMessage} requests; an event is published alone`,
  'stream reads by Lambda are free; idle queue pollers, logs, alarms, KMS, storage, backups and data transfer are left out',
  'searches, and looking at the order or the ticket afterwards, are left out',
];
