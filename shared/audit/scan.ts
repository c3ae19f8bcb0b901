import type { ShardKey } from '../inventory/model.ts';
import { shardOfKey } from '../inventory/store.ts';
import type { Item } from '../platform/dynamo.ts';
import type { CountsOfUser } from '../orders/budgets.ts';
import type { RunId, UserId } from '../platform/ids.ts';
import { isOver, seatsKeptUntil } from '../bookings/kept-until.ts';
import { findingsAbout } from './lookups.ts';
import { auditCounts, countOrders, type Counted } from './counts.ts';
import { usualBounds, type Bounds, type Finding } from './model.ts';
import { lookAtBookings, lookAtRun, type Reading } from './read-parts.ts';
import { auditParts } from './rules.ts';
import { lookAgain } from './second-look.ts';
import { joinParts, sortPartition, type BookingParts } from './sort-items.ts';
import { scanSegment } from './store.ts';

export type AuditProgress = { step: 'shards' | 'runs' | 'bookings' | 'second look'; done: number };

export type AuditReport = {
  findings: Finding[];
  checked: { runs: number; shards: number; orders: number; payments: number; claims: number; users: number };
  /** Pieces that no item names yet: holds under way. */
  young: number;
  /**
   * The number of items that need a person: `keyun attention list`. They are no findings, because somebody is alerted.
   */
  waiting: number;
};

/** A change under way takes less: a batch of the stream and a count of its runs, the latter tried twice. */
const secondLookMillisecondsUsually = 10_000;

/** The number of table segments read at once, which is also the number of pages in memory. */
const segments = 4;

/**
 * Reads all tables of a running system and reports faults. It writes nothing. The reads happen at different moments, so
 * it reads a suspect again after a while and reports it only if the same fault is still there.
 */
export const auditTables = async (
  reading: Reading & {
    bounds?: Bounds;
    secondLookMilliseconds?: number;
    onProgress?: (progress: AuditProgress) => void;
  },
): Promise<AuditReport> => {
  const {
    bounds = usualBounds,
    secondLookMilliseconds = secondLookMillisecondsUsually,
    onProgress = () => undefined,
  } = reading;
  const work: Work = {
    reading,
    bounds,
    onProgress,
    suspects: [],
    unreadable: [],
    report: {
      findings: [],
      checked: { runs: 0, shards: 0, orders: 0, payments: 0, claims: 0, users: 0 },
      young: 0,
      waiting: 0,
    },
  };
  const shards = await findShards(work);
  await auditRuns(work, shards);
  await auditBookings(work);
  onProgress({ step: 'second look', done: work.suspects.length });
  const findings = await lookAgain(work.suspects, { reading, bounds, shards, secondLookMilliseconds });
  return { ...work.report, findings: [...work.unreadable, ...findings] };
};

type Work = {
  reading: Reading;
  bounds: Bounds;
  onProgress: (progress: AuditProgress) => void;
  /** Suspects, for a second look. */
  suspects: Finding[];
  /** A read covers a whole item, so an unreadable item is never the effect of a change under way. */
  unreadable: Finding[];
  report: AuditReport;
};

const inSegments = (each: (part: { segment: number; total: number }) => Promise<void>): Promise<unknown> =>
  Promise.all(Array.from({ length: segments }, (_, segment) => each({ segment, total: segments })));

/** Finds the stored shards, by run: of a whole table, only their keys stay in memory. */
const findShards = async ({
  reading,
  onProgress,
  unreadable,
  report,
}: Work): Promise<Map<RunId, ShardKey[]>> => {
  const byRun = new Map<RunId, ShardKey[]>();
  const now = reading.clock();
  const add = (pk: string): void => {
    try {
      const key = shardOfKey(pk);
      // After that, its shards, its view and its frozen copy disappear one by one, in any order.
      if (isOver(seatsKeptUntil(key.runId), now)) return;
      byRun.set(key.runId, [...(byRun.get(key.runId) ?? []), key]);
      report.checked.shards += 1;
    } catch {
      const about = findingsAbout({ kind: 'run', runId: pk as RunId });
      about.report('readable', pk, `the item ${pk} of Inventory is no shard`);
      unreadable.push(...about.findings);
    }
  };
  await inSegments(async (part) => {
    for await (const page of scanSegment(reading.inventory, part, 'pk')) {
      for (const { pk } of page) add(String(pk));
      onProgress({ step: 'shards', done: report.checked.shards });
    }
  });
  return byRun;
};

const auditRuns = async (work: Work, shards: ReadonlyMap<RunId, ShardKey[]>): Promise<void> => {
  const { reading, bounds, suspects, report } = work;
  const waiting = [...shards];
  await inSegments(async () => {
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const { parts, context } = await lookAtRun(reading, ...next);
      const { findings, young } = auditParts(parts, context, bounds);
      suspects.push(...findings);
      report.young += young;
      report.checked.runs += 1;
      work.onProgress({ step: 'runs', done: report.checked.runs });
    }
  });
};

const auditBookings = async (work: Work): Promise<void> => {
  const { reading, bounds, suspects, report } = work;
  const counted = new Map<UserId, Counted>();
  const now = reading.clock();
  const kept = (items: readonly Item[]): Item[] => items.filter(({ ttl }) => !isOver(ttl, now));
  const stored = new Map<UserId, CountsOfUser>();
  const see = async (parts: BookingParts): Promise<void> => {
    const look = await lookAtBookings(reading, parts);
    work.unreadable.push(...parts.unreadable);
    suspects.push(...auditParts(look.parts, look.context, bounds).findings);
    countOrders(parts.orders, counted);
    for (const counts of parts.userCounts) stored.set(counts.userId, counts);
    report.checked.orders += parts.orders.length;
    report.checked.payments += parts.orders.reduce((total, { payments }) => total + payments.length, 0);
    report.waiting += needPersons(parts);
    report.checked.claims += parts.claims.length;
    report.checked.users += parts.userCounts.length;
    work.onProgress({ step: 'bookings', done: report.checked.orders });
  };
  await inSegments(async (part) => {
    for await (const partitions of wholePartitions(scanSegment(reading.bookings, part))) {
      await see(joinParts(partitions.map(([pk, items]) => sortPartition(pk, kept(items)))));
    }
  });
  suspects.push(...auditCounts(counted, stored, reading.clock()));
};

const needPersons = ({ orders, indexedItems }: BookingParts): number =>
  [
    ...orders.flatMap(({ order, payments, refunds, retention }) => [
      ...(order ? [order] : []),
      ...payments,
      ...refunds,
      ...(retention ? [retention] : []),
    ]),
    ...indexedItems,
  ].filter((item) => item.inAttentionIndex).length;

/** A scan returns the items of one key one after another, but a page may end between them. */
export async function* wholePartitions(pages: AsyncIterable<Item[]>): AsyncGenerator<[string, Item[]][]> {
  let rest: Item[] = [];
  for await (const page of pages) {
    const items = [...rest, ...page];
    const lastKey = items.at(-1)?.['pk'];
    const firstOfLast = items.findIndex(({ pk }) => pk === lastKey);
    rest = items.slice(firstOfLast);
    yield byKey(items.slice(0, firstOfLast));
  }
  yield byKey(rest);
}

const byKey = (items: readonly Item[]): [string, Item[]][] => [...Map.groupBy(items, ({ pk }) => String(pk))];
