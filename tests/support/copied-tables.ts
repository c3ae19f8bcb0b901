import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { scanSegment } from '../../shared/audit/store.ts';
import type { Item, Table } from '../../shared/platform/dynamo.ts';

/** All items of a table at this moment, as a restore to it would bring them back. */
export const copyOf = async (table: Table): Promise<Item[]> =>
  (await Array.fromAsync(scanSegment(table, { segment: 0, total: 1 }))).flat();

/** Loses everything in a table, and puts a copy in its place. */
export const restoreTo = async (table: Table, copy: readonly Item[]): Promise<void> => {
  for (const { pk, sk } of await copyOf(table))
    await table.client.send(
      new DeleteCommand({ TableName: table.name, Key: { pk, ...(sk !== undefined && { sk }) } }),
    );
  for (const item of copy) await table.client.send(new PutCommand({ TableName: table.name, Item: item }));
};
