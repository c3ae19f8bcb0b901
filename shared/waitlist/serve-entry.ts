import type { EntryIn, Queued, Wish } from '../entries/model.ts';
import { leaveQueue } from '../entries/queue-store.ts';
import { differenceOf, placesInQueues } from '../entries/rules.ts';
import { fenceOnEntry, fulfilEntry, readEntry } from '../entries/store.ts';
import type { SeenShard } from '../inventory/choose-shard.ts';
import { holdAmong } from '../inventory/hold-seats.ts';
import type { Place } from '../inventory/model.ts';
import { releasePieces } from '../inventory/store.ts';
import { putClaims, readClaims } from '../orders/claims-store.ts';
import { countFulfilled } from '../orders/counts-store.ts';
import type { Contact, CommittedOrder, OrderIn } from '../orders/model.ts';
import type { DayClaims } from '../orders/rules.ts';
import { putPaidOrder, readOrder } from '../orders/store.ts';
import { claimsOf, claimsOfDraft } from '../paying/claims-of.ts';
import { refundEntry } from '../paying/refund-entry.ts';
import { refundNumberOf, type RefundIn } from '../payments/model.ts';
import { putRefund } from '../payments/refunds-store.ts';
import { takeRefundable } from '../payments/store.ts';
import type { Carrier } from '../platform/carrier.ts';
import { writeTogether, type LabelledWrite, type Table } from '../platform/dynamo.ts';
import { loggable, logger } from '../platform/log.ts';
import { accepted, rejected, type Accepted, type Outcome, type Rejected } from '../platform/outcome.ts';
import type { Clock, Instant } from '../platform/time.ts';
import { decidePassengers } from '../selling/decide-order.ts';
import { draftOrder, itemsOfDraft } from '../selling/draft-order.ts';
import { issuePaidOrder } from '../selling/issue-order.ts';
import type { SigningKey } from '../tickets/code-keys.ts';
import type { Run, Stretch } from '../timetable/model.ts';
import type { ServeRefusal } from './rules.ts';

export type ServeDependencies = {
  bookings: Table;
  inventory: Table;
  timetable: Table;
  clock: Clock;
  random: () => number;
  carrier: Carrier;
  signingKey: () => Promise<SigningKey>;
};

/** An entry in the queue, its journey on the run, and the shards of its class with what is known of them. */
export type Turn = {
  run: Run;
  queued: Queued;
  stretch: Stretch;
  shards: SeenShard[];
  /** Since when pieces are kept that go back unused, if any were. */
  kept: Instant | undefined;
};

type Served = Outcome<{ order: OrderIn<'paid'> }, ServeRefusal | 'run-changes'>;

/** Each failed try fences its owners on the entry, whose item must not grow without end. */
const fencedMax = 50;

/** The number of tries to commit, if a passenger's claims change in between. */
const attemptsMax = 4;

/**
 * Serves an entry: takes seats (T1), and commits the order that owns them, paid by what the entry has paid (T2). All its
 * passengers get seats, or it keeps its place. Then it issues the tickets; if that fails, the clean-up does it.
 */
export const serveEntry =
  (dependencies: ServeDependencies) =>
  async (turn: Turn): Promise<Served> => {
    const { bookings, inventory, clock } = dependencies;
    const { queued, run, stretch } = turn;
    const entry = await readEntry(bookings, queued.entryId);
    const wish = entry?.wishes[queued.n];
    if (entry?.state !== 'waiting' || !wish || wish.cutOffAt <= clock()) return rejected('over');
    if ((entry.fenced?.size ?? 0) >= fencedMax) {
      logger.error('an entry of the waitlist has failed too often', { entryId: entry.entryId });
      return rejected('lost-race');
    }
    const wished = claimsOfDraft(
      { orderId: entry.entryId },
      itemsOfDraft(entry.passengers, undefined),
      run,
      stretch,
    );
    const claims = wished.length > 0 ? await readClaims(bookings, wished) : [];
    if (decidePassengers(wished, claims).outcome === 'rejected') return rejected('passengers-busy');

    const release = (places: readonly Place[]): Promise<void> =>
      releasePieces(
        inventory,
        places.map((place) => ({ ...place, kept: turn.kept })),
      );
    const held = await holdAmong({ ...dependencies, release })(
      {
        orderId: entry.entryId,
        run,
        class: wish.class,
        stretch,
        party: entry.passengers.length,
        wishes: {},
        isWaitlist: true,
      },
      turn.shards,
    );
    if (held.outcome === 'rejected') return rejected(held.reason === 'closed' ? 'run-changes' : 'no-seats');
    const order = draftPaid(dependencies, { entry, wish, turn, places: held.places });
    const committed = await commit(dependencies, { entry, order, claims, wish: queued.n });
    if (committed.outcome === 'rejected') {
      await release(held.places);
      return committed;
    }
    await issuePaidOrder(dependencies)(order).catch((thrown: unknown) =>
      logger.warn('tickets from the waitlist wait for the clean-up', {
        orderId: order.orderId,
        thrown: loggable(thrown),
      }),
    );
    return accepted({ order });
  };

