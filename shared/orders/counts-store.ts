import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { bookingKey, idOf } from '../bookings/keys.ts';
import type { Carrier } from '../platform/carrier.ts';
import { allOf } from '../platform/clauses.ts';
import { conditionally, type Item, type Table, type TransactItem } from '../platform/dynamo.ts';
import { userIdSchema, type ServiceDate, type UserId } from '../platform/ids.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import { countsKeptUntil } from '../bookings/kept-until.ts';
import { plusDays } from '../platform/time.ts';
import { dateOfRun, noCounts, type BudgetWish, type CountsOfUser, type UserCounts } from './budgets.ts';
import { itemsOf, type CommittedOrder } from './model.ts';

/**
 * Table `Bookings`: `USER#<userId>` / `OPEN` has a user's counts, which change inside the transactions that they count:
 * `openOrders`, `openEntries`, and by name `ended#<day>`, `seats#<runId>` and `asked#<day>`, the set of that day's questions.
 * The item ends if the user stays away.
 */
const keyOfCount = (userId: UserId) => bookingKey('counts', userId);

const nameOf = {
  ended: (day: string) => `ended#${day}`,
  seats: (runId: string) => `seats#${runId}`,
  asked: (day: string) => `asked#${day}`,
};

export const countsFromItem = (item: Item): CountsOfUser => {
  const counted = { ended: new Map<string, number>(), seats: new Map<string, number>() };
  const asked = new Map<string, ReadonlySet<string>>();
  for (const [name, value] of Object.entries(item)) {
    const at = name.indexOf('#');
    const [kind, of] = [name.slice(0, at), name.slice(at + 1)];
    if (kind === 'asked') asked.set(of, value as Set<string>);
    if (kind in counted) counted[kind as keyof typeof counted].set(of, Number(value));
  }
  const userId = userIdSchema.parse(idOf(String(item['pk'])));
  const [openOrders, openEntries] = [Number(item['openOrders'] ?? 0), Number(item['openEntries'] ?? 0)];
  return { userId, openOrders, openEntries, ...counted, asked };
};

/** A user's counts. */
export const readCounts = async (bookings: Table, userId: UserId): Promise<UserCounts> => {
  const { Item } = await bookings.client.send(
    new GetCommand({ TableName: bookings.name, Key: keyOfCount(userId), ConsistentRead: true }),
  );
  return Item ? countsFromItem(Item) : noCounts;
};

/** Older days no longer matter: the audit looks one day back, and clocks and zones differ by a day at most. */
const daysKept = 3;

/** A run is on sale until it leaves its last stop but one: at the very most, days after the service date. */
const runDaysKept = 7;

/** One write deletes at most this many entries; the next one deletes more. */
const sweptMax = 40;

/** The entries that a hold deletes: days and runs that are over, and runs on which the user has no seat left. */
const toSweep = ({ ended, seats, asked }: UserCounts, { runId, today }: BudgetWish) => {
  const over = [
    ...[...ended.keys()].filter((day) => day < plusDays(today, -daysKept)).map(nameOf.ended),
    ...[...asked.keys()].filter((day) => day < plusDays(today, -daysKept)).map(nameOf.asked),
    ...[...seats.keys()].filter((run) => dateOfRun(run) < plusDays(today, -runDaysKept)).map(nameOf.seats),
  ].slice(0, sweptMax);
  const empty = [...seats]
    .filter(([run, count]) => count === 0 && run !== runId && !over.includes(nameOf.seats(run)))
    .map(([run]) => nameOf.seats(run))
    .slice(0, sweptMax);
  return { over, empty };
};

type Budgets = Pick<Carrier, 'openOrdersMax' | 'endedOrdersPerDayMax' | 'seatsPerRunMax'>;

/** The counts that limit a hold, each with its greatest allowed value before the hold. */
const limitsOf = (
  { runId, seats, today, instead = 0 }: BudgetWish,
  { openOrdersMax, endedOrdersPerDayMax, seatsPerRunMax }: Budgets,
) =>
  [
    { key: 'open', name: 'openOrders', limit: openOrdersMax, more: 1 },
    { key: 'ended', name: nameOf.ended(today), limit: endedOrdersPerDayMax, more: 1 },
    { key: 'seats', name: nameOf.seats(runId), limit: seatsPerRunMax, more: seats - instead },
  ].flatMap(({ key, name, limit, more }) =>
    limit === 'unlimited' ? [] : [{ key, name, most: limit - more }],
  );

/**
 * T2, the user's part: one order more, within the user's budgets. Deletes entries that no longer count; an entry that
 * was empty at the read must still be empty.
 */
export const countHeld = (
  bookings: Table,
  userId: UserId,
  { wish, counts, budgets }: { wish: BudgetWish; counts: UserCounts; budgets: Budgets },
): TransactItem => {
  const { over, empty } = toSweep(counts, wish);
  const limits = limitsOf(wish, budgets);
  const swept = [...over, ...empty].map((name, index) => ({ alias: `#swept${index}`, name }));
  const conditions = [
    ...limits.map(({ key }) => `attribute_not_exists(#${key}) OR #${key} <= :${key}`),
    ...swept.slice(over.length).map(({ alias }) => `${alias} = :none`),
  ];
  const remove = swept.map(({ alias }) => alias).join(', ');
  return {
    Update: {
      TableName: bookings.name,
      Key: keyOfCount(userId),
      ...(conditions.length > 0 && { ConditionExpression: allOf(...conditions) }),
      UpdateExpression: `SET #ttl = :ttl ADD #openOrders :one, #taken :taken${remove && ` REMOVE ${remove}`}`,
      ExpressionAttributeNames: {
        '#ttl': 'ttl',
        '#openOrders': 'openOrders',
        '#taken': nameOf.seats(wish.runId),
        ...Object.fromEntries(limits.map(({ key, name }) => [`#${key}`, name])),
        ...Object.fromEntries(swept.map(({ alias, name }) => [alias, name])),
      },
      ExpressionAttributeValues: {
        ':one': 1,
        ':ttl': countsKeptUntil(wish.today),
        ':taken': wish.seats,
        ...(empty.length > 0 && { ':none': 0 }),
        ...Object.fromEntries(limits.map(({ key, most }) => [`:${key}`, most])),
      },
    },
  };
};

