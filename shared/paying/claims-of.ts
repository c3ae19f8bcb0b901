import { itemsOf, peopleOf, type CommittedOrder, type OrderItem, type Passenger } from '../orders/model.ts';
import type { ClaimWish, TravelTime } from '../orders/rules.ts';
import type { OrderId } from '../platform/ids.ts';
import type { Run, Stretch } from '../timetable/model.ts';

type Claiming = { itemId: string; passenger: Passenger };

/** `instead`: the order whose items of the same numbers are exchanged for these. */
type Holding = { orderId: OrderId; instead?: OrderId | undefined };

const wishesOf = ({ orderId, instead }: Holding, items: readonly Claiming[], time: TravelTime): ClaimWish[] =>
  items.flatMap(({ itemId, passenger }) =>
    peopleOf(passenger).flatMap(({ documentClaim: claim }) =>
      claim
        ? [
            {
              claim,
              holder: `${orderId}-${itemId}`,
              time,
              ...(instead && { instead: `${instead}-${itemId}` }),
            },
          ]
        : [],
    ),
  );

/** The claims of some of an order's items. */
export const claimsOfItems = (order: CommittedOrder, items: readonly OrderItem[]): ClaimWish[] =>
  wishesOf({ orderId: order.orderId, instead: order.exchangeOf?.orderId }, items, {
    from: order.departsAt,
    to: order.arrivesAt,
  });

/** The claims of an order's items on their passengers' time; passengers without a document claim nothing. */
export const claimsOf = (order: CommittedOrder): ClaimWish[] => claimsOfItems(order, itemsOf(order));

/** The claims of an order that is being drafted for these items. */
export const claimsOfDraft = (
  holding: Holding,
  items: readonly Claiming[],
  run: Run,
  stretch: Stretch,
): ClaimWish[] => {
  const [from, to] = [run.stops[stretch.from], run.stops[stretch.to]];
  if (!from || !to) throw new RangeError('a stretch beyond the stops of its run');
  return wishesOf(holding, items, { from: from.departs, to: to.arrives });
};
