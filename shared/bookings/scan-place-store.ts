import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { bookingKey } from './keys.ts';
import type { Table } from '../platform/dynamo.ts';
import { instantSchema } from '../platform/time.ts';

/** When a sweep began, and the item after which it continues; without `after` it is over. */
const scanPlaceSchema = z.object({ startedAt: instantSchema, after: z.string().optional() });
export type ScanPlace = z.infer<typeof scanPlaceSchema>;

/**
 * Table `Bookings`: `SCAN#<name>` / `PLACE` stores the progress of a sweep that is too long for one invocation. It is
 * not in the swept table, because that table's stream carries only seats.
 */
const keyOf = (scan: string) => bookingKey('place', scan);

/** Undefined before the first sweep. An unreadable place counts as missing: a second look does no harm. */
export const readScanPlace = async (bookings: Table, scan: string): Promise<ScanPlace | undefined> => {
  const { Item } = await bookings.client.send(
    new GetCommand({ TableName: bookings.name, Key: keyOf(scan), ConsistentRead: true }),
  );
  return scanPlaceSchema.safeParse(Item).data;
};

/** It has no condition: if two sweeps run at once, either place is good. */
export const putScanPlace = async (bookings: Table, scan: string, place: ScanPlace): Promise<void> => {
  await bookings.client.send(
    new PutCommand({ TableName: bookings.name, Item: { ...keyOf(scan), ...scanPlaceSchema.parse(place) } }),
  );
};
