import { randomUUID } from 'node:crypto';
import { acceptExchangeOffer } from '../../shared/after-sale/accept-exchange.ts';
import { makeExchangeOffer } from '../../shared/after-sale/make-exchange-offer.ts';
import type { OrderIn } from '../../shared/orders/model.ts';
import { applyPayment } from '../../shared/paying/apply-payment.ts';
import type { ExchangeRules } from '../../shared/platform/after-sale/exchange-rules.ts';
import {
  classSchema,
  itemIdSchema,
  newOrderOf,
  offerIdSchema,
  stopIdSchema,
  ticketIdOf,
  userIdSchema,
  type OfferId,
  type OrderId,
} from '../../shared/platform/ids.ts';
import type { SeatWishes } from '../../shared/inventory/model.ts';
import { cancelOrder } from '../../shared/selling/cancel-order.ts';
import type { Run } from '../../shared/timetable/model.ts';
import { issuePaidOrder } from './order-by-id.ts';
import { refundWorld, usualRefundRules } from './refund-world.ts';

/** Free until the departure; to later days a tenth of the lower fare is kept in the last week, and a half after it. */
export const usualExchangeRules: ExchangeRules = {
  beforeDeparture: [
    { atLeast: 'P7D', percent: 0 },
    { atLeast: 'PT0H', percent: 0, toLaterDays: { percent: 10 } },
  ],
  afterDeparture: [{ atMost: 'same-day', percent: 0, toLaterDays: { percent: 50 }, refundable: false }],
  percentOf: 'lower-fare',
  keepsRefundTier: true,
};

export type ExchangeTo = {
  items?: number[];
  from?: number;
  to?: number;
  class?: string;
  key?: string;
  wishes?: SeatWishes;
};

type OfferOutcome = Awaited<ReturnType<ReturnType<typeof makeExchangeOffer>>>;

/** An offer that was made. Throws if there is none. */
export const offered = async (
  offer: Promise<OfferOutcome>,
): Promise<{ offerId: OfferId; newOrderId: OrderId }> => {
  const outcome = await offer;
  if (outcome.outcome === 'rejected') throw new Error(`no offer: ${outcome.reason}`);
  const offerId = offerIdSchema.parse(outcome.answer);
  return { offerId, newOrderId: newOrderOf(offerId) };
};

export type ExchangeWorld = Awaited<ReturnType<typeof exchangeWorld>>;

/** All of purchase, with a carrier that exchanges tickets and pays them back. */
export const exchangeWorld = async (exchange: ExchangeRules = usualExchangeRules) => {
  const world = await refundWorld(usualRefundRules, { exchange });
  const { dependencies } = world;
  type Dependencies = typeof dependencies;
  const change = (
    orderId: OrderId,
    user: string,
    run: Pick<Run, 'runId' | 'stops'>,
    wish: ExchangeTo = {},
    instead: Partial<Dependencies> = {},
  ) => {
    const userId = userIdSchema.parse(user);
    const ticketIds = wish.items?.map((item) => ticketIdOf(orderId, itemIdSchema.parse(String(item))));
    const { from = 0, to = run.stops.length - 1, key = randomUUID() } = wish;
    const body = {
      ticketIds,
      runId: run.runId,
      from: stopIdSchema.parse(`S${from}`),
      to: stopIdSchema.parse(`S${to}`),
      class: classSchema.parse(wish.class ?? 'second'),
      wishes: wish.wishes ?? {},
    };
    const scope = { userId, route: 'exchange-offers', key, bodyHash: JSON.stringify(body) };
    return makeExchangeOffer({ ...dependencies, ...instead })(
      orderId,
      { userId, ...body },
      { scope, answer: ({ exchangeOf }: OrderIn<'held'>) => exchangeOf?.offerId ?? '' },
    );
  };
  return {
    ...world,
    change,
    take: (offerId: OfferId, user: string, instead: Partial<Dependencies> = {}) =>
      acceptExchangeOffer({ ...dependencies, ...instead })(offerId, userIdSchema.parse(user)),
    cancel: (orderId: OrderId, user: string) => cancelOrder(dependencies)(orderId, userIdSchema.parse(user)),
    /** The buyer pays what the exchange costs, and the new order is issued. */
    payFor: async (orderId: OrderId) => {
      const payment = await world.pay(orderId);
      world.buyerPays(payment);
      await world.notify(payment);
      await applyPayment(dependencies)(payment.paymentId);
      return issuePaidOrder(dependencies)(orderId);
    },
    ticketStates: async (orderId: OrderId) =>
      (await world.stored(orderId)).tickets.map(({ ticketId, state }) => `${ticketId.slice(-1)} ${state}`),
  };
};
