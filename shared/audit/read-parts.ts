import { ZodError } from 'zod';
import { readStored } from '../bookings/attention-store.ts';
import { bookingKey, type ItemKey } from '../bookings/keys.ts';
import { listEntryIds, readEntries } from '../entries/store.ts';
import { readAvailability } from '../inventory/availability-store.ts';
import { readCancellations } from '../disruption/jobs-store.ts';
import type { ShardKey } from '../inventory/model.ts';
import { orderOfOwner } from '../inventory/owner.ts';
import { shardsOfRun } from '../inventory/shards.ts';
import { readShards } from '../inventory/store.ts';
import { keyOfOrder } from '../orders/change-store.ts';
import { readClaims } from '../orders/claims-store.ts';
import { orderOfHolder } from '../orders/rules.ts';
import type { CountsOfUser } from '../orders/budgets.ts';
import { readCounts } from '../orders/counts-store.ts';
import { readOrders } from '../orders/many-orders-store.ts';
import { livingItems, placesOf } from '../orders/model.ts';
import { listOrderIds } from '../orders/store.ts';
import { readAll } from '../platform/batch-read.ts';
import type { Table } from '../platform/dynamo.ts';
import type { OrderId, RunId, UserId } from '../platform/ids.ts';
import { isOver } from '../bookings/kept-until.ts';
import { queryAll } from '../platform/query-all.ts';
import { instantOf, type Clock } from '../platform/time.ts';
import { readFrozenRun } from '../timetable/store.ts';
import { exchangedTickets } from './exchanges.ts';
import { expectedClaims, shardName } from './lookups.ts';
import type {
  BillPart,
  ClaimPart,
  CostsPart,
  OrderPart,
  Parts,
  RunPart,
  Snapshot,
  StoredShard,
} from './model.ts';
import { emptyPart, joinParts, noParts, sortPartition, type BookingParts } from './sort-items.ts';

export type AuditTables = { inventory: Table; availability: Table; bookings: Table; timetable: Table };
export type Reading = AuditTables & { clock: Clock };

/** Some parts to audit, with a snapshot of everything to which they refer. */
export type Look = {
  parts: Parts;
  context: Snapshot;
};

const nothing = {
  runs: [],
  orders: [],
  claims: [],
  userCounts: [],
  indexedItems: [],
  costs: [],
  bills: [],
  toldCosts: [],
  cancellations: [],
} as const;

/**
 * Reads many things at once. If that fails because one of them is unreadable, reads them one by one, so that the others
 * succeed. Throws if all fail: the fault then lies with the table.
 */
const readWhatCanBe = async <Key, Value>(
  keys: readonly Key[],
  read: (keys: readonly Key[]) => Promise<readonly Value[]>,
): Promise<{ values: Value[]; unreadable: Key[] }> => {
  try {
    return { values: [...(await read(keys))], unreadable: [] };
  } catch (error) {
    const each = await Promise.allSettled(keys.map((key) => read([key])));
    const unreadable = keys.filter((_, index) => each[index]?.status === 'rejected');
    if (unreadable.length === keys.length && !(error instanceof ZodError)) throw error;
    return { values: each.flatMap((one) => (one.status === 'fulfilled' ? one.value : [])), unreadable };
  }
};

const storedShards = async (
  inventory: Table,
  keys: readonly ShardKey[],
): Promise<{ values: StoredShard[]; unreadable: ShardKey[] }> => {
  const unique = [...new Map(keys.map((key) => [shardName(key), key])).values()];
  return readWhatCanBe(unique, async (wanted) => {
    const states = await readShards(inventory, wanted);
    return wanted.flatMap((key, index) => {
      const state = states[index];
      return state ? [{ key, state }] : [];
    });
  });
};

