import {
  differenceOfOrder,
  isExchanging,
  type ExchangingOrder,
  type Order,
  type OrderIn,
} from '../orders/model.ts';
import { noTicketsFor, type RunToday } from '../paying/no-travel.ts';
import type { Payment, RefundIn } from '../payments/model.ts';
import type { OfferId, UserId } from '../platform/ids.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import type { Instant } from '../platform/time.ts';
import type { Former } from '../selling/decide-issue.ts';
import { refundsFor, refusalOf } from './decide-acceptance.ts';
import type { ExchangeAcceptanceRefusal } from './refusals.ts';

/** The new order, which is the offer; and if it is held, its run, the order whose tickets it replaces, and its payments. */
export type LoadedExchange = {
  order: Order | undefined;
  today?: RunToday | undefined;
  former?: Former | undefined;
  payments: readonly Payment[];
};

export type Held = ExchangingOrder & OrderIn<'held'>;

export type Acceptable =
  /** Something is to be paid for it, or was paid a moment ago: its payment accepts the offer. */
  | { now: 'to-be-paid'; order: OrderIn<'held' | 'paid'> }
  /** T18, with what goes back. */
  | { now: 'to-be-switched'; order: Held; former: Former; refunds: RefundIn<'requested'>[] };

const isHeld = (order: ExchangingOrder): order is Held => order.state === 'held';

/** Why the tickets of an offer are not exchanged by it now; undefined if they are. */
const refusalFor = (
  { exchangeOf: { offerId, tickets: replaced } }: Held,
  { tickets }: Former,
  now: Instant,
): ExchangeAcceptanceRefusal | undefined => {
  const wanted = replaced.flatMap(({ itemId }) => tickets.find((each) => each.itemId === itemId) ?? []);
  // The order may have been read before the switch, and its tickets after it.
  if (wanted.some((ticket) => ticket.state === 'exchanged' && ticket.exchange.offerId === offerId))
    return 'offer-used';
  const refusal = wanted.map(refusalOf).find((each) => each !== undefined);
  if (refusal) return refusal;
  const isBound = wanted.every(
    ({ state, ...ticket }) =>
      state === 'issued' &&
      'openOffer' in ticket &&
      ticket.openOffer?.offerId === offerId &&
      ticket.openOffer.validUntil > now,
  );
  return isBound && wanted.length === replaced.length ? undefined : 'offer-expired';
};

const decideHeld = (
  order: Held,
  { former, today, payments }: LoadedExchange,
  now: Instant,
): Outcome<Acceptable, ExchangeAcceptanceRefusal> => {
  if (order.expiresAt <= now) return rejected('offer-expired');
  const { toPay, toRefund } = differenceOfOrder(order);
  if (!former || !today) return rejected('ticket-not-valid');
  const refusal = refusalFor(order, former, now);
  if (refusal) return rejected(refusal);
  if (noTicketsFor(order, today, now)) return rejected('not-on-sale');
  if (toPay.amount > 0) return accepted({ now: 'to-be-paid', order });
  const itemIds = order.exchangeOf.tickets.map(({ itemId }) => itemId);
  const back = { itemIds, amount: toRefund, reason: 'ticket-exchanged' as const };
  const spread = refundsFor(former.order, back, payments, now);
  if (spread.outcome === 'rejected') return spread;
  return accepted({ now: 'to-be-switched', order, former, refunds: spread.refunds });
};

/**
 * What the acceptance of an exchange offer does. The new order is the offer: while it is held, it binds the carrier. The
 * write repeats the states of both orders and of each ticket, the end of the hold, and what is left of the money.
 */
export const decideExchangeAcceptance = (
  loaded: LoadedExchange,
  { offerId, userId }: { offerId: OfferId; userId: UserId },
  now: Instant,
): Outcome<Acceptable, ExchangeAcceptanceRefusal> => {
  const { order } = loaded;
  if (!order || !isExchanging(order) || order.userId !== userId) return rejected('not-found');
  if (order.exchangeOf.offerId !== offerId) return rejected('not-found');
  if (isHeld(order)) return decideHeld(order, loaded, now);
  if (order.state === 'paid') return accepted({ now: 'to-be-paid', order });
  return rejected(order.state === 'issued' ? 'offer-used' : 'offer-expired');
};
