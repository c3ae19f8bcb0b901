import { acceptRefundOffer } from '../../shared/after-sale/accept-offer.ts';
import { makeRefundOffer } from '../../shared/after-sale/make-offer.ts';
import {
  orderIdSchema,
  ticketIdSchema,
  userIdSchema,
  type OfferId,
  type OrderId,
  type TicketId,
  type UserId,
} from '../../shared/platform/ids.ts';
import type { Dependencies } from './dependencies.ts';
import type { Mirror } from './mirror.ts';
import type { Item } from './protocol.ts';
import type { Actor, Scheduler } from './scheduler.ts';
import type { Wrong } from './wrong.ts';

const apiSeconds = 30;

type Options = {
  scheduler: Scheduler;
  dependenciesOf: (actor: Actor) => Dependencies;
  mirror: Mirror;
  failed: (name: string, error: unknown) => void;
  isQuiet: () => boolean;
};

type Wish = { orderId: OrderId; userId: UserId; ticketIds: TicketId[] };

/** An offer as it was told: which items go back, and what for. */
type Told = { offerId: OfferId; orderId: OrderId; itemIds: string[]; refund: number; price: number };

const ticketsOf = (items: ReadonlyMap<string, Item>): Item[] =>
  [...items].flatMap(([sk, ticket]) => (sk.startsWith('TICKET#') ? [ticket] : []));

const amountOf = (item: Item | undefined): number => (item?.['amount'] as { amount: number }).amount;

/** Some passengers of an order, often all of them; now and then of tickets that went back before. */
const drawWish = ({ seed }: Scheduler, mirror: Mirror): Wish | undefined => {
  const sold = [...mirror.bookings.values()].filter(
    (items) => items.get('ORDER')?.['state'] === 'issued' && ticketsOf(items).length > 0,
  );
  if (sold.length === 0) return undefined;
  const items = seed.pick(sold);
  const tickets = ticketsOf(items);
  const some = tickets.filter(() => seed.happens(0.5));
  const order = items.get('ORDER');
  return {
    orderId: orderIdSchema.parse(order?.['orderId']),
    userId: userIdSchema.parse(order?.['userId']),
    ticketIds: (some.length > 0 ? some : tickets).map(({ ticketId }) => ticketIdSchema.parse(ticketId)),
  };
};

/** What was told goes back, once: all of the price if the run was closed or the fee waived. */
const checkPromised = ({ bookings, runs }: Mirror, told: Told): Wrong[] => {
  const { orderId, itemIds, refund, price, offerId } = told;
  const items = bookings.get(`ORDER#${orderId}`) ?? new Map<string, Item>();
  const number = `_item${itemIds.join('')}`;
  const back = [...items].reduce(
    (sum, [sk, item]) => (sk.startsWith('REFUND#') && sk.endsWith(number) ? sum + amountOf(item) : sum),
    0,
  );
  const isClosed = runs.get(String(items.get('ORDER')?.['runId']))?.state === 'closed';
  const isWaived = ticketsOf(items).some(({ waiver }) => waiver !== undefined);
  if (back === refund || ((isClosed || isWaived) && back === price)) return [];
  return [{ rule: 'offer-kept', what: `${offerId} promised ${refund}, and ${back} goes back` }];
};

/**
 * Passengers who give tickets back: they ask, wait a while that may be too long, and accept, often twice or from two
 * windows; others of the same order ask at the same time.
 */
export const makeGiveBacks = ({ scheduler, dependenciesOf, mirror, failed, isQuiet }: Options) => {
  const { seed, after, invoke, note } = scheduler;
  const accepted = new Map<OfferId, { told: Told; times: number }>();
  let busy = 0;
  let asked = 0;

  const call = async <Value extends { outcome: string }>(
    name: string,
    work: (dependencies: Dependencies) => Promise<Value>,
  ): Promise<Value | undefined> => {
    busy += 1;
    const result = await invoke(name, apiSeconds, (actor) => work(dependenciesOf(actor)));
    busy -= 1;
    if (result === 'gone') return undefined;
    if ('error' in result) failed(name, result.error);
    return 'answer' in result ? result.answer : undefined;
  };

  const accept = async (told: Told, userId: UserId): Promise<void> => {
    const answer = await call('accept-offer', (all) => acceptRefundOffer(all)(told.offerId, userId));
    note(`${told.offerId} is ${answer ? ('reason' in answer ? answer.reason : 'accepted') : 'not answered'}`);
    if (answer?.outcome !== 'accepted') return;
    const times = (accepted.get(told.offerId)?.times ?? 0) + 1;
    accepted.set(told.offerId, { told, times });
  };

  const giveBack = async ({ orderId, userId, ticketIds }: Wish, key: string): Promise<void> => {
    const scope = { userId, route: 'refund-offers', key, bodyHash: ticketIds.join() };
    const made = await call('make-offer', (all) =>
      makeRefundOffer(all)({ orderId, userId, ticketIds, scope }),
    );
    if (made?.outcome !== 'accepted') return;
    const { offerId, tickets, refund } = made.offer;
    const told: Told = {
      offerId,
      orderId,
      itemIds: tickets.map(({ itemId }) => itemId),
      refund: refund.amount,
      price: tickets.reduce((sum, { price }) => sum + price.amount, 0),
    };
    for (let windows = seed.pick([1, 1, 2, 3]); windows > 0; windows -= 1)
      after(seed.pick([1, 30_000, 590_000, 700_000]) * seed.fraction(), () => void accept(told, userId));
  };

  const next = (): void => {
    if (isQuiet()) return;
    const wish = drawWish(scheduler, mirror);
    const key = (): string => `give-back-${(asked += 1)}`;
    if (wish) {
      const first = key();
      void giveBack(wish, first);
      if (seed.happens(0.3)) void giveBack(wish, seed.happens(0.5) ? first : key());
      const other = seed.happens(0.3) ? drawWish(scheduler, mirror) : undefined;
      if (other) void giveBack(other, key());
    }
    after(seed.spread(30_000, 1_200_000), next);
  };

  return {
    busy: () => busy,
    begin: (): void => after(seed.spread(300_000, 1_800_000), next),
    check: (): Wrong[] =>
      [...accepted.values()].flatMap(({ told, times }) => [
        ...checkPromised(mirror, told),
        ...(times > 1 ? [{ rule: 'offer-once', what: `${told.offerId} was accepted ${times} times` }] : []),
      ]),
  };
};
