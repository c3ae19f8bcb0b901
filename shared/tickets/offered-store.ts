import * as z from 'zod';
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { runKeptUntil } from '../bookings/kept-until.ts';
import { bookingKey, bookingKeys } from '../bookings/keys.ts';
import type { Item, Table, TransactItem } from '../platform/dynamo.ts';
import {
  itemIdSchema,
  offerIdSchema,
  orderOfOffer,
  ticketIdOf,
  type ItemId,
  type OfferId,
  type RunId,
  type TicketId,
} from '../platform/ids.ts';

/*
 * Table `Bookings`: `RUN#<runId>` / `OFFERED#<offerId>`: these tickets of the run may have been given back or exchanged
 * since. A ticket ends by an offer alone, so whoever reads all of these misses none that has ended. It is written with
 * the offer and not with its end: the transactions that end tickets have no room left.
 */
const offeredSchema = z.object({ offerId: offerIdSchema, itemIds: z.array(itemIdSchema).min(1).max(9) });

/** The part of an offer's transaction by which gates find its tickets. */
export const noteOffered = (
  bookings: Table,
  runId: RunId,
  offered: { offerId: OfferId; itemIds: readonly ItemId[] },
): TransactItem => ({
  Put: {
    TableName: bookings.name,
    Item: {
      ...bookingKey('offered', runId, offered.offerId),
      ...offeredSchema.parse(offered),
      ttl: runKeptUntil(runId),
    },
  },
});

const ticketsIn = (item: Item): TicketId[] => {
  const { offerId, itemIds } = offeredSchema.parse(item);
  return itemIds.map((itemId) => ticketIdOf(orderOfOffer(offerId), itemId));
};

/** The tickets of a run that were ever offered to go back, page by page. `next` is the place after this page. */
export const listOffered = async (
  bookings: Table,
  runId: RunId,
  { after, offersMax }: { after: OfferId | undefined; offersMax: number },
): Promise<{ ticketIds: TicketId[]; next: OfferId | undefined }> => {
  const { pk, skPrefix } = bookingKeys('offered', runId);
  const { Items = [], LastEvaluatedKey } = await bookings.client.send(
    new QueryCommand({
      TableName: bookings.name,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :offers)',
      ExpressionAttributeValues: { ':pk': pk, ':offers': skPrefix },
      ConsistentRead: true,
      Limit: offersMax,
      ...(after && { ExclusiveStartKey: bookingKey('offered', runId, after) }),
    }),
  );
  const last = Items.at(-1);
  return {
    ticketIds: [...new Set(Items.flatMap(ticketsIn))],
    next: LastEvaluatedKey && last && offeredSchema.parse(last).offerId,
  };
};
