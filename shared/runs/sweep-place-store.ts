import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { bookingKey } from '../bookings/keys.ts';
import type { Table } from '../platform/dynamo.ts';
import { serviceDateSchema } from '../platform/ids.ts';
import { instantSchema } from '../platform/time.ts';

/** Until when every date whose turn it was has been looked through, but for those that are owed. */
const sweepPlaceSchema = z.object({ sweptUntil: instantSchema, owed: z.array(serviceDateSchema) });
export type SweepPlace = z.infer<typeof sweepPlaceSchema>;

/** Table `Bookings`: `SCAN#runs` / `PLACE` keeps how far the sweep of frozen runs has come. */
const key = bookingKey('place', 'runs');

/** Undefined before the first sweep. A place that cannot be understood is none: looking twice does no harm. */
export const readSweepPlace = async (bookings: Table): Promise<SweepPlace | undefined> => {
  const { Item } = await bookings.client.send(
    new GetCommand({ TableName: bookings.name, Key: key, ConsistentRead: true }),
  );
  return sweepPlaceSchema.safeParse(Item).data;
};

/** Without a condition: of two sweeps at once either place is a good one. */
export const keepSweepPlace = async (bookings: Table, place: SweepPlace): Promise<void> => {
  await bookings.client.send(
    new PutCommand({ TableName: bookings.name, Item: { ...key, ...sweepPlaceSchema.parse(place) } }),
  );
};
