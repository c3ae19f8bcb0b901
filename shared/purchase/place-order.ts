import { readFare } from '../fares/find-fare.ts';
import { readAvailability } from '../inventory/availability-store.ts';
import { holdSeats } from '../inventory/hold-seats.ts';
import type { Availability } from '../inventory/model.ts';
import { seatsLeft, viewOf } from '../inventory/rules.ts';
import { givePiecesBack } from '../inventory/store.ts';
import {
  giveUpRequest,
  readReplay,
  takeRequest,
  type IdempotencyScope,
  type Replay,
} from '../orders/idempotency-store.ts';
import type { Passenger, StandingOrder } from '../orders/model.ts';
import type { Carrier } from '../platform/carrier.ts';
import type { Table } from '../platform/dynamo.ts';
import { orderIdSchema, type OrderId } from '../platform/ids.ts';
import { loggable, logger } from '../platform/log.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import { newUlid } from '../platform/random.ts';
import { plusSeconds, type Clock, type Instant } from '../platform/time.ts';
import type { Run, Stretch } from '../timetable/model.ts';
import { findStretch, isOnSale, type StretchRefusal } from '../timetable/rules.ts';
import { freezeRun, readFrozenRun, readRun, readSales } from '../timetable/store.ts';
import { maskDocument, maskName } from '../users/document.ts';
import { claimOf, sealDocument } from '../users/seal-document.ts';
import { classesOf } from '../inventory/shards.ts';
import type { Money } from '../platform/money.ts';
import { commitOrder, type CommitRefusal } from './commit-order.ts';
import { draftOrder, type OrderRequest } from './draft-order.ts';

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
    const { availability, bookings, clock } = dependencies;
    const { scope } = terms;
    // All at once: who is told that it is sold out should wait for one read, not for one after the other.
    const [replay, offer, views] = await Promise.all([
      readReplay(bookings, scope, clock()),
      findOffer(dependencies, request),
      readAvailability(availability, [request.runId]),
    ]);
    const known = replayed(replay);
    if (known) return known;
    if (offer.outcome === 'rejected') return offer;
    const view = viewOf(views.get(request.runId), offer.run);
    if (showsSoldOut(view, offer, request)) return rejected('sold-out');

    // Nothing was written until here. From here on one worker alone is at it.
    const now = clock();
    const orderId = orderIdSchema.parse(newUlid(now));
    const busyUntil = plusSeconds(now, busySeconds);
    const taken = replayed(await takeRequest(bookings, scope, { worker: orderId, now, busyUntil }));
    if (taken) return taken;
    const giveUp = () => giveUpRequest(bookings, scope, { worker: orderId, now: clock() });
    const placed = await holdAndCommit(dependencies, request, {
      ...terms,
      ...offer,
      orderId,
      now,
      view,
    }).catch(async (error: unknown) => {
      // A courtesy to whoever sends it again: without it, the request is free at the end of its time.
      await giveUp().catch(noteStillBusy);
      throw error;
    });
    if (placed.outcome === 'accepted') return placed;
    // It took too long when another worker has taken the request on: then that one's answer counts.
    const became = await giveUp().catch(noteStillBusy);
    return (became && replayed(became)) ?? placed;
  };

/** What a request that was seen before is answered with; undefined for one that was not. */
const replayed = (replay: Replay): Placed | undefined => {
  switch (replay.outcome) {
    case 'same':
      return accepted({ answer: replay.answer });
    case 'reused':
      return rejected('key-reused');
    case 'in-progress':
      return rejected('request-in-progress');
    default:
      return undefined;
  }
};

const showsSoldOut = (
  view: Availability | undefined,
  { run, stretch }: Offer,
  { class: cls, passengers }: OrderRequest,
): boolean => seatsLeft(view, run.layout, cls, run.stops.length, stretch) < passengers.length;

const noteStillBusy = (error: unknown): void => {
  logger.warn('a request that was refused stays busy for a while', { thrown: loggable(error) });
};

const holdAndCommit = async (
  dependencies: Dependencies,
  request: OrderRequest,
  terms: Terms & Offer & { orderId: OrderId; now: Instant; view: Availability | undefined },
): Promise<Placed> => {
  const { timetable, inventory, carrier } = dependencies;
  const { scope, answer, orderId, now, stretch, view } = terms;
  // From here on the run is sold as it stands now, whatever is imported later.
  const run = terms.frozen ? terms.run : await freezeRun(timetable, terms.run);
  // Another order froze an earlier version between our read and our write: what is sold is that one.
  if (run.version !== terms.run.version) return rejected('busy');
  // Before the hold: whatever fails from there on has seats to give back.
  const passengers = await passengersOf(dependencies, request, orderId);
  const hold = await holdSeats(dependencies)({
    orderId,
    run,
    class: request.class,
    stretch,
    party: request.passengers.length,
    wishes: request.wishes,
    view,
  });
  if (hold.outcome === 'rejected') return rejected(hold.reason === 'closed' ? 'busy' : hold.reason);

  const { adultFare } = terms;
  const { places } = hold;
  const order = draftOrder({ orderId, request, run, stretch, adultFare, passengers, places, carrier, now });
  const commit = await commitOrder(dependencies)(order, {
    openOrdersMax: carrier.openOrdersMax,
    replay: { scope, answer: answer(order) },
  });
  if (commit.outcome === 'accepted') return accepted({ answer: answer(commit.order) });
  await givePiecesBack(inventory, places);
  return rejected(commit.reason === 'already-answered' ? 'busy' : commit.reason);
};

type Offer = { run: Run; frozen: boolean; stretch: Stretch; adultFare: Money };

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
  if (!adultFare) return rejected('no-fare');
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
