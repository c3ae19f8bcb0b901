import { acceptExchangeOffer } from '../../shared/after-sale/accept-exchange.ts';
import { makeExchangeOffer } from '../../shared/after-sale/make-exchange-offer.ts';
import { startPayment } from '../../shared/paying/start-payment.ts';
import type { ProviderName } from '../../shared/payments/model.ts';
import {
  classSchema,
  newOrderOf,
  offerIdSchema,
  orderIdSchema,
  stopIdSchema,
  ticketIdSchema,
  userIdSchema,
  type OfferId,
  type OrderId,
  type TicketId,
  type UserId,
} from '../../shared/platform/ids.ts';
import { cancelOrder } from '../../shared/selling/cancel-order.ts';
import type { Run } from '../../shared/timetable/model.ts';
import type { makeCashier } from './cashier.ts';
import { characters } from './characters.ts';
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
  runs: readonly Run[];
  cashier: ReturnType<typeof makeCashier>;
  providers: readonly ProviderName[];
  failed: (name: string, error: unknown) => void;
  isQuiet: () => boolean;
};

type Wish = { orderId: OrderId; userId: UserId; ticketIds: TicketId[] };

const ticketsOf = (items: ReadonlyMap<string, Item>): Item[] =>
  [...items].flatMap(([sk, ticket]) => (sk.startsWith('TICKET#') ? [ticket] : []));

/** Some passengers of an order, often all of them; now and then of tickets that have ended before. */
const drawWish = ({ seed }: Scheduler, mirror: Mirror): Wish | undefined => {
  const sold = [...mirror.bookings.values()].filter(
    (items) => items.get('ORDER')?.['state'] === 'issued' && ticketsOf(items).length > 0,
  );
  if (sold.length === 0) return undefined;
  const items = seed.pick(sold);
  const tickets = ticketsOf(items);
  const some = tickets.filter(() => seed.happens(0.6));
  const order = items.get('ORDER');
  return {
    orderId: orderIdSchema.parse(order?.['orderId']),
    userId: userIdSchema.parse(order?.['userId']),
    ticketIds: (some.length > 0 ? some : tickets).map(({ ticketId }) => ticketIdSchema.parse(ticketId)),
  };
};

/** Calls of the product, and how many of them are under way. */
const makeCalls = ({ scheduler: { invoke }, dependenciesOf, failed }: Options) => {
  let busy = 0;
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

  return { call, busy: () => busy };
};
type Calls = ReturnType<typeof makeCalls>;

/** Passengers accept an offer, and pay what it costs. */
const makeTaking = (options: Options, { call }: Calls, accepted: Map<OfferId, number>) => {
  const { scheduler, cashier, providers } = options;
  const { seed, after, note } = scheduler;
  const pay = async (orderId: OrderId, userId: UserId): Promise<void> => {
    const at = seed.pick(providers);
    const started = await call('create-payment', (all) =>
      startPayment(all)({
        orderId,
        userId,
        provider: all.findProvider(at),
        method: characters[at].method.name,
        device: { userAgent: '' },
        returnUrl: undefined,
        scope: { userId, route: 'payments', key: `pay-${orderId}`, bodyHash: orderId },
      }),
    );
    if (started?.outcome !== 'accepted' || started.payment.state !== 'pending') return;
    const { payment } = started;
    after(seed.spread(1000, 200_000), () => cashier.enter(payment));
    after(seed.spread(200_000, 600_000), () => cashier.pay(payment));
  };

  const take = async (offerId: OfferId, userId: UserId): Promise<void> => {
    const answer = await call('accept-exchange', (all) => acceptExchangeOffer(all)(offerId, userId));
    note(`${offerId} is ${answer ? ('reason' in answer ? answer.reason : 'accepted') : 'not answered'}`);
    if (answer?.outcome !== 'accepted') return;
    if (answer.order.state === 'held') await pay(answer.order.orderId, userId);
    else if (answer.order.state === 'issued') accepted.set(offerId, (accepted.get(offerId) ?? 0) + 1);
  };

  return take;
};

/** Passengers ask for an offer, and do this or that with it. */
const makeAsking = ({ scheduler, runs }: Options, { call }: Calls, take: ReturnType<typeof makeTaking>) => {
  const { seed, after, note } = scheduler;
  const exchange = async ({ orderId, userId, ticketIds }: Wish, key: string): Promise<void> => {
    const run = seed.pick(runs);
    const served = run.stops.filter(({ boarding }) => boarding).map(({ stopId }) => stopId);
    const from = seed.whole(0, served.length - 2);
    const body = {
      userId,
      ticketIds,
      runId: run.runId,
      from: stopIdSchema.parse(served[from]),
      to: stopIdSchema.parse(served[seed.whole(from + 1, served.length - 1)]),
      class: classSchema.parse('second'),
      wishes: seed.happens(0.3) ? { position: 'window' as const } : {},
    };
    const scope = { userId, route: 'exchange-offers', key, bodyHash: JSON.stringify(body) };
    const made = await call('make-exchange-offer', (all) =>
      makeExchangeOffer(all)(orderId, body, {
        scope,
        answer: ({ exchangeOf }) => exchangeOf?.offerId ?? '',
      }),
    );
    note(`an exchange of ${orderId} is ${made && 'reason' in made ? made.reason : 'offered'}`);
    if (made?.outcome !== 'accepted') return;
    const offerId = offerIdSchema.parse(made.answer);
    for (let windows = seed.pick([1, 1, 2, 3]); windows > 0; windows -= 1)
      after(seed.pick([1, 30_000, 590_000, 1_000_000]) * seed.fraction(), () => void take(offerId, userId));
    if (seed.happens(0.2))
      after(seed.spread(1000, 600_000), () => {
        void call('cancel-order', (all) => cancelOrder(all)(newOrderOf(offerId), userId));
      });
  };

  return exchange;
};

/**
 * Passengers who exchange tickets: they ask for any stretch of any run, wait a while that may be too long, and accept, pay,
 * cancel or forget it, often twice or from two windows; others of the same order ask at the same time.
 */
export const makeExchanges = (options: Options) => {
  const { scheduler, mirror, isQuiet } = options;
  const { seed, after } = scheduler;
  const accepted = new Map<OfferId, number>();
  const calls = makeCalls(options);
  const exchange = makeAsking(options, calls, makeTaking(options, calls, accepted));
  let asked = 0;

  const next = (): void => {
    if (isQuiet()) return;
    const key = (): string => `exchange-${(asked += 1)}`;
    const wish = drawWish(scheduler, mirror);
    if (wish) {
      void exchange(wish, key());
      if (seed.happens(0.3)) void exchange(wish, key());
      const other = seed.happens(0.3) ? drawWish(scheduler, mirror) : undefined;
      if (other) void exchange(other, key());
    }
    after(seed.spread(5000, 200_000), next);
  };

  return {
    busy: calls.busy,
    begin: (): void => after(seed.spread(60_000, 400_000), next),
    check: (): Wrong[] =>
      [...accepted].flatMap(([offerId, times]) =>
        times > 1 ? [{ rule: 'offer-once', what: `${offerId} was accepted ${times} times` }] : [],
      ),
  };
};
