import { randomUUID } from 'node:crypto';
import { acceptRefundOffer } from '../../shared/after-sale/accept-offer.ts';
import { makeRefundOffer } from '../../shared/after-sale/make-offer.ts';
import type { RefundOffer } from '../../shared/after-sale/model.ts';
import { sortPartition } from '../../shared/audit/sort-items.ts';
import { readWholeOrder } from '../../shared/orders/partition-store.ts';
import { applyPayment } from '../../shared/paying/apply-payment.ts';
import type { RefundRules } from '../../shared/platform/after-sale/refund-rules.ts';
import type { AfterSaleRules } from '../../shared/platform/after-sale/rules.ts';
import {
  itemIdSchema,
  offerIdSchema,
  orderOfOffer,
  ticketIdOf,
  userIdSchema,
  type OrderId,
} from '../../shared/platform/ids.ts';
import type { Run } from '../../shared/timetable/model.ts';
import { issuePaidOrder } from './order-by-id.ts';
import type { OrderWish } from './order-for.ts';
import { purchaseWorld } from './purchase-world.ts';
import { sampleCarrier } from './sample-carrier.ts';

/** A fifth is kept until the departure, at least ¥2 and in steps of ¥0.50; nothing until a week before. */
export const usualRefundRules: RefundRules = {
  offerSeconds: 600,
  beforeDeparture: [
    { atLeast: 'P7D', percent: 0 },
    { atLeast: 'PT0H', percent: 20 },
  ],
  roundTo: 50,
  feeMin: 200,
};

/** An offer that was made. Throws if there is none. */
export const made = async (offer: Promise<Awaited<ReturnType<ReturnType<typeof makeRefundOffer>>>>) => {
  const outcome = await offer;
  if (outcome.outcome === 'rejected') throw new Error(`no offer: ${outcome.reason}`);
  return outcome.offer;
};

export type RefundWorld = Awaited<ReturnType<typeof refundWorld>>;

/** All of purchase, with a carrier that pays tickets back by these rules. */
export const refundWorld = async (
  refund: RefundRules = usualRefundRules,
  others: Omit<AfterSaleRules['versions'][number], 'refund'> = {},
) => {
  // Its name is that of a folder, from which handlers read the rest.
  const carrier = {
    ...sampleCarrier,
    carrierId: 'cn-rail',
    alternatives: { seatChange: true },
    afterSale: { versions: [{ refund, ...others }] },
  };
  const world = await purchaseWorld({ carrier });
  const { dependencies } = world;
  return {
    ...world,
    /** An order for these people that is paid and issued. */
    issued: async (run: Run, people: number[], more: OrderWish = {}) => {
      const orderId = await world.held(run, people, more);
      const payment = await world.pay(orderId);
      world.buyerPays(payment);
      await world.notify(payment);
      await applyPayment(dependencies)(payment.paymentId);
      await issuePaidOrder(dependencies)(orderId);
      return (await world.standing(orderId, 'issued')).orderId;
    },
    /** The user's wish for an offer, for the tickets of these passengers of the order, or for all. */
    offer: (orderId: OrderId, user: string, items?: number[], key: string = randomUUID()) => {
      const userId = userIdSchema.parse(user);
      const ticketIds = items?.map((item) => ticketIdOf(orderId, itemIdSchema.parse(String(item))));
      const scope = { userId, route: 'refund-offers', key, bodyHash: JSON.stringify(ticketIds ?? null) };
      return makeRefundOffer(dependencies)({ orderId, userId, ticketIds, scope });
    },
    accept: (
      { offerId }: Pick<RefundOffer, 'offerId'>,
      user: string,
      instead: Partial<Parameters<typeof acceptRefundOffer>[0]> = {},
    ) =>
      acceptRefundOffer({ ...dependencies, ...instead })(
        offerIdSchema.parse(offerId),
        userIdSchema.parse(user),
      ),
    /** Everything that is stored of an order. */
    stored: async (orderId: OrderId) => {
      const items = await readWholeOrder(world.bookings, orderId);
      const [part] = sortPartition(`ORDER#${orderId}`, items).orders;
      if (!part) throw new Error(`nothing is stored of ${orderId}`);
      return part;
    },
    orderOf: ({ offerId }: RefundOffer) => orderOfOffer(offerId),
  };
};
