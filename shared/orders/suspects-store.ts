import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { suspectKeptUntil } from '../bookings/kept-until.ts';
import { bookingKey } from '../bookings/keys.ts';
import { ownerSchema, shardKeySchema } from '../inventory/model.ts';
import { removeAttention } from '../bookings/attention.ts';
import { dueOf, removeDue, removePostponed } from '../bookings/due.ts';
import { allOf } from '../platform/clauses.ts';
import { conditionally, type Table } from '../platform/dynamo.ts';
import { orderIdSchema, type OrderId } from '../platform/ids.ts';
import { instantSchema, type Instant } from '../platform/time.ts';
import { keyOfOrder } from './change-store.ts';

/** Pieces of a shard that one try of an order took, and that no item of the order named at the first look. */
const suspectSchema = z.object({
  orderId: orderIdSchema,
  shard: shardKeySchema,
  owner: ownerSchema,
  dueAt: instantSchema.optional(),
});
export type Suspect = z.infer<typeof suspectSchema>;

/**
 * Table `Bookings`: `ORDER#<orderId>` / `SUSPECT#<shard>#<owner>`, in the index of due items until the clean-up judges
 * it.
 */
const keyOf = ({ orderId, shard, owner }: Suspect) =>
  bookingKey('suspect', orderId, [shard.runId, shard.class, shard.shard, shard.generation, owner].join('#'));

/** Makes the clean-up judge these pieces at `dueAt`. Storing the same suspicion twice stores one. */
export const putSuspect = async (bookings: Table, suspect: Suspect & { dueAt: Instant }): Promise<void> => {
  await bookings.client.send(
    new PutCommand({
      TableName: bookings.name,
      Item: {
        ...suspectSchema.parse(suspect),
        ...keyOf(suspect),
        ...dueOf(suspect.orderId, suspect.dueAt),
        ttl: suspectKeptUntil(suspect.dueAt),
      },
    }),
  );
};

export const readSuspect = async (
  bookings: Table,
  orderId: OrderId,
  sk: string,
): Promise<Suspect | undefined> => {
  const { Item } = await bookings.client.send(
    new GetCommand({
      TableName: bookings.name,
      Key: { pk: keyOfOrder(orderId).pk, sk },
      ConsistentRead: true,
    }),
  );
  return Item && suspectSchema.parse(Item);
};

/** Takes the suspicion out of the index, unless somebody has stored it again. */
export const suspectJudged = async (bookings: Table, suspect: Suspect): Promise<void> => {
  await conditionally(
    bookings.client.send(
      new UpdateCommand({
        TableName: bookings.name,
        Key: keyOf(suspect),
        ConditionExpression: allOf('dueAt = :seen'),
        UpdateExpression: `REMOVE ${removeDue}, ${removePostponed}, ${removeAttention}`,
        ExpressionAttributeValues: { ':seen': suspect.dueAt ?? '' },
      }),
    ),
  );
};
