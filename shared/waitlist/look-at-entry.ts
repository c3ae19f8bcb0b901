import { noteAllocation } from '../entries/allocation-store.ts';
import type { Entry, EntryIn } from '../entries/model.ts';
import { leaveQueue, readQueue } from '../entries/queue-store.ts';
import { openWishes, placesInQueues } from '../entries/rules.ts';
import { lookAtEntryAgain, readEntry } from '../entries/store.ts';
import { applyPayment } from '../paying/apply-payment.ts';
import type { FindProvider } from '../paying/ask-provider.ts';
import { settlePayment } from '../paying/settle-payment.ts';
import type { PurchaseWorkflow } from '../paying/workflow.ts';
import { isUnapplied, isUnfinished } from '../payments/model.ts';
import { listPayments } from '../payments/store.ts';
import type { Carrier } from '../platform/carrier.ts';
import { writeTogether, type Table } from '../platform/dynamo.ts';
import type { OrderId, RunId } from '../platform/ids.ts';
import { accepted, type Outcome } from '../platform/outcome.ts';
import type { Clock } from '../platform/time.ts';
import { readFrozenRun } from '../timetable/store.ts';
import { decideUnpaid, decideWaiting } from './decide-look.ts';
import { finishEntry } from './end-entry.ts';
import type { EntryEndRefusal } from './rules.ts';

type Waiting = { bookings: Table; timetable: Table; clock: Clock };

type Dependencies = Waiting & {
  inventory: Table;
  carrier: Carrier;
  findProvider: FindProvider;
  workflow: PurchaseWorkflow;
};

type LookedAt = Outcome<object, EntryEndRefusal | 'changed-meanwhile'>;

/**
 * The clean-up's work for an entry that is due: one that was not paid in time ends; one that waits gives up the wishes that are
 * over, and ends after the last. An entry that has just begun to wait has seats looked for.
 */
export const lookAtEntry =
  (dependencies: Dependencies) =>
  async (entryId: OrderId): Promise<LookedAt> => {
    const entry = await readEntry(dependencies.bookings, entryId);
    switch (entry?.state) {
      case 'unpaid':
        return lookAtUnpaid(dependencies, entry);
      case 'waiting': {
        if (entry.dueAt === entry.waitingSince) await askForSeats(dependencies, entry);
        return lookAtWaiting(dependencies, entry);
      }
      default:
        return accepted({});
    }
  };

/** Money that is already there makes the entry wait after all; a provider that may still take some is asked first. */
const lookAtUnpaid = async (dependencies: Dependencies, unpaid: EntryIn<'unpaid'>): Promise<LookedAt> => {
  const { bookings, carrier, clock } = dependencies;
  const { entryId } = unpaid;
  if (clock() < unpaid.expiresAt) {
    await lookAtEntryAgain(bookings, unpaid, unpaid.expiresAt);
    return accepted({});
  }
  const listed = await listPayments(bookings, entryId);
  await Promise.all(listed.filter(isUnfinished).map(settlePayment(dependencies)));
  const payments = await listPayments(bookings, entryId);
  for (const { paymentId } of payments.filter(isUnapplied)) await applyPayment(dependencies)(paymentId);
  const [entry, after] = await Promise.all([readEntry(bookings, entryId), listPayments(bookings, entryId)]);
  if (entry?.state !== 'unpaid') return accepted({});
  const decided = decideUnpaid(entry, after, carrier, clock());
  return decided.outcome === 'rejected' ? decided : finishEntry(dependencies, entry, 'unpaid');
};

const lookAtWaiting = async (dependencies: Waiting, entry: EntryIn<'waiting'>): Promise<LookedAt> => {
  const { bookings, clock } = dependencies;
  const looked = decideWaiting(entry, await closedAmong(dependencies, entry), clock());
  if (looked.now === 'ended') return finishEntry(dependencies, entry, looked.endReason);
  const places = placesInQueues(entry, entry.waitingSince).filter(({ n }) => looked.over.includes(n));
  if (places.length > 0)
    await writeTogether(
      bookings.client,
      places.map((place) => ({ label: 'queue', write: leaveQueue(bookings, place, clock()) })),
    );
  await lookAtEntryAgain(bookings, entry, looked.again);
  return accepted({});
};

const closedAmong = async (
  { timetable, clock }: Waiting,
  entry: EntryIn<'waiting'>,
): Promise<ReadonlySet<RunId>> => {
  const runIds = [...new Set(openWishes(entry, clock()).map(({ wish }) => wish.runId))];
  const runs = await Promise.all(
    runIds.map((runId) => readFrozenRun(timetable, runId, { consistent: true })),
  );
  return new Set(runs.flatMap((run) => (run?.state === 'closed' ? [run.runId] : [])));
};

/** Has seats looked for on each run of an entry: some may have come free between its request and its payment. */
export const askForSeats = async (
  { bookings, clock }: Pick<Waiting, 'bookings' | 'clock'>,
  entry: Entry,
): Promise<void> => {
  const now = clock();
  const runIds = [...new Set(openWishes(entry, now).map(({ wish }) => wish.runId))];
  await Promise.all(runIds.map((runId) => noteAllocation(bookings, runId, { by: entry.entryId, now })));
};

/**
 * Ends the entries that wait for a run that is closed, unless they wait for another one as well. Anybody may call it, any
 * number of times; it returns how many ended.
 */
export const endEntriesOfRun =
  (dependencies: Waiting) =>
  async (runId: RunId): Promise<{ ended: number }> => {
    const { bookings } = dependencies;
    const seen = new Set<OrderId>();
    let ended = 0;
    for await (const page of readQueue(bookings, { runId }))
      for (const { entryId } of page) {
        if (seen.has(entryId)) continue;
        seen.add(entryId);
        const entry = await readEntry(bookings, entryId);
        if (entry?.state !== 'waiting') continue;
        await lookAtWaiting(dependencies, entry);
        if ((await readEntry(bookings, entryId))?.state === 'ended') ended += 1;
      }
    return { ended };
  };