/** A run with all shards of its layout and those that the scan saw, whether or not the layout has them. */
export const readRunPart = async (
  { inventory, availability, timetable }: AuditTables,
  runId: RunId,
  seen: readonly ShardKey[],
): Promise<RunPart> => {
  const run = await readFrozenRun(timetable, runId, { consistent: true });
  const keys = run ? shardsOfRun(run).map(({ key }) => key) : [];
  // Reads the view first: a view newer than the shards would seem wrong beside them.
  const views = await readAvailability(availability, [runId]);
  const { values: shards, unreadable } = await storedShards(inventory, [...keys, ...seen]);
  return { runId, run, shards, unreadable, view: views.get(runId) };
};

/** The audit reports an unreadable order when it reads the order's own partition; here the order counts as missing. */
const contextOrders = async (bookings: Table, orderIds: Iterable<OrderId>): Promise<OrderPart[]> => {
  const { values: orders } = await readWhatCanBe([...new Set(orderIds)], async (wanted) => [
    ...(await readOrders(bookings, wanted)).values(),
  ]);
  return orders.map((order) => ({
    ...emptyPart(order.orderId),
    order: { ...order, inDueIndex: true, inAttentionIndex: false },
  }));
};

/** A run and the orders that its owned pieces name. */
export const lookAtRun = async (reading: Reading, runId: RunId, seen: readonly ShardKey[]): Promise<Look> => {
  const now = reading.clock();
  const run = await readRunPart(reading, runId, seen);
  const owners = run.shards.flatMap(({ state }) =>
    [...state.pieces.values()].flatMap(({ owner }) => (owner === 'free' ? [] : [orderOfOwner(owner)])),
  );
  const orders = await contextOrders(reading.bookings, owners);
  const parts = { ...nothing, runs: [run] };
  return { parts, context: { ...nothing, ...parts, now, orders } };
};

/**
 * Reads orders and claims with everything to which they refer: the shards and claims of items, the orders of claims.
 */
export const lookAtBookings = async (
  reading: Reading,
  { orders, claims, indexedItems, costs, bills, toldCosts }: Omit<BookingParts, 'userCounts' | 'unreadable'>,
): Promise<Look> => {
  const { inventory, bookings, clock } = reading;
  const now = clock();
  const living = orders.flatMap(({ order }) => (order ? livingItems(order) : []));
  const readIds = new Set(orders.map(({ orderId }) => orderId));
  const holders = claims
    .flatMap((part) => Object.keys(part.claims))
    .flatMap((holder) => orderOfHolder(holder) ?? [])
    .filter((orderId) => !readIds.has(orderId));
  const wishes = orders.flatMap(({ order }) => expectedClaims(order));
  const sold = orders.flatMap(({ order }) => (order?.state === 'issued' ? [order.runId] : []));
  const cancellations = await readCancellations(bookings, sold);
  const linked = orders.flatMap(linkedOrders).filter((orderId) => !readIds.has(orderId));
  const [shards, others, expected, booked, exchanges] = await Promise.all([
    storedShards(
      inventory,
      living.flatMap(placesOf).map(({ shard }) => shard),
    ),
    contextOrders(bookings, holders),
    readDayClaims(bookings, wishes),
    readBookedCosts(bookings, bills),
    readOrderParts(reading, [...new Set(linked)]),
  ]);
  const runs = [...Map.groupBy(shards.values, ({ key }) => key.runId)].map(([runId, ofRun]) => ({
    runId,
    run: undefined,
    shards: ofRun,
    unreadable: [],
    view: undefined,
  }));
  return {
    parts: { runs: [], orders, claims, indexedItems, costs, bills },
    context: {
      ...nothing,
      now,
      runs,
      orders: [...others, ...exchanges.orders, ...orders],
      claims: expected,
      costs: booked,
      toldCosts,
      cancellations,
    },
  };
};

/** What is booked as the costs of these bills. An unreadable entry is reported when its own partition is read. */
const readBookedCosts = async (bookings: Table, bills: readonly BillPart[]): Promise<CostsPart[]> => {
  const keys = bills.map(({ id }) =>
    bookingKey('costs', id.slice(0, id.indexOf('-')), `${id}-provider-costs`),
  );
  const items = await readAll(bookings, keys, { consistent: true });
  return joinParts(items.map((item) => sortPartition(String(item['pk']), [item]))).costs;
};

