import type { Carrier } from '../platform/carrier.ts';
import type { Table } from '../platform/dynamo.ts';
import type { GateId, RunId, TicketId, UseId } from '../platform/ids.ts';
import { inLanes } from '../platform/in-lanes.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import { millisecondsOf, plusSeconds, type Clock, type Instant } from '../platform/time.ts';
import { checkInTicket } from '../tickets/check-in-store.ts';
import type { CheckIn } from '../tickets/model.ts';
import type { Run } from '../timetable/model.ts';
import { readRun } from '../timetable/store.ts';
import { isForAnotherRun, ticketRefusal, type Refused } from './decide-check-in.ts';
import type { ReadKnownCode } from './known-keys.ts';
import { wrongReasons, type WrongUse } from './model.ts';
import type { CheckInRefusal } from './refusals.ts';
import { timeOfUse } from './rules.ts';
import { putWrongUse } from './wrong-uses-store.ts';

type Dependencies = {
  bookings: Table;
  timetable: Table;
  clock: Clock;
  carrier: Carrier;
  readCode: ReadKnownCode;
};

/** A use that a gate let happen without a network. `at` is the time of the gate's own clock, right or wrong. */
export type OfflineUse = { useId: UseId; code: string; stopId: string; at: Instant };

/** `sentAt` is the time of the gate's clock when it sends this: its error is known by that. */
export type Sync = { runId: RunId; gateId: GateId; sentAt: Instant; uses: readonly OfflineUse[] };

/**
 * What became of a use: recorded, now or by an earlier request; recorded and reported to a person, because the ticket was
 * used before or had ended; or refused, because it is no ticket of this run.
 */
export type SyncedUse = { useId: UseId; ticketId?: TicketId } & (
  | { became: 'recorded' }
  | { became: 'reported'; reason: WrongUse['reason']; firstUse?: CheckIn }
  | { became: 'refused'; reason: CheckInRefusal }
);

const lanes = 8;

/**
 * Records uses of gates that had no network. Nobody is turned away any more, so neither the place nor the time is judged:
 * what happened is recorded, and what should not have happened is reported. Each use counts once, however often it is told.
 */
export const syncUses =
  (dependencies: Dependencies) =>
  async ({
    runId,
    gateId,
    sentAt,
    uses,
  }: Sync): Promise<Outcome<{ now: Instant; uses: SyncedUse[] }, 'not-found'>> => {
    const now = dependencies.clock();
    const run = await readRun(dependencies.timetable, runId);
    if (!run) return rejected('not-found');
    const synced = new Map<UseId, SyncedUse>();
    await inLanes(uses, { lanes }, async (use) => {
      synced.set(use.useId, await syncOne(dependencies, use, { run, gateId, sentAt, now }));
    });
    return accepted({ now, uses: uses.flatMap(({ useId }) => synced.get(useId) ?? []) });
  };

const syncOne = async (
  { bookings, readCode }: Dependencies,
  { useId, code, stopId, at }: OfflineUse,
  { run, gateId, sentAt, now }: { run: Run; gateId: GateId; sentAt: Instant; now: Instant },
): Promise<SyncedUse> => {
  const read = await readCode(code);
  if (read.outcome === 'rejected') return { useId, became: 'refused', reason: read.reason };
  const { ticketId } = read.content;
  if (isForAnotherRun(read.content, run)) return { useId, ticketId, became: 'refused', reason: 'wrong-run' };
  const corrected = plusSeconds(at, (millisecondsOf(now) - millisecondsOf(sentAt)) / 1000);
  const use = { at: timeOfUse(corrected, run, now), stopId, gateId, useId, toldAt: now };
  const { ticket } = await checkInTicket(bookings, ticketId, use);
  if (ticket?.state === 'checkedIn' && ticket.checkIn.useId === useId)
    return { useId, ticketId, became: 'recorded' };
  const refused = ticketRefusal(ticket);
  if (!refused || !isWrong(refused)) return { useId, ticketId, became: 'refused', reason: 'ticket-unknown' };
  const { reason, firstUse } = refused;
  await putWrongUse(bookings, { ticketId, ...use, reason, ...(firstUse && { firstUse }) });
  return { useId, ticketId, became: 'reported', reason, ...(firstUse && { firstUse }) };
};

const isWrong = (refused: Refused): refused is Refused<WrongUse['reason']> =>
  wrongReasons.some((reason) => reason === refused.reason);
