import { auditAttention } from './attention.ts';
import { auditClaims, auditClaimsOfOrder } from './claims.ts';
import { auditBill, auditCosts } from './costs.ts';
import { auditCounts, countOrders } from './counts.ts';
import { auditExchanges } from './exchanges.ts';
import { auditEntry } from './entries.ts';
import { auditIndexedItem } from './indexed-items.ts';
import { auditDue, auditItems } from './items.ts';
import { lookupsOf } from './lookups.ts';
import { usualBounds, type Bounds, type Finding, type Parts, type Snapshot } from './model.ts';
import { auditMoney } from './money.ts';
import { auditRefundedTickets } from './refunded-tickets.ts';
import { auditRetention } from './retention.ts';
import { auditRun } from './seats.ts';
import { auditWaivedTickets } from './waived-tickets.ts';

/** Finds every fault in a complete snapshot of the tables, taken at one time. */
export const audit = (snapshot: Snapshot, bounds: Bounds = usualBounds): Finding[] => [
  ...auditParts(snapshot, snapshot, bounds).findings,
  ...auditCounts(
    countOrders(snapshot.orders),
    new Map(snapshot.userCounts.map((counts) => [counts.userId, counts])),
    snapshot.now,
  ),
];

/**
 * Finds the faults in some parts. The snapshot also contains everything to which they refer: the orders that pieces and
 * claims name, the shards and the claims that items name. A user's counts cover all orders, so this does not check
 * them.
 */
export const auditParts = (
  parts: Parts,
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
        ...auditRefundedTickets(part, lookups),
        ...auditExchanges(part, lookups),
        ...auditWaivedTickets(part, lookups),
        ...auditEntry(part),
        ...auditRetention(part, lookups),
      ]),
      ...parts.claims.flatMap((part) => auditClaims(part, lookups)),
      ...parts.indexedItems.flatMap((item) => auditIndexedItem(item, lookups)),
      ...parts.costs.flatMap(auditCosts),
      ...parts.bills.flatMap((bill) => auditBill(bill, lookups)),
    ],
    young: runs.reduce((total, { young }) => total + young, 0),
  };
};
