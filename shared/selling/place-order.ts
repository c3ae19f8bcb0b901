import { readAvailability } from '../inventory/availability-store.ts';
import type { Availability } from '../inventory/model.ts';
import { renewView } from '../inventory/renew-view.ts';
import { viewNow } from '../inventory/rules.ts';
import {
  giveUpRequest,
  readReplay,
  takeRequest,
  type IdempotencyScope,
} from '../bookings/idempotency-store.ts';
import { readClaims } from '../orders/claims-store.ts';
import { budgetDay, type BudgetWish, type UserCounts } from '../orders/budgets.ts';
import { readCounts } from '../orders/counts-store.ts';
import type { OrderIn, Passenger } from '../orders/model.ts';
import type { DayClaims } from '../orders/rules.ts';
import type { Carrier } from '../platform/carrier.ts';
import type { Table } from '../platform/dynamo.ts';
import { orderIdSchema, type OrderId, type UserId } from '../platform/ids.ts';
import { loggable, logger } from '../platform/log.ts';
import { accepted, rejected, type Accepted, type Outcome, type Rejected } from '../platform/outcome.ts';
import { newUlid, pause } from '../platform/random.ts';
import { plusSeconds, type Clock, type Instant } from '../platform/time.ts';
import { noteRun } from '../runs/due-store.ts';
import { noteIfBehind } from '../runs/follow-newest.ts';
import { releaseSeats } from '../runs/release-seats.ts';
import { freezeRun } from '../timetable/store.ts';
import { claimsOfDraft } from '../paying/claims-of.ts';
import { commitOrder } from './commit-order.ts';
import {
  budgetWishOf,
  decideOrder,
  decidePassengers,
  isTwice,
  replayed,
  type Refused,
  type TimeConflict,
} from './decide-order.ts';
import { draftOrder, itemsOfDraft, type ExchangePrice, type OrderRequest } from './draft-order.ts';
import type { Offer } from './decide-offer.ts';
import type { ExchangeTerms } from './exchange-terms.ts';
import { findOffer } from './find-offer.ts';
import { holdOneWay } from './hold-ways.ts';
import { countingWith, mayComeFree } from './may-come-free.ts';
import { decideNoSeats, type OfferRefusal, type PlaceOrderRefusal } from './rules.ts';
import { sealPassengers } from './seal-passengers.ts';
import { tellConflict } from './tell-conflict.ts';
import { waysOf } from './ways-to-sit.ts';

type Dependencies = {
  timetable: Table;
  inventory: Table;
  availability: Table;
  bookings: Table;
  clock: Clock;
  random: () => number;
  carrier: Carrier;
  keys: () => Promise<{ seal: Buffer; claim: Buffer }>;
};

type Terms = {
  scope: IdempotencyScope;
  answer: (order: OrderIn<'held'>) => string;
  exchange?: ExchangeTerms | undefined;
};
type Placed = Outcome<{ answer: string }, PlaceOrderRefusal>;
type Tried = Accepted<{ answer: string }> | Refused<PlaceOrderRefusal>;

/** Longer than a function that places orders may take: a worker that is not done by then no longer runs. */
const busySeconds = 15;

/**
 * Holds seats and commits the order that owns them. `answer` turns the held order into the text that answers repeated
 * requests; the commit stores it. Returns the stored text if this request already has an answer.
 */
export const placeOrder =
  (dependencies: Dependencies) =>
  async (request: OrderRequest, terms: Terms): Promise<Placed> => {
    const { bookings, clock } = dependencies;
    const { scope } = terms;
    const decided = await decideByReading(dependencies, request, terms);
    if (decided.outcome === 'answered') return decided.as;
    if (decided.outcome === 'rejected') return unlessAnswered(dependencies, scope, decided);

    // Nothing of an order exists until here. From here on only one worker handles the request.
    const { orderId, now } = decided;
    const busyUntil = plusSeconds(now, busySeconds);
    const taken = replayed(await takeRequest(bookings, scope, { worker: orderId, now, busyUntil }));
    if (taken) return taken;
    const giveUp = () => giveUpRequest(bookings, scope, { worker: orderId, now: clock() });
    const { placed, last } = await sellAsItStands(dependencies, request, { ...terms, ...decided }).catch(
      async (error: unknown) => {
        // A courtesy to a client that sends the request again: without it, the request becomes free at the end of its
        // time.
        await giveUp().catch(noteStillBusy);
        throw error;
      },
    );
    if (placed.outcome === 'accepted') return placed;
    // The shards had no seats although the view showed some: after a new count, the view refuses the next buyer.
    if (placed.reason === 'sold-out') await renewView(countingWith(dependencies))(last.run, last.view);
    // If another worker has claimed the request, this one took too long: the other one's answer counts.
    const became = await giveUp().catch(noteStillBusy);
    return (became && replayed(became)) ?? counted(dependencies, scope.userId, placed);
  };

