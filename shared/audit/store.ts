import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { Item, Table } from '../platform/dynamo.ts';

/**
 * One of `total` segments of a table, page by page, each in the state at its read. Like all of this module it only
 * reads; it accepts any table, whose own module defines its items.
 */
export async function* scanSegment(
  { client, name }: Table,
  { segment, total }: { segment: number; total: number },
  attribute?: string,
): AsyncGenerator<Item[]> {
  let start: Item | undefined;
  do {
    const page = await client.send(
      new ScanCommand({
        TableName: name,
        ConsistentRead: true,
        Segment: segment,
        TotalSegments: total,
        ...(attribute && { ProjectionExpression: '#only', ExpressionAttributeNames: { '#only': attribute } }),
        ...(start && { ExclusiveStartKey: start }),
      }),
    );
    yield page.Items ?? [];
    start = page.LastEvaluatedKey;
  } while (start);
}
