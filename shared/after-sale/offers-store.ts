import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { offerKeptUntil } from '../bookings/kept-until.ts';
import { bookingKey } from '../bookings/keys.ts';
import { allOf } from '../platform/clauses.ts';
import type { Table, TransactItem } from '../platform/dynamo.ts';
import { orderOfOffer, type OfferId } from '../platform/ids.ts';
import { refundOfferSchema, type RefundOffer } from './model.ts';

/** Table `Bookings`: `ORDER#<orderId>` / `OFFER#<offerId>`. */
const keyOf = (offerId: OfferId) => bookingKey('offer', orderOfOffer(offerId), offerId);

/** Written together with the tickets that it binds. Nothing changes it afterwards. */
export const putOffer = (bookings: Table, offer: RefundOffer): TransactItem => ({
  Put: {
    TableName: bookings.name,
    Item: {
      ...keyOf(offer.offerId),
      ...refundOfferSchema.parse(offer),
      ttl: offerKeptUntil(offer.validUntil),
    },
    ConditionExpression: allOf('attribute_not_exists(pk)'),
  },
});

export const readOffer = async (bookings: Table, offerId: OfferId): Promise<RefundOffer | undefined> => {
  const { Item } = await bookings.client.send(
    new GetCommand({ TableName: bookings.name, Key: keyOf(offerId), ConsistentRead: true }),
  );
  return Item && refundOfferSchema.parse(Item);
};
