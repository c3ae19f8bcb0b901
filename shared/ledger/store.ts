import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { bookingKey } from '../bookings/keys.ts';
import { allOf, conditionally, type Item, type Table, type TransactItem } from '../platform/dynamo.ts';
import { journalEntrySchema, type JournalEntry } from './model.ts';

/** Table `Bookings`: `ORDER#<orderId>` / `JOURNAL#<entryId>`. */
const keyOf = ({ orderId, entryId }: JournalEntry) => bookingKey('entry', orderId, entryId);

/** Put in the transaction of the state it follows from. */
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

/** Gives an entry its end, which is long after its order's: it is part of the books. */
export const keepEntry = async (bookings: Table, entry: JournalEntry, ttl: number): Promise<void> => {
  await conditionally(
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
};