/** The orders with which an order has exchanged tickets, in either direction. */
const linkedOrders = (part: OrderPart): OrderId[] => [
  ...exchangedTickets(part).map(({ exchange }) => exchange.newOrderId),
  ...(part.order && part.order.state !== 'void' && part.order.exchangeOf
    ? [part.order.exchangeOf.orderId]
    : []),
];

/** DynamoDB reads a hundred items at a time. */
const daysPerRead = 100;

export const readDayClaims = async (
  bookings: Table,
  wanted: readonly { claim: string; day: string }[],
): Promise<ClaimPart[]> => {
  const unique = [...new Map(wanted.map((each) => [`${each.claim} ${each.day}`, each])).values()];
  const parts: ClaimPart[] = [];
  for (let start = 0; start < unique.length; start += daysPerRead) {
    const wishes = unique.slice(start, start + daysPerRead).map(({ claim, day }) => {
      const midnight = Date.parse(`${day}T00:00:00Z`);
      return { claim, holder: '', time: { from: instantOf(midnight), to: instantOf(midnight + 1) } };
    });
    parts.push(...(await readWhatCanBe(wishes, (some) => readClaims(bookings, some))).values);
  }
  return parts;
};

/** Reads orders with all their items, each in its current state. */
export const readOrderParts = async (
  { bookings, clock }: Pick<Reading, 'bookings' | 'clock'>,
  orderIds: readonly OrderId[],
): Promise<BookingParts> =>
  joinParts(
    await Promise.all(
      orderIds.map(async (orderId) => {
        const { pk } = keyOfOrder(orderId);
        const items = await queryAll(bookings, pk, '', { consistent: true });
        return sortPartition(
          pk,
          items.filter(({ ttl }) => !isOver(ttl, clock())),
        );
      }),
    ),
  );

/** Reads one item in its current state. */
export const readItem = async (
  { bookings, clock }: Pick<Reading, 'bookings' | 'clock'>,
  key: ItemKey,
): Promise<BookingParts> => {
  const item = await readStored(bookings, key);
  return item && !isOver(item['ttl'], clock()) ? sortPartition(key.pk, [item]) : noParts();
};

/** Reads the comparison of a bill with all its differences, in its current state. */
export const readBill = async (
  { bookings, clock }: Pick<Reading, 'bookings' | 'clock'>,
  id: string,
): Promise<BookingParts> => {
  const { pk } = bookingKey('report', id);
  const items = await queryAll(bookings, pk, '', { consistent: true });
  return sortPartition(
    pk,
    items.filter(({ ttl }) => !isOver(ttl, clock())),
  );
};

const ordersPerPage = 100;

/** A user's entries of the waitlist, each without its order. */
const entriesOf = async (bookings: Table, userId: UserId): Promise<OrderPart[]> => {
  const entryIds: OrderId[] = [];
  let cursor: Parameters<typeof listEntryIds>[2]['cursor'];
  do {
    const page = await listEntryIds(bookings, userId, { limit: ordersPerPage, cursor });
    entryIds.push(...page.entryIds);
    cursor = page.next;
  } while (cursor);
  return (await readEntries(bookings, entryIds)).map((entry) => ({
    ...emptyPart(entry.entryId),
    waitlisted: { ...entry, inDueIndex: true, inAttentionIndex: false },
  }));
};

/** Reads a user's orders, each in its current state, with the user's counts. */
export const readUser = async (
  bookings: Table,
  userId: UserId,
): Promise<{ orders: OrderPart[]; counts: CountsOfUser }> => {
  const orderIds: OrderId[] = [];
  let cursor: Parameters<typeof listOrderIds>[2]['cursor'];
  do {
    const page = await listOrderIds(bookings, userId, { limit: ordersPerPage, cursor });
    orderIds.push(...page.orderIds);
    cursor = page.next;
  } while (cursor);
  return {
    orders: [...(await contextOrders(bookings, orderIds)), ...(await entriesOf(bookings, userId))],
    counts: { userId, ...(await readCounts(bookings, userId)) },
  };
};
