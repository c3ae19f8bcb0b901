import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { allOf } from '../platform/clauses.ts';
import { conditionally, type Item, type Table } from '../platform/dynamo.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';

/**
 * After a rejection nothing was written: the item differs from what the write assumes. The caller can read it again and
 * decide anew.
 */
export type Written = Outcome<object, 'changed-meanwhile'>;

/** The assumptions of a write, each clause by itself, and its change. `#name` stands for the attribute `name`. */
type Change = { onlyIf: readonly string[]; update: string; values: Item };

const namesIn = (text: string): Record<string, string> | undefined => {
  const names = [...text.matchAll(/#(\w+)/g)].map(([placeholder, name]) => [placeholder, name]);
  return names.length > 0 ? Object.fromEntries(names) : undefined;
};

/** Changes one payment or refund. It throws any error other than a refusal; the write may then have happened or not. */
export const change = async (
  bookings: Table,
  key: Item,
  { onlyIf, update, values }: Change,
): Promise<Written> => {
  const result = await conditionally(
    bookings.client.send(
      new UpdateCommand({
        TableName: bookings.name,
        Key: key,
        ConditionExpression: allOf(...onlyIf),
        UpdateExpression: update,
        ExpressionAttributeNames: namesIn(`${onlyIf.join(' ')} ${update}`),
        ExpressionAttributeValues: values,
      }),
    ),
  );
  return result.outcome === 'written' ? accepted({}) : rejected('changed-meanwhile');
};
