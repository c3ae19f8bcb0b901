import { kindOf, orderIdOf } from '../bookings/keys.ts';
import type { Kind } from '../bookings/kinds.ts';
import { entryFromItem } from '../ledger/store.ts';
import { claimsFromItem } from '../orders/claims-store.ts';
import type { CountsOfUser } from '../orders/budgets.ts';
import { countsFromItem } from '../orders/counts-store.ts';
import { retentionFromItem } from '../orders/retention-store.ts';
import { orderFromItem } from '../orders/store.ts';
import { refundFromItem } from '../payments/refunds-store.ts';
import { paymentFromItem } from '../payments/store.ts';
import type { Item } from '../platform/dynamo.ts';
import type { OrderId } from '../platform/ids.ts';
import { ticketFromItem } from '../tickets/store.ts';
import { findingsAbout } from './lookups.ts';
import type { ClaimPart, Finding, OrderPart } from './model.ts';

/** Items of `Bookings` by what they are. What no invariant speaks of is left out. */
export type BookingParts = {
  orders: OrderPart[];
  claims: ClaimPart[];
  userCounts: CountsOfUser[];
  unreadable: Finding[];
};

export const noParts = (): BookingParts => ({ orders: [], claims: [], userCounts: [], unreadable: [] });

const endOf = ({ ttl }: Item): number | undefined => (ttl === undefined ? undefined : Number(ttl));

/** An item is in an index exactly while it has both of its attributes. */
const indexed = <Value extends object>(
  value: Value,
  item: Item,
): Value & { inDueIndex: boolean; inAttentionIndex: boolean; ttl: number | undefined } => ({
  ...value,
  ttl: endOf(item),
  inAttentionIndex: item['attentionShard'] !== undefined && item['attentionSince'] !== undefined,
  inDueIndex: item['dueShard'] !== undefined && item['dueAt'] !== undefined,
});

/** Sorts all items under one partition key. */
export const sortPartition = (pk: string, items: readonly Item[]): BookingParts => {
  const parts = noParts();
  const orderId = orderIdOf(pk);
  const part: OrderPart | undefined = orderId && {
    orderId,
    order: undefined,
    payments: [],
    refunds: [],
    tickets: [],
    entries: [],
    retention: undefined,
  };
  let isAudited = false;
  for (const item of items) {
    const kind = kindOf(item);
    try {
      if (part) isAudited = addToOrder(part, kind, item) || isAudited;
      else if (kind === 'claims') parts.claims.push(claimsFromItem(item));
      else if (kind === 'counts') parts.userCounts.push(countsFromItem(item));
    } catch {
      parts.unreadable.push(...unreadable(part?.orderId, `${pk} ${String(item['sk'])}`));
      // Half of an order would seem to lack what could not be read.
      if (part) return { ...noParts(), unreadable: parts.unreadable };
    }
  }
  if (part && isAudited) parts.orders.push(part);
  return parts;
};

/** False for what says nothing by itself, such as a mail that was sent. */
const addToOrder = (part: OrderPart, kind: Kind | undefined, item: Item): boolean => {
  switch (kind) {
    case 'order':
      part.order = indexed(orderFromItem(item), item);
      return true;
    case 'payment':
      part.payments.push(indexed(paymentFromItem(item), item));
      return true;
    case 'refund':
      part.refunds.push(indexed(refundFromItem(item), item));
      return true;
    case 'ticket':
      part.tickets.push(ticketFromItem(item));
      return true;
    case 'entry':
      part.entries.push({ ...entryFromItem(item), ttl: endOf(item) });
      return true;
    case 'retention':
      part.retention = indexed(retentionFromItem(item), item);
      return false;
    default:
      return false;
  }
};

const unreadable = (orderId: OrderId | undefined, key: string): Finding[] => {
  const [, claim = '', day = ''] = key.split(/[# ]/);
  const subject = orderId ? ({ kind: 'order', orderId } as const) : ({ kind: 'claims', claim, day } as const);
  const { findings, report } = findingsAbout(subject);
  report('readable', key, `the item ${key} of Bookings cannot be read`);
  return findings;
};

/** Puts the parts of several partitions together. */
export const joinParts = (all: readonly BookingParts[]): BookingParts => ({
  orders: all.flatMap(({ orders }) => orders),
  claims: all.flatMap(({ claims }) => claims),
  userCounts: all.flatMap(({ userCounts }) => userCounts),
  unreadable: all.flatMap((each) => each.unreadable),
});
