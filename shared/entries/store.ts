import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { atRest, dueOf, dueValues, removeDue, setDue } from '../bookings/due.ts';
import { removeAttention } from '../bookings/attention.ts';
import { bookingKey, idOf } from '../bookings/keys.ts';
import { wayTo } from '../bookings/transitions.ts';
import type { Owner } from '../inventory/model.ts';
import { readAll } from '../platform/batch-read.ts';
import { allOf, clause, exists, type Clause } from '../platform/clauses.ts';
import { updateIf } from '../platform/conditional-writes.ts';
import type { Item, Table, TransactItem } from '../platform/dynamo.ts';
import { orderIdSchema, type OrderId, type PaymentId, type UserId } from '../platform/ids.ts';
import type { Instant } from '../platform/time.ts';
import {
  entrySchema,
  entryTransitions,
  type Entry,
  type EntryEvent,
  type EntryIn,
  type EntryState,
} from './model.ts';

/**
 * Table `Bookings`: `ORDER#<entryId>` / `WAITLIST`. In the index of a user's orders it stands under a name of its own, beside
 * the user's orders.
 */
const keyOf = (entryId: OrderId) => bookingKey('waitlisted', entryId);

const listNameOf = (ownerId: UserId): string => `waitlist#${ownerId}`;

export const entryFromItem = (item: Item): Entry => entrySchema.parse(item);

export const readEntry = async (
  bookings: Table,
  entryId: OrderId,
  { consistent = true } = {},
): Promise<Entry | undefined> => {
  const { Item } = await bookings.client.send(
    new GetCommand({ TableName: bookings.name, Key: keyOf(entryId), ConsistentRead: consistent }),
  );
  return Item && entryFromItem(Item);
};

/** Many entries by id, in their current state, without those that do not exist. */
export const readEntries = async (bookings: Table, entryIds: Iterable<OrderId>): Promise<Entry[]> =>
  (await readAll(bookings, [...new Set(entryIds)].map(keyOf), { consistent: true })).map(entryFromItem);

/** A page of a user's entries, newest first. */
export const listEntryIds = async (
  bookings: Table,
  ownerId: UserId,
  { limit, cursor }: { limit: number; cursor: { orderId: OrderId; createdAt: string } | undefined },
): Promise<{ entryIds: OrderId[]; next: { orderId: OrderId; createdAt: string } | undefined }> => {
  const userId = listNameOf(ownerId);
  const { Items = [] } = await bookings.client.send(
    new QueryCommand({
      TableName: bookings.name,
      IndexName: 'byUser',
      KeyConditionExpression: 'userId = :user',
      ExpressionAttributeValues: { ':user': userId },
      ScanIndexForward: false,
      // One more than the page shows tells whether another page follows.
      Limit: limit + 1,
      ...(cursor && {
        ExclusiveStartKey: { ...keyOf(cursor.orderId), userId, createdAt: cursor.createdAt },
      }),
    }),
  );
  const entryOf = ({ pk }: Item): OrderId => orderIdSchema.parse(idOf(String(pk)));
  const last = Items.length > limit ? Items[limit - 1] : undefined;
  return {
    entryIds: Items.slice(0, limit).map(entryOf),
    next: last && { orderId: entryOf(last), createdAt: String(last['createdAt']) },
  };
};

/** T45, the entry's part. */
export const putEntry = (bookings: Table, entry: EntryIn<'unpaid'>): TransactItem => ({
  Put: {
    TableName: bookings.name,
    Item: {
      ...keyOf(entry.entryId),
      ...entrySchema.parse(entry),
      ...dueOf(entry.entryId, entry.expiresAt),
      userId: listNameOf(entry.ownerId),
      createdAt: entry.placedAt,
    },
    ConditionExpression: allOf(wayTo(entryTransitions, 'unpaid').condition),
  },
});

type Change = {
  state: Exclude<EntryState, 'unpaid'>;
  /** Only from this state. */
  from?: EntryState;
  event: EntryEvent;
  now: Instant;
  onlyIf?: readonly Clause[];
  set?: Item;
  dueAt?: Instant | undefined;
};

/** A change of an entry's state, with its event: neither exists alone. */
const changeOf = (bookings: Table, entryId: OrderId, change: Change): TransactItem => {
  const way = wayTo(entryTransitions, change.state, { ...(change.from && { only: [change.from] }) });
  const { onlyIf = [], set = {}, dueAt } = change;
  const values: Item = {
    ...way.values,
    ':event': [{ at: change.now, event: change.event }],
    ...Object.fromEntries(Object.entries(set).map(([name, value]) => [`:${name}`, value])),
    ...(dueAt && dueValues(entryId, dueAt)),
  };
  for (const each of onlyIf) Object.assign(values, each.values);
  const sets = [
    `#state = :${change.state}`,
    'history = list_append(history, :event)',
    ...Object.keys(set).map((name) => `${name} = :${name}`),
    ...(dueAt ? [setDue] : []),
  ];
  const remove = dueAt ? [] : [removeDue, removeAttention];
  return {
    Update: {
      TableName: bookings.name,
      Key: keyOf(entryId),
      ConditionExpression: allOf(way.condition, ...onlyIf.map(({ condition }) => condition)),
      UpdateExpression: `SET ${sets.join(', ')}${remove.length > 0 ? ` REMOVE ${remove.join(', ')}` : ''}`,
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: values,
    },
  };
};