/** The order of an entry: like any other, but born paid, and at the fares that the wish had. */
const draftPaid = (
  { carrier, clock }: ServeDependencies,
  {
    entry,
    wish,
    turn: { run, stretch },
    places,
  }: { entry: EntryIn<'waiting'>; wish: Wish; turn: Turn; places: readonly Place[] },
): OrderIn<'paid'> => {
  const now = clock();
  const [anyFare] = wish.fares;
  if (!anyFare || !entry.contact) throw new Error(`the entry ${entry.entryId} lacks what its order needs`);
  const contact: Contact = entry.contact;
  const { dueAt: _dueAt, ...drafted } = draftOrder({
    orderId: entry.entryId,
    request: {
      userId: entry.ownerId,
      runId: run.runId,
      from: wish.from.stopId,
      to: wish.to.stopId,
      class: wish.class,
      passengers: [],
      contact,
      wishes: {},
    },
    run,
    stretch,
    adultFare: anyFare,
    passengers: entry.passengers,
    places,
    carrier,
    now,
  });
  const items = Object.fromEntries(
    Object.values(drafted.items).map((item, index) => [
      item.itemId,
      { ...item, fare: wish.fares[index] ?? item.fare },
    ]),
  );
  return {
    ...drafted,
    state: 'paid',
    paidBy: entry.paidBy,
    entryId: entry.entryId,
    contactConfirmed: entry.contactConfirmed ?? false,
    amount: wish.amount,
    items,
    history: [
      { at: now, event: 'order-from-waitlist' },
      { at: now, event: 'order-paid' },
    ],
  };
};

type Commit = {
  entry: EntryIn<'waiting'>;
  order: OrderIn<'paid'>;
  claims: readonly DayClaims[];
  wish: number;
};

type Part = 'entry' | 'order' | 'claim' | 'count' | 'queue' | 'payment' | 'refund' | 'journal';

/**
 * T2 of an entry. After a refusal, or a lost answer, the owners are fenced on the entry first: only then can the seats go back.
 */
const commit = async (
  dependencies: ServeDependencies,
  { entry, order, claims: before, wish }: Commit,
): Promise<Accepted<object> | Rejected<'lost-race' | 'passengers-busy'>> => {
  const { bookings } = dependencies;
  const wished = claimsOf(order);
  let reason: 'lost-race' | 'passengers-busy' = 'lost-race';
  try {
    for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
      const claims = attempt === 0 || wished.length === 0 ? before : await readClaims(bookings, wished);
      if (decidePassengers(wished, claims).outcome === 'rejected') {
        reason = 'passengers-busy';
        break;
      }
      const outcome = await writeTogether(
        bookings.client,
        writesOf(bookings, { entry, order, claims, wish }),
      );
      if (outcome.outcome === 'written') return accepted({});
      if (outcome.refused.some(({ label }) => label !== 'claim')) break;
    }
  } catch (error) {
    logger.warn('the answer to a commit from the waitlist was lost', {
      orderId: order.orderId,
      thrown: loggable(error),
    });
  }
  return (await isCommitted(bookings, order)) ? accepted({}) : rejected(reason);
};

/** All writes of T2 of an entry: at most 97 with nine passengers and nine days. */
const writesOf = (bookings: Table, { entry, order, claims, wish }: Commit): LabelledWrite<Part>[] => {
  const now = order.createdAt;
  const refund = refundOf(entry, order);
  const owners = [...new Set(Object.values(order.items).map(({ place }) => place.owner))];
  return [
    { label: 'entry', write: fulfilEntry(bookings, entry, { owners, wish, now }) },
    { label: 'order', write: putPaidOrder(bookings, order) },
    ...putClaims(bookings, claims, claimsOf(order)).map((write) => ({ label: 'claim' as const, write })),
    { label: 'count', write: countFulfilled(bookings, order) },
    ...placesInQueues(entry, entry.waitingSince).map((place) => ({
      label: 'queue' as const,
      write: leaveQueue(bookings, place, now),
    })),
    ...(refund
      ? [
          { label: 'payment' as const, write: takeRefundable(bookings, entry.paidBy, refund.amount.amount) },
          { label: 'refund' as const, write: putRefund(bookings, refund) },
          { label: 'journal' as const, write: refundEntry(bookings, refund, now) },
        ]
      : []),
  ];
};

/** What the entry has paid beyond the price of the order goes back. */
const refundOf = (entry: EntryIn<'waiting'>, order: CommittedOrder): RefundIn<'requested'> | undefined => {
  const amount = differenceOf(entry, order.amount);
  if (amount.amount === 0) return undefined;
  return {
    orderId: entry.entryId,
    paymentId: entry.paidBy,
    refundNumber: refundNumberOf(entry.paidBy, 'difference'),
    amount,
    reason: 'cheaper-than-paid',
    state: 'requested',
    requestedAt: order.createdAt,
    attempts: 0,
  };
};

/** Fences the owners of this try (T47), and then looks: either its order stands, or it never will. */
const isCommitted = async (bookings: Table, order: OrderIn<'paid'>): Promise<boolean> => {
  const owners = new Set(Object.values(order.items).map(({ place }) => place.owner));
  for (const owner of owners) {
    const entry = await fenceOnEntry(bookings, order.orderId, owner);
    if (entry?.state !== 'fulfilled') continue;
    const stands = await readOrder(bookings, order.orderId, { consistent: true });
    if (stands && stands.state !== 'void')
      return Object.values(stands.items).some(({ place }) => owners.has(place.owner));
  }
  return false;
};
