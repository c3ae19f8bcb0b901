import { setTimeout as sleep } from 'node:timers/promises';
import { passengerTypeOf } from '../../shared/platform/carrier.ts';
import { checkIn } from './check-in.ts';
import { signIn, type Buyer, type Money, type Order } from './client.ts';
import { cancelRun } from './disruption.ts';
import { exchangeTicket } from './exchange.ts';
import type { Offer } from './find-offers.ts';
import type { DemoPassenger } from './passengers.ts';
import { amountOf, expect, mailsTo, seatsLeft, seatsOf, shows, wish, type Stage } from './stage.ts';

type Told = {
  /** Who has two tickets of an issued order for `offer`. */
  buyer: Buyer;
  orderId: string;
  offer: Offer;
  /** What is sold out. */
  soldOut: Offer;
  /** Who has the last ticket for it. */
  winner: { buyer: Buyer; orderId: string };
};

/** The second part: what happens to tickets after they are issued, and to passengers who got none. */
export const tellAfterTheSale = async (stage: Stage, told: Told): Promise<void> => {
  stage.tell.part('After the sale');
  await giveBack(stage, told);
  await travelAsFamily(stage, told.offer);
  await lookForAlternatives(stage, told);
  await checkIn(stage, told);
  await exchangeTicket(stage, told);
  await cancelRun(stage, told.soldOut, told.winner);
};

type RefundOffer = {
  offerId: string;
  validUntil: string;
  tickets: { ticketId: string; price: Money; fee: Money; rule: unknown; refund: Money }[];
};

const giveBack = async (stage: Stage, { buyer, orderId, offer }: Told): Promise<void> => {
  const { run, tell, carrier } = stage;
  tell.chapter('One of two passengers gives the ticket back');
  if (!carrier.afterSale) return tell.seen('this carrier takes no ticket back');
  const { body: order } = await buyer.get<Order>(`/v1/orders/${orderId}`);
  const ticketIds = order.items.flatMap(({ ticketId }) => ticketId ?? []).slice(-1);
  const before = await seatsLeft(buyer, stage, offer);
  const mails = (await mailsTo(run, buyer.email, 0)).length;
  const made = await buyer.post<RefundOffer>(`/v1/orders/${orderId}/refund-offers`, { ticketIds });
  const [ticket] = made.body.tickets ?? [];
  expect(made.status === 201 && ticket !== undefined, 'the carrier makes an offer', made);
  tell.seen(
    `offer: of ${amountOf(ticket.price)}, ${amountOf(ticket.refund)} come back; the fee is ${amountOf(ticket.fee)}`,
  );
  tell.seen(`by the rule ${JSON.stringify(ticket.rule)}, binding until ${made.body.validUntil}`);
  const accepted = await buyer.post<Order>(`/v1/refund-offers/${made.body.offerId}/acceptance`);
  expect(accepted.status === 200, 'the offer is accepted', accepted);
  const again = await buyer.post<{ type?: string }>(`/v1/refund-offers/${made.body.offerId}/acceptance`);
  expect(again.body.type?.endsWith(':offer-used') === true, 'an offer is accepted once', again);
  tell.seen('accepted; a second time it is refused: the offer is used');
  const left = await shows(buyer, stage, offer, before + 1);
  expect(left === before + 1, 'the seat is on sale again', { before, left });
  tell.seen(`search shows ${left} seats instead of ${before}`);
  if (ticket.refund.amount > 0) {
    const refunds = await refundsOf(buyer, orderId);
    expect(
      refunds.every(({ state }) => state === 'paid'),
      'the money is back',
      refunds,
    );
    tell.seen(`${refunds.map(({ amount }) => amountOf(amount)).join(', ')} is back with the payer`);
  }
  const subjects = await mailsTo(run, buyer.email, mails + 1);
  expect(subjects.length > mails, 'a mail tells it', subjects);
  tell.seen(`mail: ${subjects.at(-1)}`);
};