/** T46, the entry's part: its money has come. It is due at once, because a seat may have come free meanwhile. */
export const letWait = (
  bookings: Table,
  { entryId }: EntryIn<'unpaid'>,
  { paidBy, now }: { paidBy: PaymentId; now: Instant },
): TransactItem =>
  changeOf(bookings, entryId, {
    state: 'waiting',
    event: 'entry-waiting',
    now,
    set: { paidBy, waitingSince: now },
    dueAt: now,
  });

/** T2 of an entry, its own part: it waits, and none of these owners is fenced. */
export const fulfilEntry = (
  bookings: Table,
  { entryId }: EntryIn<'waiting'>,
  { owners, wish, now }: { owners: readonly Owner[]; wish: number; now: Instant },
): TransactItem =>
  changeOf(bookings, entryId, {
    state: 'fulfilled',
    event: 'entry-fulfilled',
    now,
    onlyIf: owners.map((owner, at) =>
      clause(`NOT contains(fenced, :owner${at})`, { [`:owner${at}`]: owner }),
    ),
    set: { fulfilledWish: wish },
  });

/** T23, the entry's part. */
export const withdrawEntry = (bookings: Table, { entryId, state }: Entry, now: Instant): TransactItem =>
  changeOf(bookings, entryId, { state: 'withdrawn', from: state, event: 'entry-withdrawn', now });

/** T23 for one that ends without its passengers; T48 for one that was not paid. */
export const endEntry = (
  bookings: Table,
  { entryId, state }: Entry,
  { endReason, now }: { endReason: EntryIn<'ended'>['endReason']; now: Instant },
): TransactItem =>
  changeOf(bookings, entryId, {
    state: 'ended',
    from: state,
    event: 'entry-ended',
    now,
    set: { endReason },
    ...(endReason === 'unpaid' && {
      onlyIf: [clause('expiresAt <= :now', { ':now': now })],
    }),
  });

const isIn = (state: EntryState): Clause =>
  clause('#state = :state', { ':state': state }, { '#state': 'state' });

/** T6 of an entry: it waits for its payment, and its time is not over. */
export const checkUnpaid = (bookings: Table, entryId: OrderId, now: Instant): TransactItem => ({
  ConditionCheck: {
    TableName: bookings.name,
    Key: keyOf(entryId),
    ConditionExpression: allOf('#state = :unpaid', 'expiresAt > :now'),
    ExpressionAttributeNames: { '#state': 'state' },
    ExpressionAttributeValues: { ':unpaid': 'unpaid', ':now': now },
  },
});

/** Sets the next look at an entry, if nothing has changed since the read. */
export const lookAtEntryAgain = async (
  bookings: Table,
  { entryId, state, dueAt }: EntryIn<'unpaid' | 'waiting'>,
  at: Instant,
): Promise<void> => {
  await updateIf(bookings, keyOf(entryId), {
    onlyIf: [isIn(state), dueAt ? clause('dueAt = :seen', { ':seen': dueAt }) : exists],
    update: `SET ${setDue}`,
    values: dueValues(entryId, at),
  });
};

/**
 * T47: an owner of pieces that no item of the entry's order names can never become the owner of one. Returns the entry after
 * it: if it was fulfilled before, its order decides. Undefined if there is no such entry.
 */
export const fenceOnEntry = async (
  bookings: Table,
  entryId: OrderId,
  owner: Owner,
): Promise<Entry | undefined> => {
  const { outcome, item } = await updateIf(bookings, keyOf(entryId), {
    onlyIf: [exists],
    update: 'ADD fenced :owners',
    values: { ':owners': new Set([owner]) },
    returns: { written: true },
  });
  return outcome === 'written' && item ? entryFromItem(item) : undefined;
};

/** The entry's part of the end of its order's personal data: it no longer identifies anybody. It must be at rest. */
export const forgetEntry = (bookings: Table, entry: Entry): TransactItem => ({
  Update: {
    TableName: bookings.name,
    Key: keyOf(entry.entryId),
    ConditionExpression: allOf('#state = :state', ...atRest),
    UpdateExpression: 'SET passengers = :passengers REMOVE contact, contactConfirmed',
    ExpressionAttributeNames: { '#state': 'state' },
    ExpressionAttributeValues: {
      ':state': entry.state,
      ':passengers': entry.passengers.map(({ nameMasked, type }) => ({ name: nameMasked, nameMasked, type })),
    },
  },
});