/** It has no condition: a wrong count must never keep an order from ending, or money from its use. */
const addTo = (bookings: Table, userId: UserId, changes: Readonly<Record<string, number>>): TransactItem => {
  const entries = Object.entries(changes);
  return {
    Update: {
      TableName: bookings.name,
      Key: keyOfCount(userId),
      UpdateExpression: `ADD ${entries.map((_, index) => `#n${index} :n${index}`).join(', ')}`,
      ExpressionAttributeNames: Object.fromEntries(entries.map(([name], index) => [`#n${index}`, name])),
      ExpressionAttributeValues: Object.fromEntries(entries.map(([, by], index) => [`:n${index}`, by])),
    },
  };
};

const seatsOf = (order: CommittedOrder, sign: 1 | -1) => ({
  [nameOf.seats(order.runId)]: sign * itemsOf(order).length,
});

const endedOf = ({ endsOn }: CommittedOrder, by: 1 | -1) => (endsOn ? { [nameOf.ended(endsOn)]: by } : {});

/** T8, the user's part: one open order less, its seats released, and one more order that ended on the order's day. */
export const countEnded = (bookings: Table, order: CommittedOrder): TransactItem =>
  addTo(bookings, order.userId, { openOrders: -1, ...seatsOf(order, -1), ...endedOf(order, 1) });

/** T9, the user's part: one open order less. */
export const countPaid = (bookings: Table, order: CommittedOrder): TransactItem =>
  addTo(bookings, order.userId, { openOrders: -1 });

/** T10, the user's part: the order has not ended after all, and has its seats again. */
export const countPaidLate = (bookings: Table, order: CommittedOrder): TransactItem =>
  addTo(bookings, order.userId, { ...seatsOf(order, 1), ...endedOf(order, -1) });

/** T45, the user's part: one open entry of the waitlist more, within the carrier's limit. */
export const countEntry = (
  bookings: Table,
  userId: UserId,
  { entriesMax, today }: { entriesMax: number; today: ServiceDate },
): TransactItem => ({
  Update: {
    TableName: bookings.name,
    Key: keyOfCount(userId),
    ConditionExpression: allOf('attribute_not_exists(openEntries) OR openEntries < :max'),
    UpdateExpression: 'SET #ttl = :ttl ADD openEntries :one',
    ExpressionAttributeNames: { '#ttl': 'ttl' },
    ExpressionAttributeValues: { ':max': entriesMax, ':one': 1, ':ttl': countsKeptUntil(today) },
  },
});

/** T23, T48, the user's part: one open entry less. */
export const countEntryEnded = (bookings: Table, userId: UserId): TransactItem =>
  addTo(bookings, userId, { openEntries: -1 });

/** T2 of an entry, the user's part: it became an order with seats. */
export const countFulfilled = (bookings: Table, order: CommittedOrder): TransactItem =>
  addTo(bookings, order.userId, { openEntries: -1, ...seatsOf(order, 1) });

/** T16, the user's part: the seats no longer count. */
export const countRefunded = (bookings: Table, order: CommittedOrder): TransactItem =>
  addTo(bookings, order.userId, seatsOf(order, -1));

/**
 * T15, T18, T19, the user's part: so many of the order's seats no longer count. `openOrders`: so many orders less are
 * unpaid.
 */
export const countGivenUp = (
  bookings: Table,
  { userId, runId }: CommittedOrder,
  tickets: number,
  { openOrders = 0 } = {},
): TransactItem =>
  addTo(bookings, userId, {
    [nameOf.seats(runId)]: -tickets,
    ...(openOrders > 0 && { openOrders: -openOrders }),
  });

/**
 * Counts a refusal that reveals somebody's journey, before the answer reveals it; the same question again reveals
 * nothing more. Rejected if the user has reached the limit of that day.
 */
export const countConflict = async (
  bookings: Table,
  userId: UserId,
  { question, today, max }: { question: string; today: ServiceDate; max: number },
): Promise<Outcome<object, 'limit-reached'>> => {
  const result = await conditionally(
    bookings.client.send(
      new UpdateCommand({
        TableName: bookings.name,
        Key: keyOfCount(userId),
        ConditionExpression: allOf(
          'attribute_not_exists(#asked) OR contains(#asked, :question) OR size(#asked) < :max',
        ),
        UpdateExpression: 'SET #ttl = :ttl ADD #asked :asked',
        ExpressionAttributeNames: { '#asked': nameOf.asked(today), '#ttl': 'ttl' },
        ExpressionAttributeValues: {
          ':asked': new Set([question]),
          ':question': question,
          ':max': max,
          ':ttl': countsKeptUntil(today),
        },
      }),
    ),
  );
  return result.outcome === 'written' ? accepted({}) : rejected('limit-reached');
};
