import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Table } from '../platform/dynamo.ts';

/**
 * Table `Bookings`: `SCAN#<name>` / `PLACE` keeps how far a scan has come that is too long for one invocation. It does
 * not stand in the table that is scanned, whose stream speaks of seats alone.
 */
const keyOf = (scan: string) => ({ pk: `SCAN#${scan}`, sk: 'PLACE' });

/** Behind which key to go on; undefined for a new start. */
export const readScanPlace = async (bookings: Table, scan: string): Promise<string | undefined> => {
  const { Item } = await bookings.client.send(
    new GetCommand({ TableName: bookings.name, Key: keyOf(scan), ConsistentRead: true }),
  );
  return Item?.['after'] === undefined ? undefined : String(Item['after']);
};

/** Without a condition: of two scans at once either place is a good one, since looking twice does no harm. */
export const keepScanPlace = async (
  bookings: Table,
  scan: string,
  after: string | undefined,
): Promise<void> => {
  await bookings.client.send(new PutCommand({ TableName: bookings.name, Item: { ...keyOf(scan), after } }));
};
