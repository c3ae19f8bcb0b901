import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Item, Table } from '../platform/dynamo.ts';
import { instantOf, millisecondsOf, type Instant } from '../platform/time.ts';
import { booksDaysOf } from './books-day.ts';
import type { JournalEntry } from './model.ts';
import { entryFromItem } from './store.ts';

/** From an instant on, before another. */
export type Span = { from: Instant; until: Instant };

/** How many entries a request asks for: sixteen shards of some days are in memory at once. */
const pageSize = 250;

/** How many days are asked about at once: most days of a quiet carrier are empty. */
const daysAhead = 4;

/** Takes the items that are no entries, so that they stop nobody. */
export type OnUnreadable = (item: Item) => void;

/**
 * The journal entries of a span, in the order of their times. It asks the index `books` about each of its `days`, which are
 * all days of the span unless the caller knows better, and keeps a few pages in memory. The index follows the table within a
 * second, so the newest entries may be missing. Throws for an entry that cannot be read, unless `onUnreadable` takes its item.
 */
export const listEntries = (
  bookings: Table,
  span: Span,
  { onUnreadable, days = booksDaysOf(span) }: { onUnreadable?: OnUnreadable; days?: Iterable<string[]> } = {},
): AsyncGenerator<JournalEntry> => readable(itemsOf(bookings, span, days), onUnreadable);

/** The entries that items are. */
export async function* readable(
  items: AsyncIterable<Item>,
  onUnreadable: OnUnreadable | undefined,
): AsyncGenerator<JournalEntry> {
  for await (const item of items) {
    try {
      yield entryFromItem(item);
    } catch (error) {
      if (!onUnreadable) throw error;
      onUnreadable(item);
    }
  }
}

async function* itemsOf(bookings: Table, span: Span, ofDays: Iterable<string[]>): AsyncGenerator<Item> {
  const days = ofDays[Symbol.iterator]();
  const opened: Promise<Reader[]>[] = [];
  const openNext = (): void => {
    const day = days.next();
    if (!day.done)
      opened.push(inAdvance(Promise.all(day.value.map((booksDay) => open(bookings, booksDay, span)))));
  };
  for (let ahead = 0; ahead < daysAhead; ahead += 1) openNext();
  for (let readers = opened.shift(); readers; readers = opened.shift()) {
    openNext();
    yield* merged(await readers);
  }
}

/** One partition: its next item, and those behind it. */
type Reader = { item: Item | undefined; rest: AsyncGenerator<Item> };

const open = async (bookings: Table, booksDay: string, span: Span): Promise<Reader> => {
  const rest = itemsOfPartition(bookings, booksDay, span);
  return { item: await nextOf(rest), rest };
};

const nextOf = async (items: AsyncGenerator<Item>): Promise<Item | undefined> => {
  const { done, value } = await items.next();
  return done ? undefined : value;
};

/** The items of all readers, the earliest first. */
async function* merged(readers: Reader[]): AsyncGenerator<Item> {
  for (;;) {
    let first: Reader | undefined;
    for (const reader of readers)
      if (reader.item && (!first?.item || timeOf(reader.item) < timeOf(first.item))) first = reader;
    if (!first?.item) return;
    yield first.item;
    first.item = await nextOf(first.rest);
  }
}

const timeOf = (item: Item): string => String(item['at']);

/** Asks for the next page while somebody reads this one. */
async function* itemsOfPartition(bookings: Table, booksDay: string, span: Span): AsyncGenerator<Item> {
  let page: Promise<Page> | undefined = readPage(bookings, booksDay, span);
  while (page) {
    const { items, after }: Page = await page;
    page = after && inAdvance(readPage(bookings, booksDay, span, after));
    yield* items;
  }
}

type Page = { items: Item[]; after: Item | undefined };

const readPage = async (
  bookings: Table,
  booksDay: string,
  { from, until }: Span,
  after?: Item,
): Promise<Page> => {
  const { Items = [], LastEvaluatedKey } = await bookings.client.send(
    new QueryCommand({
      TableName: bookings.name,
      IndexName: 'books',
      KeyConditionExpression: 'booksDay = :day AND #at BETWEEN :from AND :last',
      ExpressionAttributeNames: { '#at': 'at' },
      ExpressionAttributeValues: { ':day': booksDay, ':from': from, ':last': justBefore(until) },
      Limit: pageSize,
      ...(after && { ExclusiveStartKey: after }),
    }),
  );
  return { items: Items, after: LastEvaluatedKey };
};

/** Stored times have milliseconds. */
const justBefore = (instant: Instant): Instant => instantOf(millisecondsOf(instant) - 1);

/** Lets a request run whose answer is needed later: its failure shows when somebody waits for it. */
const inAdvance = <Value>(promise: Promise<Value>): Promise<Value> => {
  void Promise.allSettled([promise]);
  return promise;
};
