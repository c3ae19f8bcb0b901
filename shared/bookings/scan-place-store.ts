import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { bookingKey } from './keys.ts';
import type { Table } from '../platform/dynamo.ts';
import { instantSchema } from '../platform/time.ts';

/** When a sweep began, and behind what it goes on; without `after` it is over. */
const scanPlaceSchema = z.object({ startedAt: instantSchema, after: z.string().optional() });
export type ScanPlace = z.infer<typeof scanPlaceSchema>;

/**
 * Table `Bookings`: `SCAN#<name>` / `PLACE` keeps how far a sweep has come that is too long for one invocation. It does
 * not stand in the table that is swept, whose stream speaks of seats alone.
 */
const keyOf = (scan: string) => bookingKey('place', scan);

/** Undefined for the first sweep ever. A place that cannot be understood is none: looking twice does no harm. */
export const readScanPlace = async (bookings: Table, scan: string): Promise<ScanPlace | undefined> => {
  const { Item } = await bookings.client.send(
    new GetCommand({ TableName: bookings.name, Key: keyOf(scan), ConsistentRead: true }),
  );
  return scanPlaceSchema.safeParse(Item).data;
};

/** Without a condition: of two sweeps at once either place is a good one. */
export const keepScanPlace = async (bookings: Table, scan: string, place: ScanPlace): Promise<void> => {
  await bookings.client.send(
    new PutCommand({ TableName: bookings.name, Item: { ...keyOf(scan), ...scanPlaceSchema.parse(place) } }),
  );
};
