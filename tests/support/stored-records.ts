import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { Table } from '../../shared/platform/dynamo.ts';

/** The records of requests, as whoever may read the table finds them. */
export const storedRecords = async ({ client, name }: Table): Promise<Record<string, string>[]> => {
  const { Items = [] } = await client.send(new ScanCommand({ TableName: name, ConsistentRead: true }));
  return Items.filter(({ pk }) => String(pk).startsWith('IDEMPOTENCY#'));
};
