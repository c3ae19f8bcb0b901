import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { bookingKey } from '../bookings/keys.ts';
import { allOf } from '../platform/clauses.ts';
import { conditionally, type Item, type Table, type TransactItem } from '../platform/dynamo.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import { journalEntrySchema, type JournalEntry } from './model.ts';

/** Table `Bookings`: `ORDER#<orderId>` / `JOURNAL#<entryId>`. */
const keyOf = ({ orderId, entryId }: JournalEntry) => bookingKey('entry', orderId, entryId);

/** Written in the transaction of the state that causes it. */
export const putEntry = (bookings: Table, entry: JournalEntry): TransactItem => ({
  Put: {
    TableName: bookings.name,
    Item: {
      ...keyOf(entry),
      ...journalEntrySchema.parse(entry),
    },
    ConditionExpression: allOf('attribute_not_exists(pk)'),
  },
});

export const entryFromItem = (item: Item): JournalEntry => journalEntrySchema.parse(item);

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
