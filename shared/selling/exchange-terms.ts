import type { OrderIn } from '../orders/model.ts';
import type { TransactItem } from '../platform/dynamo.ts';
import type { Instant } from '../platform/time.ts';
import type { Offer } from './decide-offer.ts';
import type { ExchangePrice } from './draft-order.ts';

/** What a sale needs to know if its passengers exchange tickets for it. */
export type ExchangeTerms = {
  /** The price of what is on sale; undefined if the tickets cannot be exchanged for it, and then nothing is taken. */
  price: (offer: Offer, now: Instant) => ExchangePrice | undefined;
  /** The writes that bind the tickets to the order, in the transaction that commits it. */
  binding: (order: OrderIn<'held'>) => readonly TransactItem[];
};
