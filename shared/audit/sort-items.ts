import * as z from 'zod';
import { forPersonOf } from '../bookings/attention.ts';
import { kindOf, orderIdOf, type ItemKey } from '../bookings/keys.ts';
import { kinds, type Kind } from '../bookings/kinds.ts';
import { type Audited } from '../bookings/kinds-by-use.ts';
import { entryFromItem as entryFromWaitlist } from '../entries/store.ts';
import { booksDayOf } from '../ledger/books-day.ts';
import type { JournalEntry } from '../ledger/model.ts';
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
import { instantSchema } from '../platform/time.ts';
import { ticketFromItem } from '../tickets/store.ts';
import { findingsAbout } from './lookups.ts';
import { billFromItem, toldCostsOf } from './bill-items.ts';
import type { BillPart, ClaimPart, CostsPart, Finding, IndexedItem, OrderPart } from './model.ts';

/** Items of `Bookings` by kind, without those that no invariant covers. */
export type BookingParts = {
  orders: OrderPart[];
  claims: ClaimPart[];
  userCounts: CountsOfUser[];
  indexedItems: IndexedItem[];
  costs: CostsPart[];
  bills: BillPart[];
  toldCosts: string[];
  unreadable: Finding[];
};

export const noParts = (): BookingParts => ({
  orders: [],
  claims: [],
  userCounts: [],
  indexedItems: [],
  costs: [],
  bills: [],
  toldCosts: [],
  unreadable: [],
});

const keyIn = ({ pk, sk }: Item): ItemKey => ({ pk: String(pk), sk: String(sk) });

const endOf = ({ ttl }: Item): number | undefined => (ttl === undefined ? undefined : Number(ttl));

/** An item is in an index exactly while it has both attributes of that index. */
const indexed = <Value extends object>(
  value: Value,
  item: Item,
): Value & { inDueIndex: boolean; inAttentionIndex: boolean; ttl: number | undefined } => ({
  ...value,
  ttl: endOf(item),
  inAttentionIndex: item['attentionShard'] !== undefined && item['attentionSince'] !== undefined,
  inDueIndex: item['dueShard'] !== undefined && item['dueAt'] !== undefined,
});

/** Undefined for an entry that is older than the index: entries have had a `source` ever since. */
const isInBooks = (item: Item, entry: JournalEntry): boolean | undefined =>
  item['source'] === undefined ? undefined : item['booksDay'] === booksDayOf(entry);

/** An order without any stored item. */
export const emptyPart = (orderId: OrderId): OrderPart => ({
  orderId,
  order: undefined,
  waitlisted: undefined,
  payments: [],
  refunds: [],
  tickets: [],
  entries: [],
  retention: undefined,
});

/** Sorts all items under one partition key. */
export const sortPartition = (pk: string, items: readonly Item[]): BookingParts => {
  const parts = noParts();
  const orderId = orderIdOf(pk);
  const part = orderId && emptyPart(orderId);
  let isAudited = false;
  for (const item of items) {
    const kind = kindOf(item);
    if (kind && isForItsIndexes(kind)) {
      addIndexed(parts, kind, item);
      continue;
    }
    try {
      if (part) isAudited = addToOrder(part, kind, item) || isAudited;
      else addByItself(parts, kind, item);
    } catch {
      parts.unreadable.push(...unreadable(part?.orderId, `${pk} ${String(item['sk'])}`));
      // Drops the rest of the order: half of an order would seem to lack the unreadable half.
      if (part) return { ...parts, orders: [] };
    }
  }
  if (part && isAudited) parts.orders.push(part);
  return parts;
};

/** The kinds of items that belong to an order's part, and how the audit reads each. */
const readers: Readonly<
  Record<Audited<'with-its-order' | 'beside-its-order'>, (part: OrderPart, item: Item) => void>
