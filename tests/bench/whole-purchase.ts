import type { StackTemplate } from '../../infra/local/template/template.ts';
import { subscribersOf } from '../../functions/subscriptions.ts';
import { readOrder } from '../../shared/orders/store.ts';
import { withBenchTables } from './bench-tables.ts';
import { factsOf } from './deployed-facts.ts';
import { measured } from './meter.ts';
import { purchaseSteps } from './purchase-steps.ts';
import { addTally, emptyTally, total, type Tally } from './tally.ts';
import { openTrains, trainOf } from './train.ts';

/** List prices in US dollars, us-east-1, a million each unless said otherwise. To be checked before they are used. */
const prices = {
  writeUnits: 0.625,
  readUnits: 0.125,
  lambdaRequests: 0.2,
  /** A gigabyte-second on arm64; each, not a million. */
  lambdaGigabyteSecond: 0.0000133334,
  transitions: 25,
  snsRequests: 0.5,
  sqsRequests: 0.4,
  mails: 100,
  httpRequests: 1,
};

/** What an invocation is taken to last. It is waiting mostly, which is paid for as well. */
const secondsPerInvocation = 0.05;

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
  dollarsPerThousand: Record<string, number>;
  assumptions: string[];
};

/** Follows one ticket from the order to the mail, alone on its train: nothing is shared with other purchases. */
export const countPurchase = async (templates: readonly StackTemplate[]): Promise<WholePurchase> =>
  withBenchTables(templates, async (tables) => {
    const facts = factsOf(templates);
    const run = trainOf({ seats: 1000, segments: 11 }, 1);
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
      dollarsPerThousand: dollarsOf(counts),
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

type Counts = Pick<
  WholePurchase,
  | 'writeUnits'
  | 'readUnits'
  | 'lambdaInvocations'
  | 'gigabyteSeconds'
  | 'transitions'
  | 'snsRequests'
  | 'sqsRequests'
  | 'mails'
  | 'httpRequests'
>;

const dollarsOf = (counts: Counts): Record<string, number> => {
  const ofThousand = (count: number, perMillion: number): number => (count * perMillion) / 1000;
  const each = {
    'DynamoDB writes': ofThousand(counts.writeUnits, prices.writeUnits),
    'DynamoDB reads': ofThousand(counts.readUnits, prices.readUnits),
    'Lambda requests': ofThousand(counts.lambdaInvocations, prices.lambdaRequests),
    'Lambda time': counts.gigabyteSeconds * 1000 * prices.lambdaGigabyteSecond,
    'Step Functions': ofThousand(counts.transitions, prices.transitions),
    SNS: ofThousand(counts.snsRequests, prices.snsRequests),
    SQS: ofThousand(counts.sqsRequests, prices.sqsRequests),
    SES: ofThousand(counts.mails, prices.mails),
    'HTTP API': ofThousand(counts.httpRequests, prices.httpRequests),
  };
  return { ...each, total: Object.values(each).reduce((sum, dollars) => sum + dollars, 0) };
};

const assumptions = [
  'prices are AWS list prices of us-east-1 without the free tier, to be checked',
  'one passenger an order; the purchase is alone: each write is a stream batch and each view count of its own',
  `an invocation lasts ${secondsPerInvocation * 1000} ms; a queue message costs ${requestsPerMessage} requests; an event is published alone`,
  'stream reads by Lambda are free; idle queue pollers, logs, traces, alarms, KMS, storage, backups and data transfer are left out',
  'searches, and looking at the order or the ticket afterwards, are left out',
];
