import type { Job } from '../disruption/model.ts';
import type { ShardKey } from '../inventory/model.ts';
import type { JournalEntry } from '../ledger/model.ts';
import { countedItems, peopleOf, type Order } from '../orders/model.ts';
import { claimDays, type TravelTime } from '../orders/rules.ts';
import type { OrderId, RunId } from '../platform/ids.ts';
import type { Instant } from '../platform/time.ts';
import {
  invariants,
  type Bounds,
  type Finding,
  type Invariant,
  type OrderPart,
  type Snapshot,
  type Subject,
} from './model.ts';

export const shardName = ({ runId, generation, class: cls, shard }: ShardKey): string =>
  `${runId} ${cls} shard ${shard}${generation === 1 ? '' : ` of generation ${generation}`}`;

/** The data that a rule may look up beside its own subject, by key. */
export type Lookups = {
  now: Instant;
  bounds: Bounds;
  orderOf(orderId: OrderId): Order | undefined;
  /** An order with everything under its key; undefined if that was not read. */
  partOf(orderId: OrderId): OrderPart | undefined;
  shardOf(key: ShardKey): Snapshot['runs'][number]['shards'][number] | undefined;
  claimsOf(claim: string, day: string): Readonly<Record<string, TravelTime>>;
  /** The job of the run, if it was cancelled. */
  cancellationOf(runId: RunId): Job | undefined;
  /** What is booked as a provider's costs of a day, `<provider>-<date>`. */
  costsOf(id: string): JournalEntry | undefined;
  isToldOfCosts(id: string, currency: string): boolean;
};

export const lookupsOf = (snapshot: Snapshot, bounds: Bounds): Lookups => {
  const orders = new Map(snapshot.orders.map((part) => [part.orderId, part.order]));
  const parts = new Map(snapshot.orders.map((part) => [part.orderId, part]));
  const shards = new Map(
    snapshot.runs.flatMap((run) => run.shards.map((shard) => [shardName(shard.key), shard] as const)),
  );
  const claims = new Map(snapshot.claims.map((part) => [`${part.claim} ${part.day}`, part.claims]));
  const costs = new Map(snapshot.costs.map(({ entry }) => [entry.source, entry]));
  const toldCosts = new Set(snapshot.toldCosts);
  const cancellations = new Map(snapshot.cancellations.map((job) => [job.runId, job]));
  return {
    now: snapshot.now,
    bounds,
    orderOf: (orderId) => orders.get(orderId),
    partOf: (orderId) => parts.get(orderId),
    shardOf: (key) => shards.get(shardName(key)),
    claimsOf: (claim, day) => claims.get(`${claim} ${day}`) ?? {},
    cancellationOf: (runId) => cancellations.get(runId),
    costsOf: (id) => costs.get(id),
    isToldOfCosts: (id, currency) => toldCosts.has(id) || toldCosts.has(`${id}-${currency}`),
  };
};

/** Collects findings about one subject. */
export const findingsAbout = (subject: Subject) => {
  const findings: Finding[] = [];
  const report = (invariant: Invariant, key: string, what: string): void => {
    findings.push({ invariant, severity: invariants[invariant], key, what, subject });
  };
  return { findings, report };
};

/** The time that an item must claim for its passenger, until its order has ended or the item has given up its seat. */
export type ExpectedClaim = { claim: string; day: string; holder: string; time: TravelTime };

export const expectedClaims = (order: Order | undefined): ExpectedClaim[] => {
  if (!order || order.state === 'void') return [];
  const time = { from: order.departsAt, to: order.arrivesAt };
  return countedItems(order).flatMap(({ itemId, passenger }) =>
    peopleOf(passenger).flatMap(({ documentClaim: claim }) =>
      claim ? claimDays(time).map((day) => ({ claim, day, holder: `${order.orderId}-${itemId}`, time })) : [],
    ),
  );
};