> = {
  order: (part, item) => {
    part.order = indexed(orderFromItem(item), item);
  },
  waitlisted: (part, item) => {
    part.waitlisted = indexed(entryFromWaitlist(item), item);
  },
  payment: ({ payments }, item) => {
    payments.push(indexed(paymentFromItem(item), item));
  },
  refund: ({ refunds }, item) => {
    refunds.push(indexed(refundFromItem(item), item));
  },
  ticket: ({ tickets }, item) => {
    tickets.push(ticketFromItem(item));
  },
  entry: ({ entries }, item) => {
    const entry = entryFromItem(item);
    entries.push({ ...entry, ttl: endOf(item), inBooks: isInBooks(item, entry) });
  },
  retention: (part, item) => {
    part.retention = indexed(retentionFromItem(item), item);
  },
};

/** How the audit reads the kinds that do not belong to an order. */
const readersByItself: Readonly<Record<Audited<'by-itself'>, (parts: BookingParts, item: Item) => void>> = {
  claims: ({ claims }, item) => {
    claims.push(claimsFromItem(item));
  },
  counts: ({ userCounts }, item) => {
    userCounts.push(countsFromItem(item));
  },
  costs: ({ costs }, item) => {
    const entry = entryFromItem(item);
    costs.push({ key: keyIn(item), entry, inBooks: isInBooks(item, entry) ?? false });
  },
  report: (parts, item) => {
    parts.bills.push(billFromItem(item));
    addIndexed(parts, 'report', item);
  },
  difference: ({ toldCosts }, item) => {
    toldCosts.push(...toldCostsOf(item));
  },
};

/** Returns false for items that mean nothing without their order. */
const addToOrder = (part: OrderPart, kind: Kind | undefined, item: Item): boolean => {
  if (!kind || !isIn(readers, kind)) return false;
  readers[kind](part, item);
  return kinds[kind].audit === 'with-its-order';
};

const addByItself = (parts: BookingParts, kind: Kind | undefined, item: Item): void => {
  if (kind && isIn(readersByItself, kind)) readersByItself[kind](parts, item);
};

const isIn = <Readers extends object>(all: Readers, kind: Kind): kind is Kind & keyof Readers => kind in all;

const unreadable = (orderId: OrderId | undefined, key: string): Finding[] => {
  const [, claim = '', day = ''] = key.split(/[# ]/);
  const subject = orderId ? ({ kind: 'order', orderId } as const) : ({ kind: 'claims', claim, day } as const);
  const { findings, report } = findingsAbout(subject);
  report('readable', key, `the item ${key} of Bookings cannot be read`);
  return findings;
};

const isForItsIndexes = (kind: Kind): kind is Audited<'its-indexes'> => kinds[kind].audit === 'its-indexes';

const timesSchema = z.object({
  dueAt: instantSchema.optional(),
  postponedSince: instantSchema.optional(),
  postponedAt: instantSchema.optional(),
});

/** Most records of mails are in no index and need nobody: there is nothing to check. */
const isIdle = (item: Item): boolean =>
  ['dueAt', 'dueShard', 'attention', 'attentionShard', 'attentionSince'].every(
    (name) => item[name] === undefined,
  );

const addIndexed = (parts: BookingParts, kind: IndexedItem['kind'], item: Item): void => {
  if (isIdle(item)) return;
  const key = keyIn(item);
  const { data: times } = timesSchema.safeParse(item);
  if (times) parts.indexedItems.push(indexed({ ...times, ...forPersonOf(item), key, kind }, item));
  else {
    const about = findingsAbout({ kind: 'item', key });
    about.report(
      'readable',
      `${key.pk} ${key.sk}`,
      `the item ${key.pk} ${key.sk} of Bookings cannot be read`,
    );
    parts.unreadable.push(...about.findings);
  }
};

/** Joins the parts of several partitions. */
export const joinParts = (all: readonly BookingParts[]): BookingParts => ({
  orders: all.flatMap(({ orders }) => orders),
  claims: all.flatMap(({ claims }) => claims),
  userCounts: all.flatMap(({ userCounts }) => userCounts),
  indexedItems: all.flatMap(({ indexedItems }) => indexedItems),
  costs: all.flatMap(({ costs }) => costs),
  bills: all.flatMap(({ bills }) => bills),
  toldCosts: all.flatMap(({ toldCosts }) => toldCosts),
  unreadable: all.flatMap((each) => each.unreadable),
});