/** The refunds of an order, as soon as all are paid. */
const refundsOf = async (buyer: Buyer, orderId: string): Promise<{ amount: Money; state: string }[]> => {
  for (let attempt = 0; ; attempt += 1) {
    const { body } = await buyer.get<{ refunds?: { amount: Money; state: string }[] }>(
      `/v1/orders/${orderId}`,
    );
    const refunds = body.refunds ?? [];
    const isDone = refunds.length > 0 && refunds.every(({ state }) => state === 'paid');
    if (isDone || attempt > 100) return refunds;
    await sleep(200);
  }
};

/** Two who travel alone, one who needs company, and one on a lap, as far as the carrier has such types. */
const familyOf = ({ passenger, carrier }: Stage): DemoPassenger[] => {
  const [first, second] = [passenger(51), passenger(52)];
  const terms = passengerTypeOf(carrier, first.type);
  const escorted = carrier.passengerTypes.filter(({ onlyWith }) => terms && onlyWith?.includes(terms.type));
  const seated = escorted.find(({ withoutSeat }) => !withoutSeat);
  const held = escorted.find(({ withoutSeat }) => withoutSeat);
  return [
    { ...first, ...(held && { onLap: [{ ...passenger(54), type: held.type }] }) },
    second,
    ...(seated ? [{ ...passenger(53), type: seated.type }] : []),
  ];
};

type Priced = { journeys: { runId: string; classes: { class: string; total?: Money | null }[] }[] };

const travelAsFamily = async (stage: Stage, offer: Offer): Promise<void> => {
  const { run, dataDir, tell, found } = stage;
  tell.chapter('A family asks what it pays, and sits together');
  const family = familyOf(stage);
  const types = family.flatMap(({ type, onLap = [] }) => [type, ...onLap.map((held) => held.type)]);
  const buyer = await signIn(run.endpoints, dataDir, 'parents@example.com');
  const query = new URLSearchParams({
    from: found.from,
    to: found.to,
    date: found.date,
    types: types.join(','),
  });
  const { body } = await buyer.get<Priced>(`/v1/journeys?${query}`);
  const journey = body.journeys.find(({ runId }) => runId === offer.journey.runId);
  const total = journey?.classes.find((each) => each.class === offer.class)?.total;
  expect(total !== undefined && total !== null, 'the search says what they pay', body);
  tell.seen(`${types.join(', ')}: ${amountOf(total)} in ${offer.class} class`);
  const held = await buyer.placeOrder({ ...wish(stage, offer, []), passengers: family });
  expect(
    held.status === 201 && held.body.amount.amount === total.amount,
    'they hold their seats for that',
    held,
  );
  const { together, groups } = held.body.seating ?? { together: false, groups: [] };
  const sitting = together ? 'together' : `in ${groups.length} groups: ${JSON.stringify(groups)}`;
  tell.seen(`order ${held.body.orderId}: ${seatsOf(held.body)}, ${sitting}`);
  const { status } = await buyer.post(`/v1/orders/${held.body.orderId}/cancellation`);
  expect(status === 200, 'they cancel', status);
  tell.seen('they think again and cancel');
};

type Alternatives = {
  alternatives?: {
    kind: string;
    fare: Money;
    seatsLeft: number;
    legs: { trip: string; class: string; from: { departs: string } }[];
  }[];
};

const lookForAlternatives = async ({ tell, found }: Stage, { buyer, soldOut }: Told): Promise<void> => {
  const { journey, class: cls } = soldOut;
  tell.chapter(`${journey.trip} has no seat left in ${cls} class: what else is there?`);
  const { from, to, date } = found;
  const { runId } = journey;
  const query = new URLSearchParams({ from, to, date, alternatives: 'true', runId, class: cls });
  const { status, body } = await buyer.get<Alternatives>(`/v1/journeys?${query}`);
  expect(status === 200 && body.alternatives !== undefined, 'the search has alternatives', body);
  for (const { kind, fare, seatsLeft: left, legs } of body.alternatives) {
    const rides = legs.map((leg) => `${leg.trip} at ${leg.from.departs.slice(11, 16)} in ${leg.class}`);
    tell.seen(`${kind}: ${rides.join(', then ')}, ${amountOf(fare)}, for up to ${left}`);
  }
  if (body.alternatives.length === 0) tell.seen('nothing on this day');
};
