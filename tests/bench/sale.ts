import { setTimeout as sleep } from 'node:timers/promises';
import { countAvailability } from '../../shared/inventory/count-availability.ts';
import { countingWith } from '../../shared/selling/may-come-free.ts';
import type { Run } from '../../shared/timetable/model.ts';
import { auditSale, type Audit } from './audit.ts';
import type { BenchTables } from './bench-tables.ts';
import { makeClerk, type Answered } from './clerk.ts';
import { measured } from './meter.ts';
import { addTally, emptyTally, total, type Tally } from './tally.ts';
import { saleTime } from './train.ts';

export type Wish = { run: Run; stretch: { from: number; to: number } };

export type Sale = {
  answers: Answered[];
  seconds: number;
  /** What keeping the view current asked for; no buyer waits for it. */
  view: Tally;
  audit: Audit;
};

/** The stream's batching window. */
const viewEveryMilliseconds = 1000;

/** Sells to everybody who comes, `atOnce` at a time, while the view is counted anew every second. */
export const holdSale = async (
  tables: BenchTables,
  wishes: readonly Wish[],
  { atOnce, random }: { atOnce: number; random: () => number },
): Promise<Sale> => {
  const buy = makeClerk(tables, random);
  const answers: Answered[] = [];
  const touched = new Set<Run>();
  const stop = new AbortController();
  const view = keepView(tables, touched, stop.signal);
  const began = performance.now();
  const queue = wishes.entries();
  const buyer = async (): Promise<void> => {
    for (const [number, { run, stretch }] of queue) {
      const answer = await buy(number, run, stretch);
      answers.push(answer);
      if (answer.tally.writes > 0) touched.add(run);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, buyer));
  const seconds = (performance.now() - began) / 1000;
  stop.abort();
  const runs = [...new Set(wishes.map(({ run }) => run))];
  return { answers, seconds, view: await view, audit: await auditSale(tables, runs) };
};

/** Counts the runs whose seats changed hands, as the stream's function does. */
const keepView = async (
  { inventory, availability, bookings }: BenchTables,
  touched: Set<Run>,
  signal: AbortSignal,
): Promise<Tally> => {
  const count = countAvailability(countingWith({ inventory, availability, bookings, clock: () => saleTime }));
  const all = emptyTally();
  while (!signal.aborted) {
    await sleep(viewEveryMilliseconds, undefined, { signal }).catch(() => undefined);
    const runs = [...touched];
    touched.clear();
    const { tally } = await measured(async () => {
      for (const run of runs) await count(run);
    });
    addTally(all, tally);
  }
  return all;
};

export type Figures = {
  requests: number;
  bookings: number;
  bookingsPerSecond: number;
  p50Ms: number;
  p99Ms: number;
  oversold: number;
  orphaned: number;
  failedWritesPerBooking: number;
  shardWcuPerBooking: number;
  rcuPerBooking: number;
  wcuPerBooking: number;
  requestsPerBooking: number;
  /** Requests that the view refused, and what they wrote. */
  refusedByView: number;
  writesOfRefused: number;
  /** Requests that were refused after they had looked at the shards themselves. */
  refusedByShards: number;
  busy: number;
  viewRcuPerBooking: number;
};

const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

/** What a sale cost for each booking; everything that losers asked for is in it. */
export const figuresOf = ({ answers, seconds, view, audit }: Sale, { inventory }: BenchTables): Figures => {
  const booked = answers.filter(({ outcome }) => outcome === 'booked');
  const refused = answers.filter(({ outcome }) => outcome === 'sold-out');
  const [byShards = [], byView = []] = [true, false].map((looked) =>
    refused.filter(
      ({ tally }) => Object.keys(tally.requests).some((key) => key.endsWith(inventory.name)) === looked,
    ),
  );
  const all = emptyTally();
  for (const { tally } of answers) addTally(all, tally);
  const each = (count: number): number => count / Math.max(1, booked.length);
  const times = booked.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
  return {
    requests: answers.length,
    bookings: booked.length,
    bookingsPerSecond: booked.length / seconds,
    p50Ms: percentile(times, 0.5),
    p99Ms: percentile(times, 0.99),
    oversold: audit.oversold,
    orphaned: audit.orphaned,
    failedWritesPerBooking: each(total(all.refusedWrites)),
    shardWcuPerBooking: each(all.writeUnits[inventory.name] ?? 0),
    rcuPerBooking: each(total(all.readUnits)),
    wcuPerBooking: each(total(all.writeUnits)),
    requestsPerBooking: each(total(all.requests)),
    refusedByView: byView.length,
    writesOfRefused: byView.reduce((sum, { tally }) => sum + tally.writes, 0),
    refusedByShards: byShards.length,
    busy: answers.filter(({ outcome }) => outcome === 'busy').length,
    viewRcuPerBooking: each(total(view.readUnits)),
  };
};
