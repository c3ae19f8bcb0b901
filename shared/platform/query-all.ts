import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Item, Table } from './dynamo.ts';

/**
 * All items of a partition, or those whose sort key begins with `prefix`, in the order of their keys, page after page.
 */
export const queryAll = async (
  { client, name }: Table,
  pk: string,
  skPrefix = '',
  { consistent = false } = {},
): Promise<Item[]> => {
  const items: Item[] = [];
  let start: Item | undefined;
  do {
    const page = await client.send(
      new QueryCommand({
        TableName: name,
        KeyConditionExpression: skPrefix ? 'pk = :pk AND begins_with(sk, :prefix)' : 'pk = :pk',
        ExpressionAttributeValues: { ':pk': pk, ...(skPrefix && { ':prefix': skPrefix }) },
        ConsistentRead: consistent,
        ...(start && { ExclusiveStartKey: start }),
      }),
    );
    items.push(...(page.Items ?? []));
    start = page.LastEvaluatedKey;
  } while (start);
  return items;
};
