import { putReplay, readReplay, type IdempotencyScope } from '../bookings/idempotency-store.ts';
import { answerKeptUntil, personalDataEnd } from '../bookings/kept-until.ts';
import { isOpen, type Entry, type EntryIn, type Wish } from '../entries/model.ts';
import { entriesIn, putWaits, readWaits, type Waits } from '../entries/persons-store.ts';
import { putEntry, readEntries, readEntry } from '../entries/store.ts';
import { untouchedShard } from '../inventory/pieces.ts';
import { shardsOf } from '../inventory/shards.ts';
import { readShards } from '../inventory/store.ts';
import { budgetDay } from '../orders/budgets.ts';
import { readClaims } from '../orders/claims-store.ts';
import { countEntry, readCounts } from '../orders/counts-store.ts';
import { putRetention } from '../orders/retention-store.ts';
import { peopleOf, type Contact, type Passenger } from '../orders/model.ts';
import type { ClaimWish } from '../orders/rules.ts';
import type { Carrier } from '../platform/carrier.ts';
import { decideAnew } from '../platform/decide-anew.ts';
import { writeTogether, type LabelledWrite, type Table } from '../platform/dynamo.ts';
import { isSameAddress } from '../platform/email-address.ts';
import { orderIdSchema, type OrderId } from '../platform/ids.ts';
import { spokenLocale } from '../platform/locales.ts';
import { accepted, rejected, type Accepted, type Rejected } from '../platform/outcome.ts';
import { newUlid } from '../platform/random.ts';
import { later, type Clock, type Instant } from '../platform/time.ts';
import type { Offer } from '../selling/decide-offer.ts';
import { decidePassengers, isTwice } from '../selling/decide-order.ts';
import type { OrderRequest } from '../selling/draft-order.ts';
import { findOffer } from '../selling/find-offer.ts';
import { sealPassengers } from '../selling/seal-passengers.ts';
import { tellConflict } from '../selling/tell-conflict.ts';
import {
  dearestOf,
  decideCutOff,
  decideEntryBudget,
  decideWish,
  entriesInTheWay,
  payUntil,
  repeatedWish,
  timesOf,
  type FoundWish,
  type JoinRejected,
  type OtherEntry,
  type WishAsked,
  type WishRejected,
} from './decide-join.ts';
import { waitlistRulesOn } from './waitlist-rules-on.ts';

type Dependencies = {
  timetable: Table;
  inventory: Table;
  bookings: Table;
  clock: Clock;
  carrier: Carrier;
  keys: () => Promise<{ seal: Buffer; claim: Buffer }>;
};

/** A passenger's request to wait, after parsing. */
export type EntryRequest = Pick<OrderRequest, 'userId' | 'passengers' | 'contact' | 'confirmedEmail'> & {
  wishes: readonly WishAsked[];
  cutOff?: string | undefined;
};

type Joined = Accepted<{ entry: Entry }> | JoinRejected;

/** The number of decisions, if the user or a passenger joins elsewhere at the same moment. */
const attemptsMax = 4;

/**
 * T45: puts passengers on the waitlist for up to five journeys that are sold out, unpaid. A client that repeats the request
 * gets the same entry.
 */
export const joinWaitlist =
  (dependencies: Dependencies) =>
  async (request: EntryRequest, scope: IdempotencyScope): Promise<Joined> => {
    const joined = await decideAnew(attemptsMax, () => joinOnce(dependencies, request, scope));
    return joined.outcome === 'rejected' && joined.reason === 'changed-meanwhile' ? rejected('busy') : joined;
  };

