import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { entryKeptUntil } from '../bookings/kept-until.ts';
import { bookingKey } from '../bookings/keys.ts';
import type { Carrier } from '../platform/carrier.ts';
import { allOf } from '../platform/clauses.ts';
import { conditionally, type Item, type Table, type TransactItem } from '../platform/dynamo.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import { booksDayOf } from './books-day.ts';
import { journalEntrySchema, type JournalEntry } from './model.ts';

/** Table `Bookings`: `ORDER#<orderId>` / `JOURNAL#<entryId>`; `BOOKS#<provider>` / `JOURNAL#<entryId>` for its costs. */
const keyOf = ({ orderId, provider, entryId }: JournalEntry) =>
  orderId ? bookingKey('entry', orderId, entryId) : bookingKey('costs', provider ?? '', entryId);

const put = (bookings: Table, entry: JournalEntry, end: { ttl?: number } = {}): TransactItem => ({
  Put: {
    TableName: bookings.name,
    Item: {
      ...keyOf(entry),
      ...journalEntrySchema.parse(entry),
      booksDay: booksDayOf(entry),
      ...end,
    },
    ConditionExpression: allOf('attribute_not_exists(pk)'),
  },
});

/** Written in the transaction of the state that causes it. */
export const putEntry = (bookings: Table, entry: JournalEntry): TransactItem => put(bookings, entry);

/** An entry that belongs to no order, so that it has its own end from the start. */
export const putCosts = (
  bookings: Table,
  entry: JournalEntry,
  carrier: Pick<Carrier, 'booksKeptYears'>,
): TransactItem => put(bookings, entry, { ttl: entryKeptUntil(entry.at, carrier) });

/** The costs of a provider by their source, as they were booked. */
export const readCosts = async (
  bookings: Table,
  provider: string,
  source: string,
): Promise<JournalEntry | undefined> => {
  const key = bookingKey('costs', provider, `${source}-provider-costs`);
  const { Item } = await bookings.client.send(
    new GetCommand({ TableName: bookings.name, Key: key, ConsistentRead: true }),
  );
  return Item && entryFromItem(Item);
};

/** Entries that are older than their `source` name it in their id alone. */
const sourceOf = ({ entryId, kind }: Item): string => String(entryId).slice(0, -`-${String(kind)}`.length);

export const entryFromItem = (item: Item): JournalEntry =>
  journalEntrySchema.parse({ source: sourceOf(item), ...item });

/** Sets the end of an entry, which is long after its order's: it belongs to the books. */
export const keepEntry = async (
  bookings: Table,
  entry: JournalEntry,
  ttl: number,
): Promise<Outcome<object, 'gone'>> => {
  const result = await conditionally(
    bookings.client.send(
      new UpdateCommand({
        TableName: bookings.name,
        Key: keyOf(entry),
        ConditionExpression: allOf('attribute_exists(pk)'),
        UpdateExpression: 'SET #ttl = :ttl',
        ExpressionAttributeNames: { '#ttl': 'ttl' },
        ExpressionAttributeValues: { ':ttl': ttl },
      }),
    ),
  );
  return result.outcome === 'written' ? accepted({}) : rejected('gone');
};