/** The facts with which a request continues, all found without a write. */
type Decided = PricedOffer & {
  orderId: OrderId;
  instead: OrderRequest['instead'];
  now: Instant;
  view: Availability | undefined;
  passengers: Passenger[];
  documentKey: string;
  claims: DayClaims[];
  counts: UserCounts;
  budgetWish: BudgetWish;
};

/** An offer, and what its passengers pay for it if they exchange tickets. */
type PricedOffer = Offer & { price?: ExchangePrice };

const findPriced = async (
  dependencies: Dependencies,
  request: OrderRequest,
  { exchange }: Terms,
  how?: { consistent: boolean },
): Promise<Outcome<PricedOffer, OfferRefusal | 'busy'>> => {
  const offer = await findOffer(dependencies, request, how);
  if (offer.outcome === 'rejected' || !exchange) return offer;
  const price = exchange.price(offer, dependencies.clock());
  return price ? accepted({ ...offer, price }) : rejected('busy');
};

const decideByReading = async (
  dependencies: Dependencies,
  request: OrderRequest,
  terms: Terms,
): Promise<Accepted<Decided> | Refused<PlaceOrderRefusal> | { outcome: 'answered'; as: Placed }> => {
  const { availability, bookings, carrier, clock } = dependencies;
  // Reads all at once: a buyer who hears that the run is sold out waits for one read, not for one after another.
  const [replay, offer, counts, views] = await Promise.all([
    readReplay(bookings, terms.scope, clock()),
    findPriced(dependencies, request, terms),
    readCounts(bookings, request.userId),
    readAvailability(availability, [request.runId]),
  ]);
  const now = clock();
  const today = budgetDay(carrier, now);
  const decide = (by: Availability | undefined) =>
    decideOrder({ replay, offer, view: by, counts, today, now }, request, carrier);
  // A run that nobody has frozen has all its seats and no view: a view would be of a version that may soon change.
  const frozen = offer.outcome === 'accepted' && offer.frozen ? offer.run : undefined;
  let view = frozen && viewNow(views.get(request.runId), frozen, now);
  let decided = decide(view);
  // A refusal by a view changes nothing, so nothing else would ever update an old view.
  if (frozen && decided.outcome === 'rejected' && isOfView(decided.reason)) {
    view = await renewView(countingWith(dependencies))(frozen, view);
    decided = decide(view);
  }
  if (decided.outcome !== 'accepted') return decided;
  const orderId = orderIdSchema.parse(newUlid(now));
  const { passengers, documentKey } = await sealPassengers(dependencies, request, orderId);
  // This answer reveals nothing about anybody, and no copy of the request can have caused it.
  const claiming = { orderId, instead: request.instead };
  if (isTwice(wishesOf({ ...decided, ...claiming, passengers })))
    return { outcome: 'answered', as: rejected('passenger-time-conflict') };
  const budgetWish = budgetWishOf(request, decided.run.runId, today);
  const people = { passengers, documentKey };
  return decideClaims(dependencies, { ...decided, ...people, ...claiming, now, view, counts, budgetWish });
};

const isOfView = (reason: string): boolean => reason === 'sold-out' || reason === 'busy';

/** The claims of the order's passengers. */
const wishesOf = ({
  orderId,
  instead,
  passengers,
  run,
  stretch,
}: Pick<Decided, 'orderId' | 'instead' | 'passengers' | 'run' | 'stretch'>) =>
  claimsOfDraft({ orderId, instead: instead?.orderId }, itemsOfDraft(passengers, instead), run, stretch);

/** Whether the passengers are free at the time of the run that is on sale. */
const decideClaims = async (
  { bookings }: Dependencies,
  decided: Omit<Decided, 'claims'>,
): Promise<Accepted<Decided> | TimeConflict> => {
  const wishes = wishesOf(decided);
  const claims = wishes.length > 0 ? await readClaims(bookings, wishes) : [];
  const free = decidePassengers(wishes, claims);
  return free.outcome === 'rejected' ? free : accepted({ ...decided, claims });
};

/** The refusals that another copy of the same request may have caused, by its commit between our reads. */
const mayBeItsOwn: ReadonlySet<string> = new Set<PlaceOrderRefusal>([
  'passenger-time-conflict',
  'too-many-open-orders',
  'too-many-ended-orders',
  'too-many-seats',
  'passenger-unavailable',
]);

