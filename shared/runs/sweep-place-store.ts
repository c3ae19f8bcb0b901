import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { bookingKey } from '../bookings/keys.ts';
import type { Table } from '../platform/dynamo.ts';
import { serviceDateSchema } from '../platform/ids.ts';
import { instantSchema } from '../platform/time.ts';

/** The sweep has covered all dates whose turn came before `sweptUntil`, except those in `owed`. */
const sweepPlaceSchema = z.object({ sweptUntil: instantSchema, owed: z.array(serviceDateSchema) });
export type SweepPlace = z.infer<typeof sweepPlaceSchema>;

/** Table `Bookings`: `SCAN#runs` / `PLACE` stores the progress of the sweep of frozen runs. */
const key = bookingKey('place', 'runs');

/** Undefined before the first sweep. An unreadable place counts as missing: a second look does no harm. */
export const readSweepPlace = async (bookings: Table): Promise<SweepPlace | undefined> => {
  const { Item } = await bookings.client.send(
    new GetCommand({ TableName: bookings.name, Key: key, ConsistentRead: true }),
  );
  return sweepPlaceSchema.safeParse(Item).data;
};

/** It has no condition: if two sweeps run at once, either place is good. */
export const putSweepPlace = async (bookings: Table, place: SweepPlace): Promise<void> => {
  await bookings.client.send(
    new PutCommand({ TableName: bookings.name, Item: { ...key, ...sweepPlaceSchema.parse(place) } }),
  );
};
