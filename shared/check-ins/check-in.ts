import type { Carrier } from '../platform/carrier.ts';
import type { Table } from '../platform/dynamo.ts';
import type { GateId, RunId, UseId } from '../platform/ids.ts';
import { accepted, rejected, type Accepted } from '../platform/outcome.ts';
import type { Clock } from '../platform/time.ts';
import { readDelay } from '../runs/delay-store.ts';
import { checkInTicket } from '../tickets/check-in-store.ts';
import type { CodeContent } from '../tickets/code-content.ts';
import type { TicketIn } from '../tickets/model.ts';
import { readTicket } from '../tickets/store.ts';
import { readFrozenRun } from '../timetable/store.ts';
import { decideGate, isForAnotherRun, ticketRefusal, type Refused } from './decide-check-in.ts';
import type { ReadKnownCode } from './known-keys.ts';
import { checkInRulesOf } from './rules.ts';

type Dependencies = {
  bookings: Table;
  timetable: Table;
  clock: Clock;
  carrier: Carrier;
  readCode: ReadKnownCode;
};

/** One scan at a gate. The gate makes a new `useId` for each, and keeps it when it repeats the request. */
export type Scan = { code: string; runId: RunId; stopId: string; gateId: GateId; useId: UseId };

type CheckedIn = Accepted<{ content: CodeContent; ticket: TicketIn<'checkedIn'> }> | Refused;

/**
 * T41: lets the passenger of a ticket in, once. The write on the ticket decides: of two gates with one ticket, or a gate
 * and a passenger who gives the ticket back, one succeeds. A request that is repeated, or whose answer was lost, is
 * the same use.
 */
export const checkIn =
  (dependencies: Dependencies) =>
  async ({ code, runId, stopId, gateId, useId }: Scan): Promise<CheckedIn> => {
    const { bookings, timetable, clock, carrier } = dependencies;
    const read = await dependencies.readCode(code);
    if (read.outcome === 'rejected') return read;
    const { content } = read;
    if (isForAnotherRun(content, { runId })) return rejected('wrong-run');
    const run = await readFrozenRun(timetable, runId);
    if (!run) return rejected('not-found');
    const rules = checkInRulesOf(carrier, run.serviceDate);
    const at = clock();
    const decide = (delayMinutes: number) =>
      decideGate(content, { run: { ...run, delayMinutes }, rules }, { runId, stopId }, at);
    const asPlanned = decide(0);
    const isLate = asPlanned.outcome === 'rejected' && asPlanned.reason === 'too-late-to-board';
    const decided = isLate ? decide(await readDelay(bookings, runId)) : asPlanned;
    if (decided.outcome === 'rejected') return strongest(bookings, content, useId, decided);
    const written = await checkInTicket(bookings, content.ticketId, { at, stopId, gateId, useId });
    return answerFor(content, useId, written.ticket) ?? rejected('ticket-unknown');
  };

/** That a ticket was used, or given back, says more than that it is too early; and a repeated request is the same use. */
const strongest = async (
  bookings: Table,
  content: CodeContent,
  useId: UseId,
  decided: Refused,
): Promise<CheckedIn> =>
  answerFor(content, useId, await readTicket(bookings, content.ticketId, { consistent: true })) ?? decided;

/** What the ticket says, after the write or instead of it; undefined if it is valid and nobody has used it. */
const answerFor = (
  content: CodeContent,
  useId: UseId,
  ticket: Awaited<ReturnType<typeof readTicket>>,
): CheckedIn | undefined =>
  ticket?.state === 'checkedIn' && ticket.checkIn.useId === useId
    ? accepted({ content, ticket })
    : ticketRefusal(ticket);
