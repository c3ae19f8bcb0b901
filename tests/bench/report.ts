import type { BenchRun } from './bench-runs.ts';
import type { RefusalCost } from './refusal-cost.ts';
import type { WholePurchase } from './whole-purchase.ts';

export type BenchReport = {
  seed: number;
  runs: BenchRun[];
  refusal: RefusalCost | undefined;
  purchase: WholePurchase | undefined;
};

type Target = { what: string; most: number; of: (run: BenchRun) => number };

const targets: readonly Target[] = [
  { what: 'seat-segments owned twice', most: 0, of: ({ oversold }) => oversold },
  { what: 'shard WCU per booking', most: 3.8, of: ({ shardWcuPerBooking }) => shardWcuPerBooking },
  { what: 'RCU per booking', most: 8.5, of: ({ rcuPerBooking }) => rcuPerBooking },
  {
    what: 'refused writes per booking',
    most: 0.6,
    of: ({ failedWritesPerBooking }) => failedWritesPerBooking,
  },
  {
    what: 'sold below the ideal, points',
    most: 2,
    of: ({ soldShare, idealShare }) => 100 * (idealShare - soldShare),
  },
  { what: 'writes of refused requests', most: 0, of: ({ writesOfRefused }) => writesOfRefused },
];

/** A fight has one booking for all its losers: only what must never happen is judged there. */
const judged = (run: BenchRun, { most }: Target): boolean => run.bookings * 10 > run.requests || most === 0;

const number = (value: number): string => String(Math.round(value * 100) / 100);
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

const table = (rows: readonly (readonly string[])[]): string => {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
};

const columns: Record<string, (run: BenchRun) => string> = {
  requests: (run) => number(run.requests),
  bookings: (run) => number(run.bookings),
  'bookings/s': (run) => run.bookingsPerSecond.toFixed(0),
  'p50 ms': (run) => run.p50Ms.toFixed(0),
  'p99 ms': (run) => run.p99Ms.toFixed(0),
  'WCU, all tables': (run) => number(run.wcuPerBooking),
  'round trips': (run) => number(run.requestsPerBooking),
  sold: (run) => percent(run.soldShare),
  ideal: (run) => percent(run.idealShare),
  'refused by the view': (run) => number(run.refusedByView),
  'refused by shards': (run) => number(run.refusedByShards),
  busy: (run) => number(run.busy),
  'view RCU per booking': (run) => number(run.viewRcuPerBooking),
};

const runsTable = (runs: readonly BenchRun[]): string =>
  table([
    ['', ...runs.map(({ name }) => name)],
    ...Object.entries(columns).map(([title, cell]) => [title, ...runs.map(cell)]),
  ]);

const targetsTable = (runs: readonly BenchRun[]): string =>
  table([
    ['', 'target', ...runs.map(({ name }) => name)],
    ...targets.map((target) => [
      target.what,
      `≤ ${target.most}`,
      ...runs.map((run) => {
        const value = target.of(run);
        const missed = judged(run, target) && value > target.most;
        return `${number(value)}${missed ? ' MISSED' : ''}`;
      }),
    ]),
  ]);

const ratioMost = 1.3;

const refusalLines = ({ requests, refusedMs, emptyMs, oneReadMs, ratio }: RefusalCost): string =>
  [
    `A refused request, over HTTP through the local run, median of ${requests}:`,
    `  ${refusedMs.toFixed(1)} ms against ${emptyMs.toFixed(1)} ms of an empty handler: ` +
      `${ratio.toFixed(2)} times (target ≤ ${ratioMost})${ratio > ratioMost ? ' MISSED' : ''}`,
    `  (${oneReadMs.toFixed(1)} ms of a handler that does one read and nothing else)`,
  ].join('\n');

/** One purchase, function by function, for people. */
export const purchaseText = (counted: WholePurchase): string => {
  const steps = table([
    ['function', 'round trips', 'WCU', 'RCU'],
    ...counted.steps.map(({ entry, requests, writeUnits, readUnits }) => [
      entry,
      ...[requests, writeUnits, readUnits].map(number),
    ]),
    ['all', ...[counted.roundTrips, counted.writeUnits, counted.readUnits].map(number)],
  ]);
  const operations = Object.entries(counted.requestsByOperation).map(([name, count]) => `${name} ${count}`);
  const dollars = Object.entries(counted.dollarsPerThousand).map(([what, price]) => [what, price.toFixed(4)]);
  return [
    'One ticket, from the order to the mail',
    steps,
    `${operations.join(', ')}`,
    `Lambda ${counted.lambdaInvocations} invocations, Step Functions ${counted.transitions} transitions, ` +
      `SNS ${counted.snsRequests}, SQS ${counted.sqsRequests}, HTTP ${counted.httpRequests}, mails ${counted.mails}`,
    '',
    'List price of 1,000 tickets, US dollars',
    table(dollars),
    ...counted.assumptions.map((text) => `  - ${text}`),
  ].join('\n');
};

const explanation = `Per booking means: everything that all requests asked for, refused ones too, divided by the bookings.
WCU and RCU as DynamoDB counts them from item sizes; a refused write is charged for the item it met.
Two cores and an emulator: ratios and counts say something about AWS, times do not.`;

/** The report for people. */
export const textOf = ({ runs, refusal, purchase }: BenchReport): string =>
  [
    runsTable(runs),
    targetsTable(runs),
    explanation,
    ...(refusal ? [refusalLines(refusal)] : []),
    ...(purchase ? [purchaseText(purchase)] : []),
  ].join('\n\n');
