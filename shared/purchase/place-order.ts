import { readFare } from '../fares/find-fare.ts';
import { totalFare } from '../fares/rules.ts';
import { readAvailability } from '../inventory/availability-store.ts';
import { holdSeats } from '../inventory/hold-seats.ts';
import type { Availability } from '../inventory/model.ts';
import { renewView } from '../inventory/renew-view.ts';
import { viewOf } from '../inventory/rules.ts';
import { givePiecesBack } from '../inventory/store.ts';
import {
  giveUpRequest,
  readReplay,
  takeRequest,
  type IdempotencyScope,
} from '../orders/idempotency-store.ts';
import { readClaims, type DayClaims } from '../orders/claims-store.ts';
import { readOpenCount } from '../orders/counts-store.ts';
import type { Passenger, StandingOrder } from '../orders/model.ts';
import type { Carrier } from '../platform/carrier.ts';
import type { Table } from '../platform/dynamo.ts';
import { orderIdSchema, type OrderId } from '../platform/ids.ts';
import { loggable, logger } from '../platform/log.ts';
import { accepted, rejected, type Outcome, type Rejected } from '../platform/outcome.ts';
import { newUlid } from '../platform/random.ts';
import { plusSeconds, type Clock, type Instant } from '../platform/time.ts';
import type { Run, Stretch } from '../timetable/model.ts';
import { findStretch, isOnSale, type StretchRefusal } from '../timetable/rules.ts';
import { freezeRun, readFrozenRun, readRun, readSales } from '../timetable/store.ts';
import { maskDocument, maskName } from '../users/document.ts';
import { claimOf, sealDocument } from '../users/seal-document.ts';
import { classesOf } from '../inventory/shards.ts';
import type { Money } from '../platform/money.ts';
import { claimsOfDraft } from './claims-of.ts';
import { commitOrder, type CommitRefusal } from './commit-order.ts';
import { decideOrder, decidePassengers, isTwice, replayed } from './decide-order.ts';
import { draftOrder, type OrderRequest } from './draft-order.ts';
import { mayComeFree } from './may-come-free.ts';

export type PlaceOrderRefusal =
  | 'unknown-run'
  | StretchRefusal
  | 'unknown-class'
  | 'document-missing'
  | 'not-on-sale'
  | 'no-fare'
  | 'sold-out'
  | 'key-reused'
  | 'request-in-progress'
  | Exclude<CommitRefusal, 'already-answered'>;

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

type HeldOrder = StandingOrder & { state: 'held' };

type Terms = { scope: IdempotencyScope; answer: (order: HeldOrder) => string };
type Placed = Outcome<{ answer: string }, PlaceOrderRefusal>;

/** Longer than a function that places orders may take: whoever is still at work then was ended. */
const busySeconds = 15;

/**
 * Holds seats and commits the order that owns them. `answer` turns the held order into the text that a repeated
 * request is answered with; it is stored in the commit. Answers the stored text when this request was answered before.
 */
export const placeOrder =
  (dependencies: Dependencies) =>
  async (request: OrderRequest, terms: Terms): Promise<Placed> => {
    const { bookings, clock } = dependencies;
    const { scope } = terms;
    const decided = await decideByReading(dependencies, request, scope);
    if (decided.outcome === 'known') return decided.as;
    if (decided.outcome === 'rejected') return unlessAnswered(dependencies, scope, decided);

    // Nothing of an order was written until here. From here on one worker alone is at it.
    const { orderId, now } = decided;
    const busyUntil = plusSeconds(now, busySeconds);
    const taken = replayed(await takeRequest(bookings, scope, { worker: orderId, now, busyUntil }));
    if (taken) return taken;
    const giveUp = () => giveUpRequest(bookings, scope, { worker: orderId, now: clock() });
    const placed = await holdAndCommit(dependencies, request, {
      ...terms,
      ...decided,
    }).catch(async (error: unknown) => {
      // A courtesy to whoever sends it again: without it, the request is free at the end of its time.
      await giveUp().catch(noteStillBusy);
      throw error;
    });
    if (placed.outcome === 'accepted') return placed;
    // The shards had no seats, and the view had let this buyer in: the next one should be told so by it.
    if (placed.reason === 'sold-out') await renewView(dependencies)(decided.run, decided.view);
    // It took too long when another worker has taken the request on: then that one's answer counts.
    const became = await giveUp().catch(noteStillBusy);
    return (became && replayed(became)) ?? placed;
  };

type Offer = { run: Run; frozen: boolean; stretch: Stretch; adultFare: Money };

/** What a request goes on with: all of it was found out without a write. */
type Decided = Offer & {
  orderId: OrderId;
  now: Instant;
  view: Availability | undefined;
  passengers: Passenger[];
  claims: DayClaims[];
};