const joinOnce = async (
  dependencies: Dependencies,
  request: EntryRequest,
  scope: IdempotencyScope,
): Promise<Joined | Rejected<'changed-meanwhile'>> => {
  const { bookings, carrier, clock } = dependencies;
  const replay = await readReplay(bookings, scope, clock());
  if (replay.outcome === 'reused') return rejected('key-reused');
  if (replay.outcome === 'in-progress') return rejected('request-in-progress');
  const before = replay.outcome === 'same' && (await readEntry(bookings, orderIdSchema.parse(replay.answer)));
  if (before) return accepted({ entry: before });

  const wished = await decideWishes(dependencies, request);
  if (wished.outcome === 'rejected') return wished;
  const { wishes, rules } = wished;
  const counts = await readCounts(bookings, request.userId);
  const limits = { ...rules, seatsPerRunMax: carrier.seatsPerRunMax };
  const within = decideEntryBudget(counts, limits, { ...request, party: request.passengers.length });
  if (within.outcome === 'rejected') return within;

  const entryId = orderIdSchema.parse(newUlid(clock()));
  const { passengers, documentKey } = await sealPassengers(dependencies, request, entryId);
  const free = await decidePersons(dependencies, request, { entryId, wishes, passengers });
  if (free.outcome === 'rejected') return free;
  const now = clock();
  const entry = draftEntry(request, { entryId, wishes, passengers, carrier, now });
  const today = budgetDay(carrier, now);
  const writes: LabelledWrite<'entry' | 'replay' | 'count' | 'waits' | 'retention'>[] = [
    { label: 'entry', write: putEntry(bookings, entry) },
    {
      label: 'replay',
      write: putReplay(bookings, scope, {
        answer: entryId,
        keptUntil: answerKeptUntil(entry.arrivesAt, carrier),
      }),
    },
    {
      label: 'count',
      write: countEntry(bookings, request.userId, { entriesMax: rules.entriesMax, today }),
    },
    ...putWaits(bookings, free.waits, { entryId, times: timesOf(wishes), open: free.open }).map((write) => ({
      label: 'waits' as const,
      write,
    })),
    {
      label: 'retention',
      write: putRetention(bookings, entryId, {
        documentKey,
        dueAt: personalDataEnd({ orderId: entryId, arrivesAt: entry.arrivesAt }, carrier),
      }),
    },
  ];
  const outcome = await writeTogether(bookings.client, writes);
  return outcome.outcome === 'written' ? accepted({ entry }) : rejected('changed-meanwhile');
};

type Rules = NonNullable<ReturnType<typeof waitlistRulesOn>>;

/** Finds every wish on sale and sold out, in the order of the request. */
const decideWishes = async (
  dependencies: Dependencies,
  request: EntryRequest,
): Promise<Accepted<{ wishes: Wish[]; rules: Rules }> | JoinRejected> => {
  const { carrier, clock } = dependencies;
  const rules = waitlistRulesOn(carrier, clock());
  if (!rules) return rejected('no-waitlist');
  const cut = decideCutOff(rules, request.cutOff);
  if (cut.outcome === 'rejected') return cut;
  const repeated = repeatedWish(request.wishes);
  if (repeated >= 0) return { ...rejected('wish-twice'), wish: repeated };
  const found = await Promise.all(request.wishes.map((asked) => findWish(dependencies, request, asked)));
  const wishes: Wish[] = [];
  for (const [at, each] of found.entries()) {
    if (each.outcome === 'rejected') return each.reason === 'busy' ? rejected('busy') : asWish(each, at);
    const party = { passengers: request.passengers, cutOff: cut.cutOff };
    const decided = decideWish(each.found, party, carrier, clock());
    if (decided.outcome === 'rejected') return asWish(decided, at);
    wishes.push(decided.wish);
  }
  return accepted({ wishes, rules });
};

const asWish = <Refused extends Omit<WishRejected, 'wish'>>(
  refused: Refused,
  wish: number,
): WishRejected => ({
  ...refused,
  wish,
});

/** A run that nobody has frozen has no shards: it is not sold out. */
const findWish = async (
  dependencies: Dependencies,
  { userId, passengers, contact }: EntryRequest,
  asked: WishAsked,
): Promise<Accepted<{ found: FoundWish }> | Omit<WishRejected, 'wish'> | Rejected<'busy'>> => {
  const offer = await findOffer(dependencies, { userId, ...asked, passengers, contact, wishes: {} });
  if (offer.outcome === 'rejected') return offer;
  const shards = await shardsFor(dependencies, offer, asked);
  // The run is changing: in a moment its seats will be others.
  if (shards.some(({ closed }) => closed !== undefined)) return rejected('busy');
  return accepted({ found: { asked, offer, shards } });
};

