import { allOf, type Item, type Table, type TransactItem } from '../platform/dynamo.ts';
import { journalEntrySchema, type JournalEntry } from './model.ts';

/** Table `Bookings`: `ORDER#<orderId>` / `JOURNAL#<entryId>`, put in the transaction of the state it follows from. */
export const putEntry = (bookings: Table, entry: JournalEntry): TransactItem => ({
  Put: {
    TableName: bookings.name,
    Item: {
      pk: `ORDER#${entry.orderId}`,
      sk: `JOURNAL#${entry.entryId}`,
      ...journalEntrySchema.parse(entry),
    },
    ConditionExpression: allOf('attribute_not_exists(pk)'),
  },
});

export const entryFromItem = (item: Item): JournalEntry => journalEntrySchema.parse(item);