/** A request that is sent twice at once must not be refused because its other copy just succeeded. */
const unlessAnswered = async (
  dependencies: Dependencies,
  scope: IdempotencyScope,
  refused: Refused<PlaceOrderRefusal>,
): Promise<Placed> => {
  if (!mayBeItsOwn.has(refused.reason)) return refused;
  const { bookings, clock } = dependencies;
  return replayed(await readReplay(bookings, scope, clock())) ?? counted(dependencies, scope.userId, refused);
};

const counted = (
  dependencies: Dependencies,
  userId: UserId,
  refused: Refused<PlaceOrderRefusal>,
): Placed | Promise<Placed> =>
  refused.reason === 'passenger-time-conflict' ? tellConflict(dependencies, userId, refused) : refused;

const noteStillBusy = (error: unknown): void => {
  logger.warn('a refused request stays busy for a while', { thrown: loggable(error) });
};

/** A change of a run takes a second or two; its worker may have died. */
const changesMax = 4;

/**
 * A run may change between our read and our hold, and then its shards refuse. Everything read about it is useless then:
 * this decides times, fare and seats anew from the stored run. A run that keeps changing is busy, never sold out. Also
 * returns the last decision.
 */
const sellAsItStands = async (
  dependencies: Dependencies,
  request: OrderRequest,
  terms: Terms & Decided,
): Promise<{ placed: Tried; last: Decided }> => {
  const { bookings, clock } = dependencies;
  let decided: Decided = terms;
  for (let attempt = 1; attempt <= changesMax; attempt += 1) {
    const placed = await holdAndCommit(dependencies, request, { ...terms, ...decided });
    if (placed.outcome === 'accepted' || placed.reason !== 'run-changes') return { placed, last: decided };
    await pause(attempt + 3);
    const offer = await findPriced(dependencies, request, terms, { consistent: true });
    if (offer.outcome === 'rejected') return { placed: offer, last: decided };
    // A count from before the change means nothing for the seats after it, so this looks at the shards.
    const again = await decideClaims(dependencies, { ...decided, ...offer, view: undefined });
    if (again.outcome === 'rejected') return { placed: again, last: decided };
    decided = again;
  }
  // Perhaps no worker handles the change any more: the clean-up then reopens its shards.
  await noteRun(bookings, request.runId, { dueAt: clock(), now: clock() });
  return { placed: rejected('busy'), last: decided };
};

const holdAndCommit = async (
  dependencies: Dependencies,
  request: OrderRequest,
  terms: Terms & Decided,
): Promise<Tried | Rejected<'run-changes'>> => {
  const { timetable, bookings, carrier } = dependencies;
  const { scope, answer, orderId, now, stretch, view, passengers } = terms;
  // From here on the run is the stored one, until somebody changes it: its shards and its times come from one item.
  const run = terms.frozen ? terms.run : await freezeRun(timetable, terms.run);
  if (!terms.frozen) await noteIfBehind(dependencies, run);
  // Another order froze an earlier version between our read and our write: that version is the one on sale.
  if (run.version !== terms.run.version || run.generation !== terms.run.generation)
    return rejected('run-changes');
  const release = releaseSeats(dependencies);
  const wanted = { class: request.class, party: request.passengers.length, wishes: request.wishes };
  const hold = await holdOneWay({ ...dependencies, release })(
    { orderId, run, ...wanted, view },
    waysOf(terms),
  );
  if (hold.outcome === 'rejected') {
    if (hold.reason === 'closed') return rejected('run-changes');
    if (hold.reason === 'busy') return rejected('busy');
    return decideNoSeats({ mayComeFree: await mayComeFree(bookings, hold.young) });
  }

  const { adultFare, price, exchange, changeAt } = terms;
  const { places, thenPlaces } = hold;
  const change = thenPlaces && changeAt !== undefined ? { places: thenPlaces, at: changeAt } : undefined;
  const parts = { orderId, request, run, stretch, adultFare, passengers, places, change, carrier, now };
  const order = draftOrder({ ...parts, ...(price && { price }) });
  const commit = await commitOrder(dependencies)(order, {
    ...terms,
    carrier,
    replay: { scope, answer: answer(order) },
    ...(exchange && { binding: exchange.binding(order) }),
  });
  if (commit.outcome === 'accepted') return accepted({ answer: answer(commit.order) });
  await release([...places, ...(thenPlaces ?? [])]);
  if (commit.reason === 'passenger-time-conflict') return commit;
  if (commit.reason === 'already-answered' || commit.reason === 'not-bound') return rejected('busy');
  return rejected(commit.reason);
};
