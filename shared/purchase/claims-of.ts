import type { ClaimWish } from '../orders/claims-store.ts';
import { itemsOf, type StandingOrder } from '../orders/model.ts';

/** What an order's items claim of their passengers' time; passengers without a document claim nothing. */
export const claimsOf = (order: StandingOrder): ClaimWish[] =>
  itemsOf(order).flatMap(({ itemId, passenger }) =>
    passenger.documentClaim
      ? [
          {
            claim: passenger.documentClaim,
            holder: `${order.orderId}-${itemId}`,
            time: { from: order.departsAt, to: order.arrivesAt },
          },
        ]
      : [],
  );