const shardsFor = async ({ inventory }: Dependencies, { run }: Offer, { class: cls }: WishAsked) => {
  const seats = shardsOf(run.layout, cls);
  const { runId, generation } = run;
  const states = await readShards(
    inventory,
    seats.map((_, shard) => ({ runId, generation, class: cls, shard })),
  );
  return seats.map((each, shard) => states[shard] ?? untouchedShard(each.length, run.stops.length));
};

type Persons = { waits: Waits[]; open: ReadonlySet<OrderId> };

/**
 * Whether the passengers are free at the times of the wishes, and wait for nothing else then. What other people's bookings
 * reveal is counted before it is told.
 */
const decidePersons = async (
  dependencies: Dependencies,
  { userId }: EntryRequest,
  {
    entryId,
    wishes,
    passengers,
  }: { entryId: OrderId; wishes: readonly Wish[]; passengers: readonly Passenger[] },
): Promise<
  Accepted<Persons> | Rejected<'passenger-time-conflict' | 'passenger-unavailable' | 'passenger-on-waitlist'>
> => {
  const { bookings } = dependencies;
  const people = [
    ...new Set(passengers.flatMap(peopleOf).flatMap(({ documentClaim }) => documentClaim ?? [])),
  ];
  const asked = timesOf(wishes).map((time) => claimsFor(entryId, passengers, time));
  if (asked.some(isTwice)) return rejected('passenger-time-conflict');
  const waits = people.length > 0 ? await readWaits(bookings, people) : [];
  const entries = (await readEntries(bookings, entriesIn(waits))).filter(isOpen);
  const others = entries.map((entry): OtherEntry => ({ ...entry, times: timesOf(entry.wishes) }));
  const inTheWay = entriesInTheWay(wishes, others);
  if (inTheWay.some(({ ownerId }) => ownerId === userId)) return rejected('passenger-on-waitlist');
  const conflict = await conflictOf(bookings, asked, inTheWay);
  if (conflict) return tellConflict(dependencies, userId, conflict);
  return accepted({ waits, open: new Set(entries.map((each) => each.entryId)) });
};

const claimsFor = (
  entryId: OrderId,
  passengers: readonly Passenger[],
  time: ClaimWish['time'],
): ClaimWish[] =>
  passengers.flatMap((passenger, index) =>
    peopleOf(passenger).flatMap(({ documentClaim: claim }) =>
      claim ? [{ claim, holder: `${entryId}-${index + 1}`, time }] : [],
    ),
  );

const conflictOf = async (
  bookings: Table,
  asked: readonly ClaimWish[][],
  inTheWay: readonly OtherEntry[],
) => {
  const [first] = asked;
  if (first && inTheWay.length > 0)
    return {
      ...rejected('passenger-time-conflict'),
      asked: first,
      inTheWay: inTheWay.map(({ entryId }) => entryId),
    };
  const claims = asked.flat().length > 0 ? await readClaims(bookings, asked.flat()) : [];
  for (const wishes of asked) {
    const free = decidePassengers(wishes, claims);
    if (free.outcome === 'rejected') return free;
  }
  return undefined;
};

const draftEntry = (
  { userId, contact, confirmedEmail }: EntryRequest,
  {
    entryId,
    wishes,
    passengers,
    carrier,
    now,
  }: { entryId: OrderId; wishes: Wish[]; passengers: Passenger[]; carrier: Carrier; now: Instant },
): EntryIn<'unpaid'> => ({
  state: 'unpaid',
  entryId,
  ownerId: userId,
  placedAt: now,
  wishes,
  passengers,
  contact: { ...contact, locale: localeOf(contact.locale, carrier) },
  contactConfirmed: confirmedEmail !== undefined && isSameAddress(contact.email, confirmedEmail),
  amount: dearestOf(wishes),
  expiresAt: payUntil(wishes, carrier, now),
  arrivesAt: wishes.map(({ arrivesAt }) => arrivesAt).reduce(later),
  history: [{ at: now, event: 'entry-placed' }],
});

const localeOf = (
  locale: Contact['locale'] | undefined,
  { locales, defaultLocale }: Carrier,
): Contact['locale'] => (locale && spokenLocale(locale, locales)) ?? defaultLocale;
