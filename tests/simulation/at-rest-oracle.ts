import type { Books } from './books.ts';
import type { Mirror } from './mirror.ts';
import { itemsAlive, orderIdOfOwner, piecesIn, seatsOfItem, shardKeyOf, type Item } from './protocol.ts';
import type { Wrong } from './wrong.ts';

/**
 * Once everything is at rest: every seat and all money counted again from the stored attributes and the provider's
 * books, without a line of the product. What the audit finds by the product's own rules is found here without them.
 */
export const countAgain = (
  { shards, bookings }: Pick<Mirror, 'shards' | 'bookings'>,
  books: Books,
): Wrong[] => {
  const orders = [...bookings].flatMap(([pk, items]): Booked[] => {
    const order = items.get('ORDER');
    if (!pk.startsWith('ORDER#') || !order) return [];
    return [{ orderId: pk.slice('ORDER#'.length), order, items }];
  });
  return [
    ...orders.flatMap((booked) => seatsOfOrder(booked, shards)),
    ...[...Map.groupBy(orders, rootOf).values()].flatMap((together) => moneyOfOrders(together, books)),
    ...exchangedOnce(orders),
    ...ownersOf(shards, orders),
    ...travellers(orders),
    ...moneyOfNobody(orders, books),
  ];
};

type Booked = { orderId: string; order: Item; items: ReadonlyMap<string, Item> };

const wrongly =
  (rule: string) =>
  (what: string): Wrong => ({ rule, what });
const [seat, wrongMoney, time] = [
  wrongly('seats-counted'),
  wrongly('money-counted'),
  wrongly('time-counted'),
];

const ticketsOf = (items: ReadonlyMap<string, Item>): Item[] =>
  [...items].flatMap(([sk, ticket]) => (sk.startsWith('TICKET#') ? [ticket] : []));

/** A ticket has a seat, and the seat is its own; who has no ticket has none. */
const seatsOfOrder = ({ orderId, order, items }: Booked, shards: ReadonlyMap<string, Item>): Wrong[] => {
  const tickets = ticketsOf(items);
  const alive = itemsAlive(order);
  const sat = alive.flatMap((item) => seatsOfItem(item).map((place) => ({ itemId: item.itemId, ...place })));
  const wrong = sat.flatMap(({ itemId, shard, piece, owner }) => {
    const pieces = piecesIn(shards.get(shardKeyOf(shard)) ?? {});
    const mine = pieces.filter(
      ({ seat: number, from, to }) => number === piece.seat && from === piece.from && to === piece.to,
    );
    return mine.length === 1 && mine[0]?.owner === owner
      ? []
      : [seat(`${orderId}-${itemId} does not own its seat`)];
  });
  const expected = order['state'] === 'issued' ? alive.length : 0;
  const valid = tickets.filter(({ state }) => state === 'issued' || state === 'checkedIn').length;
  if (valid !== expected)
    wrong.push(seat(`${orderId} has ${valid} tickets and ${expected} passengers to travel`));
  return wrong;
};

/** What is owned is owned by an item that lives. */
const ownersOf = (shards: ReadonlyMap<string, Item>, orders: readonly Booked[]): Wrong[] => {
  const byId = new Map(orders.map(({ orderId, order }) => [orderId, order]));
  return [...shards].flatMap(([key, item]) =>
    piecesIn(item).flatMap(({ owner, seat: number, from }) => {
      if (owner === undefined) return [];
      const order = byId.get(orderIdOfOwner(owner)) ?? {};
      const named = itemsAlive(order)
        .flatMap(seatsOfItem)
        .some((place) => place.owner === owner && shardKeyOf(place.shard) === key);
      return named ? [] : [seat(`${key} seat ${number} from ${from} is owned, and nobody sits there`)];
    }),
  );
};

/**
 * What a provider was paid for an order it has for its tickets, or it was given back, by the provider or by hand, or it
 * still waits for a person to give it back; and what was given back twice is said to be. To the last unit.
 */