const decideByReading = async (
  dependencies: Dependencies,
  request: OrderRequest,
  scope: IdempotencyScope,
): Promise<Outcome<Decided, PlaceOrderRefusal> | { outcome: 'known'; as: Placed }> => {
  const { availability, bookings, carrier, clock } = dependencies;
  // All at once: who is told that it is sold out should wait for one read, not for one after the other.
  const [replay, offer, openOrders, views] = await Promise.all([
    readReplay(bookings, scope, clock()),
    findOffer(dependencies, request),
    readOpenCount(bookings, request.userId),
    readAvailability(availability, [request.runId]),
  ]);
  const decide = (by: Availability | undefined) =>
    decideOrder({ replay, offer, view: by, openOrders }, request, carrier);
  let view = offer.outcome === 'accepted' ? viewOf(views.get(request.runId), offer.run) : undefined;
  let decided = decide(view);
  // Who is refused by a view changes nothing, so that nothing would ever bring an old one up to date.
  if (decided.outcome === 'rejected' && decided.reason === 'sold-out' && offer.outcome === 'accepted') {
    view = await renewView(dependencies)(offer.run, view);
    decided = decide(view);
  }
  if (decided.outcome !== 'accepted') return decided;
  const now = clock();
  const orderId = orderIdSchema.parse(newUlid(now));
  const passengers = await passengersOf(dependencies, request, orderId);
  const wishes = claimsOfDraft(orderId, passengers, decided.run, decided.stretch);
  if (isTwice(wishes)) return rejected('passenger-time-conflict');
  const claims = wishes.length > 0 ? await readClaims(bookings, wishes) : [];
  return decidePassengers(wishes, claims) ?? accepted({ ...decided, orderId, now, view, passengers, claims });
};

/** What an order of the same request may have caused that was committed while this one was read for. */
const mayBeItsOwn: ReadonlySet<PlaceOrderRefusal> = new Set([
  'passenger-time-conflict',
  'too-many-open-orders',
]);

/** The same request sent twice at once must not be refused for what its other copy has just got. */
const unlessAnswered = async (
  { bookings, clock }: Dependencies,
  scope: IdempotencyScope,
  refused: Rejected<PlaceOrderRefusal>,
): Promise<Placed> => {
  if (!mayBeItsOwn.has(refused.reason)) return refused;
  return replayed(await readReplay(bookings, scope, clock())) ?? refused;
};

const noteStillBusy = (error: unknown): void => {
  logger.warn('a request that was refused stays busy for a while', { thrown: loggable(error) });
};

const holdAndCommit = async (
  dependencies: Dependencies,
  request: OrderRequest,
  terms: Terms & Decided,
): Promise<Placed> => {
  const { timetable, inventory, bookings, carrier } = dependencies;
  const { scope, answer, orderId, now, stretch, view, passengers, claims } = terms;
  // From here on the run is sold as it stands now, whatever is imported later.
  const run = terms.frozen ? terms.run : await freezeRun(timetable, terms.run);
  // Another order froze an earlier version between our read and our write: what is sold is that one.
  if (run.version !== terms.run.version) return rejected('busy');
  const hold = await holdSeats(dependencies)({
    orderId,
    run,
    class: request.class,
    stretch,
    party: request.passengers.length,
    wishes: request.wishes,
    view,
  });
  if (hold.outcome === 'rejected') {
    const isOver = hold.reason === 'sold-out' && !(await mayComeFree(bookings, hold.young));
    return rejected(isOver ? 'sold-out' : 'busy');
  }

  const { adultFare } = terms;
  const { places } = hold;
  const order = draftOrder({ orderId, request, run, stretch, adultFare, passengers, places, carrier, now });
  const commit = await commitOrder(dependencies)(order, {
    openOrdersMax: carrier.openOrdersMax,
    claims,
    replay: { scope, answer: answer(order) },
  });
  if (commit.outcome === 'accepted') return accepted({ answer: answer(commit.order) });
  await givePiecesBack(inventory, places);
  return rejected(commit.reason === 'already-answered' ? 'busy' : commit.reason);
};

/** What is asked for, as the timetable and the fares have it; nothing is written to find out. */
const findOffer = async (
  { timetable, clock, carrier }: Dependencies,
  request: OrderRequest,
): Promise<Outcome<Offer, PlaceOrderRefusal>> => {
  const [frozen, sales] = await Promise.all([readFrozenRun(timetable, request.runId), readSales(timetable)]);
  const run = frozen ?? (await readRun(timetable, request.runId));
  if (!run) return rejected('unknown-run');
  const found = findStretch(run, request.from, request.to, request);
  if (found.outcome === 'rejected') return found;
  if (!classesOf(run.layout).includes(request.class)) return rejected('unknown-class');
  if (carrier.documentRequired && request.passengers.some(({ document }) => !document)) {
    return rejected('document-missing');
  }
  if (isOnSale(run, found.stretch, sales, carrier, clock()) !== 'on-sale') return rejected('not-on-sale');
  const adultFare = await readFare(timetable, run, found.stretch, request.class);
  const types = request.passengers.map(({ type }) => type);
  if (!adultFare || !totalFare(types, adultFare)) return rejected('no-fare');
  return accepted({ run, frozen: frozen !== undefined, stretch: found.stretch, adultFare });
};

/** Passengers as they are stored: documents sealed for this order, and claimed by a keyed hash. */
const passengersOf = async (
  { keys }: Dependencies,
  { passengers }: OrderRequest,
  orderId: OrderId,
): Promise<Passenger[]> => {
  const { seal, claim } = await keys();
  return passengers.map(({ name, type, document }) => ({
    name,
    nameMasked: maskName(name),
    type,
    ...(document && {
      documentMasked: maskDocument(document),
      documentSealed: sealDocument(seal, document, orderId),
      documentClaim: claimOf(claim, document),
    }),
  }));
};
