import { readFare } from '../fares/find-fare.ts';
import { readAvailability } from '../inventory/availability-store.ts';
import { holdSeats } from '../inventory/hold-seats.ts';
import { givePiecesBack } from '../inventory/store.ts';
import { readReplay, type IdempotencyScope } from '../orders/idempotency-store.ts';
import type { Passenger, StandingOrder } from '../orders/model.ts';
import type { Carrier } from '../platform/carrier.ts';
import type { Table } from '../platform/dynamo.ts';
import { orderIdSchema, type OrderId } from '../platform/ids.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import { newUlid } from '../platform/random.ts';
import type { Clock } from '../platform/time.ts';
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

/**
 * Holds seats and commits the order that owns them. `answer` turns the held order into the text that a repeated
 * request is answered with; it is stored in the commit. Answers the stored text when this request was answered before.
 */
export const placeOrder =
  (dependencies: Dependencies) =>
  async (
    request: OrderRequest,
    { scope, answer }: { scope: IdempotencyScope; answer: (order: HeldOrder) => string },
  ): Promise<Outcome<{ answer: string }, PlaceOrderRefusal>> => {
    const { timetable, inventory, availability, bookings, clock, carrier } = dependencies;
    // All at once: who is told that it is sold out should wait for one read, not for one after the other.
    const [replay, offer, views] = await Promise.all([
      readReplay(bookings, scope),
      findOffer(dependencies, request),
      readAvailability(availability, [request.runId]),
    ]);
    if (replay.outcome === 'same') return accepted({ answer: replay.answer });
    if (replay.outcome === 'reused') return rejected('key-reused');
    if (offer.outcome === 'rejected') return offer;

    const now = clock();
    const orderId = orderIdSchema.parse(newUlid(now));
    // From here on the run is sold as it stands now, whatever is imported later.
    const run = offer.frozen ? offer.run : await freezeRun(timetable, offer.run);
    // Another order froze an earlier version between our read and our write: what is sold is that one.
    if (run.version !== offer.run.version) return rejected('busy');
    // Before the hold: whatever fails from there on has seats to give back.
    const passengers = await passengersOf(dependencies, request, orderId);
    const hold = await holdSeats(dependencies)({
      orderId,
      run,
      class: request.class,
      stretch: offer.stretch,
      party: request.passengers.length,
      wishes: request.wishes,
      view: views.get(request.runId),
    });
    if (hold.outcome === 'rejected') return hold;

    const order = draftOrder({
      orderId,
      request,
      run,
      stretch: offer.stretch,
      adultFare: offer.adultFare,
      passengers,
      places: hold.places,
      carrier,
      now,
    });
    const commit = await commitOrder(dependencies)(order, {
      openOrdersMax: carrier.openOrdersMax,
      replay: { scope, answer: answer(order) },
    });
    if (commit.outcome === 'accepted') return accepted({ answer: answer(commit.order) });
    await givePiecesBack(inventory, hold.places);
    if (commit.reason !== 'already-answered') return rejected(commit.reason);
    const other = await readReplay(bookings, scope);
    if (other.outcome === 'same') return accepted({ answer: other.answer });
    return rejected('key-reused');
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
