import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { Item, Table } from '../platform/dynamo.ts';
import { millisecondsOf, type Instant } from '../platform/time.ts';
import { partitionsByDay } from './books-day.ts';
import { listEntries, readable, type OnUnreadable, type Span } from './entries-store.ts';
import type { JournalEntry } from './model.ts';

/** How many parts of the index are read side by side. */
const segments = 8;

/**
 * All journal entries before an instant, in no order: a balance needs none. It reads the index `books` from its beginning,
 * wherever that is, and so nothing for the days on which nobody moved money. Throws for an entry that cannot be read, unless
 * `onUnreadable` takes its item.
 */
export const scanEntries = (
  bookings: Table,
  { until }: Pick<Span, 'until'>,
  { onUnreadable }: { onUnreadable?: OnUnreadable } = {},
): AsyncGenerator<JournalEntry> => readable(scan(bookings, until), onUnreadable);

/** A span of more days is searched for those with entries: asking about a day on which nothing moved has its price as well. */
const daysWalked = 100;

const dayMilliseconds = 86_400_000;

/**
 * As `listEntries`, for spans of any length. For a long one it first reads the whole index, which costs no more than reading each
 * of its entries once, and then asks about the days that have some.
 */
export async function* listAnySpan(
  bookings: Table,
  span: Span,
  watch: { onUnreadable?: OnUnreadable } = {},
): AsyncGenerator<JournalEntry> {
  const isLong = millisecondsOf(span.until) - millisecondsOf(span.from) > daysWalked * dayMilliseconds;
  yield* listEntries(bookings, span, { ...watch, ...(isLong && { days: await scanDays(bookings, span) }) });
}

const scanDays = async (bookings: Table, { from, until }: Span): Promise<string[][]> => {
  const found = new Set<string>();
  for await (const { booksDay } of scan(bookings, until, 'booksDay')) found.add(String(booksDay));
  return partitionsByDay(found, from);
};

/** The items before an instant, of each of the segments a page in turn, while the next pages are on their way. */
async function* scan(bookings: Table, until: Instant, attribute?: string): AsyncGenerator<Item> {
  const ask = (segment: number, after?: Item): Asked => {
    const page = readPage(bookings, { segment, until, attribute, after });
    // Its failure shows when its turn comes.
    void Promise.allSettled([page]);
    return { segment, page };
  };
  const asked = Array.from({ length: segments }, (_, segment) => ask(segment));
  for (let next = asked.shift(); next; next = asked.shift()) {
    const { items, after } = await next.page;
    if (after) asked.push(ask(next.segment, after));
    yield* items;
  }
}

type Page = { items: Item[]; after: Item | undefined };
type Asked = { segment: number; page: Promise<Page> };
type Question = {
  segment: number;
  until: Instant;
  attribute: string | undefined;
  after: Item | undefined;
};

const readPage = async (
  { client, name }: Table,
  { segment, until, attribute, after }: Question,
): Promise<Page> => {
  const { Items = [], LastEvaluatedKey } = await client.send(
    new ScanCommand({
      TableName: name,
      IndexName: 'books',
      Segment: segment,
      TotalSegments: segments,
      FilterExpression: '#at < :until',
      ExpressionAttributeNames: { '#at': 'at', ...(attribute && { '#only': attribute }) },
      ExpressionAttributeValues: { ':until': until },
      ...(attribute && { ProjectionExpression: '#only' }),
      ...(after && { ExclusiveStartKey: after }),
    }),
  );
  return { items: Items, after: LastEvaluatedKey };
};
