import { openStates } from '../orders/model.ts';
import type { UserId } from '../platform/ids.ts';
import { auditAttention } from './attention.ts';
import { auditClaims, auditClaimsOfOrder, auditOpenCounts } from './claims.ts';
import { auditDue, auditItems } from './items.ts';
import { lookupsOf } from './lookups.ts';
import { usualBounds, type Bounds, type Finding, type OrderPart, type Snapshot } from './model.ts';
import { auditMoney } from './money.ts';
import { auditRun } from './seats.ts';

/** Everything that is wrong with the tables of a snapshot that has all of them, and was taken at one time. */
export const audit = (snapshot: Snapshot, bounds: Bounds = usualBounds): Finding[] => [
  ...auditParts(snapshot, snapshot, bounds).findings,
  ...auditOpenCounts(
    countOpenOrders(snapshot.orders),
    new Map(snapshot.openCounts.map(({ userId, openOrders }) => [userId, openOrders])),
  ),
];

/**
 * What is wrong with some parts, given a snapshot that has, beside them, what they refer to: the orders that pieces
 * and claims name, the shards and the claims that items name. Open counts are counted over all orders, so not here.
 */
export const auditParts = (
  parts: Pick<Snapshot, 'runs' | 'orders' | 'claims'>,
  context: Snapshot,
  bounds: Bounds,
): { findings: Finding[]; young: number } => {
  const lookups = lookupsOf(context, bounds);
  const runs = parts.runs.map((run) => auditRun(run, lookups));
  return {
    findings: [
      ...runs.flatMap(({ findings }) => findings),
      ...parts.orders.flatMap((part) => [
        ...auditItems(part, lookups),
        ...auditClaimsOfOrder(part, lookups),
        ...auditDue(part, lookups),
        ...auditAttention(part, lookups),
        ...auditMoney(part, lookups),
      ]),
      ...parts.claims.flatMap((part) => auditClaims(part, lookups)),
    ],
    young: runs.reduce((total, { young }) => total + young, 0),
  };
};

/** How many orders each user has open. */
export const countOpenOrders = (
  orders: readonly OrderPart[],
  counts = new Map<UserId, number>(),
): Map<UserId, number> => {
  for (const { order } of orders) {
    if (!order || !openStates.has(order.state) || order.state === 'void') continue;
    counts.set(order.userId, (counts.get(order.userId) ?? 0) + 1);
  }
  return counts;
};
