import type { Buyer, Money, Order } from './client.ts';
import { offersOf, type Offer } from './find-offers.ts';
import { amountOf, expect, seatsOf, type Stage } from './stage.ts';

type Exchange = {
  offerId?: string;
  newOrderId?: string;
  validUntil: string;
  fee: Money;
  toPay?: Money;
  toRefund?: Money;
};

/** Another run in the same class, which the passenger would rather take. */
const otherRun = ({ found }: Stage, { journey, class: cls }: Offer, without: Offer): Offer | undefined =>
  offersOf(found.journeys).findLast(
    (each) =>
      each.class === cls &&
      ![journey.runId, without.journey.runId].includes(each.journey.runId) &&
      each.seatsLeft > 2,
  );

/** A ticket becomes one for another run: the new seat is held first, and both tickets are never valid at once. */
export const exchangeTicket = async (
  stage: Stage,
  { buyer, orderId, offer, soldOut }: { buyer: Buyer; orderId: string; offer: Offer; soldOut: Offer },
): Promise<void> => {
  const { tell, carrier, found } = stage;
  tell.chapter('The other passenger takes another run');
  const other = otherRun(stage, offer, soldOut);
  if (!other || !carrier.afterSale?.versions.some(({ exchange }) => exchange))
    return tell.seen('there is no other run, or this carrier exchanges nothing');
  const { body: order } = await buyer.get<Order>(`/v1/orders/${orderId}`);
  const ticketIds = order.items.flatMap(({ ticketId }) => ticketId ?? []).slice(0, 1);
  const wish = { runId: other.journey.runId, from: found.from, to: found.to, class: other.class };
  const { status, body } = await buyer.post<Exchange>(`/v1/orders/${orderId}/exchange-offers`, {
    ticketIds,
    ...wish,
  });
  expect(status === 201 && body.newOrderId !== undefined, 'the carrier makes an offer', body);
  const difference = body.toRefund
    ? `${amountOf(body.toRefund)} come back`
    : `${amountOf(body.toPay ?? body.fee)} to pay`;
  tell.seen(`${offer.journey.trip} → ${other.journey.trip}: fee ${amountOf(body.fee)}, ${difference}`);
  if (body.toPay && body.toPay.amount > 0) await buyer.pay(body.newOrderId);
  else await buyer.post(`/v1/exchange-offers/${body.offerId}/acceptance`);
  const issued = await buyer.waitFor(body.newOrderId, ['issued']);
  expect(issued.state === 'issued', 'the new ticket is issued', issued);
  const { body: former } = await buyer.get<{ state: string }>(`/v1/tickets/${ticketIds[0]}`);
  expect(former.state === 'exchanged', 'the earlier ticket is not valid any more', former);
  tell.seen(`${other.journey.trip}, ${seatsOf(issued)}; the earlier ticket is ${former.state}`);
};