const moneyOfOrders = (together: readonly Booked[], books: Books): Wrong[] => {
  const orderId = together.map((each) => each.orderId).join(' with ');
  const paymentIds = [...books.trades.keys()].filter((paymentId) =>
    together.some((each) => paymentId.startsWith(`${each.orderId}_`)),
  );
  const items = together.flatMap((each) => [...each.items]);
  const refunds = items.flatMap(([sk, refund]) => (sk.startsWith('REFUND#') ? [refund] : []));
  const isOf = ({ paymentId }: { paymentId: string }): boolean => paymentIds.includes(paymentId);
  const moneyOf = (some: readonly Item[]): Money[] => some.map(({ amount }) => amount as Money);
  const money = {
    taken: paymentIds.flatMap((paymentId) => books.takenOf(paymentId) ?? []),
    back: [...books.refunds.booked.values()].filter(isOf).map(({ amount }) => amount),
    byHand: books.refunds.byHand.filter(isOf).map(({ amount }) => amount),
    twice: moneyOf(refunds.filter((refund) => refund['overpaidAt'] !== undefined)),
    owed: moneyOf(refunds.filter(({ state }) => state === 'failed' || state === 'settling')),
    price: moneyOf(together.map(({ order }) => order).filter(({ state }) => state === 'issued')),
    cheaper: together.flatMap(({ order }) => cheaperBy(order)),
    granted: moneyOf(refunds.filter(({ reason }) => reason === 'granted')),
    forTickets: ticketsOf(
      new Map(
        together.flatMap((each) =>
          ticketsOf(each.items).map((ticket) => [`TICKET#${String(ticket['ticketId'])}`, ticket] as const),
        ),
      ),
    ).flatMap(({ refund }) => (refund ? [(refund as Item)['amount'] as Money] : [])),
  };
  const currencies = new Set(Object.values(money).flatMap((some) => some.map(({ currency }) => currency)));
  return [...currencies].flatMap((currency) => {
    const of = (name: keyof typeof money): number =>
      money[name].reduce((sum, each) => sum + (each.currency === currency ? each.amount : 0), 0);
    const kept = of('taken') - of('back') - of('byHand') + of('twice') - of('owed');
    const state = together.map(({ order }) => String(order['state'])).join(', ');
    const costs = of('price') - of('cheaper') - of('granted') - of('forTickets');
    return kept === costs
      ? []
      : [wrongMoney(`${orderId} is ${state} and costs ${costs} ${currency}: kept is ${kept}`)];
  });
};

type Money = { amount: number; currency: string };

type ExchangeOf = { orderId: string; tickets: { itemId: string; former: Money; fee: Money }[] };

const exchangeIn = (order: Item): ExchangeOf | undefined => order['exchangeOf'] as ExchangeOf | undefined;

/** Orders that exchanged tickets share their money: that of the first stands for all. */
const rootOf = ({ orderId, order }: Booked): string => exchangeIn(order)?.orderId ?? orderId;

/** What goes back because an order that was issued in exchange costs less than the tickets that it replaced. */
const cheaperBy = (order: Item): Money[] => {
  const exchange = exchangeIn(order);
  if (!exchange || order['state'] !== 'issued') return [];
  const fares = order['items'] as Record<string, { fare: Money }>;
  const less = exchange.tickets.reduce(
    (sum, { itemId, former, fee }) => sum + former.amount - fee.amount - (fares[itemId]?.fare.amount ?? 0),
    0,
  );
  return less > 0 ? [{ amount: less, currency: (order['amount'] as Money).currency }] : [];
};

/** A ticket was exchanged exactly if the order in its place is issued. */
const exchangedOnce = (orders: readonly Booked[]): Wrong[] => {
  const byId = new Map(orders.map((each) => [each.orderId, each]));
  return orders.flatMap(({ orderId, order }) =>
    (exchangeIn(order)?.tickets ?? []).flatMap(({ itemId }) => {
      const ticket = byId.get(exchangeIn(order)?.orderId ?? '')?.items.get(`TICKET#${itemId}`);
      const is = (ticket?.['exchange'] as { newOrderId?: string } | undefined)?.newOrderId === orderId;
      return is === (order['state'] === 'issued')
        ? []
        : [time(`the ticket ${itemId} that ${orderId} replaces is ${String(ticket?.['state'])}`)];
    }),
  );
};

const moneyOfNobody = (orders: readonly Booked[], books: Books): Wrong[] => {
  const known = new Set(orders.map(({ orderId }) => orderId));
  return [...books.trades.values()].flatMap(({ paymentId, state }) =>
    state === 'captured' && !known.has(paymentId.slice(0, 26))
      ? [wrongMoney(`${paymentId} pays no order`)]
      : [],
  );
};

/** Nobody sits in two trains at one time. */
const travellers = (orders: readonly Booked[]): Wrong[] => {
  const journeys = new Map<string, { orderId: string; from: string; to: string }[]>();
  for (const { orderId, order } of orders) {
    if (order['state'] !== 'issued') continue;
    for (const { passenger } of itemsAlive(order)) {
      if (passenger.documentClaim === undefined) continue;
      const journey = { orderId, from: String(order['departsAt']), to: String(order['arrivesAt']) };
      journeys.set(passenger.documentClaim, [...(journeys.get(passenger.documentClaim) ?? []), journey]);
    }
  }
  return [...journeys.values()].flatMap((of) => {
    const inOrder = of.toSorted((a, b) => (a.from < b.from ? -1 : 1));
    return inOrder.flatMap((journey, n) => {
      const next = inOrder[n + 1];
      return next && next.from < journey.to
        ? [time(`one passenger travels with ${journey.orderId} and with ${next.orderId}`)]
        : [];
    });
  });
};
