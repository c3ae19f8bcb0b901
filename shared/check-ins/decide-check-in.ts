import type { CheckInRules } from '../platform/after-sale/check-in-rules.ts';
import type { RunId } from '../platform/ids.ts';
import { accepted, rejected, type Accepted, type Rejected } from '../platform/outcome.ts';
import { instantOf, type Instant } from '../platform/time.ts';
import type { CodeContent } from '../tickets/code-content.ts';
import type { CheckIn, Ticket } from '../tickets/model.ts';
import type { Run } from '../timetable/model.ts';
import type { CheckInRefusal, GateRefusal, TicketRefusal } from './refusals.ts';
import { openingsAt } from './rules.ts';

/** What a gate tells about a refusal: when it opens or closed, or where and when the ticket was used first. */
export type RefusalDetails = { opensAt?: Instant; closedAt?: Instant; firstUse?: CheckIn };

export type Refused<Reason extends CheckInRefusal = CheckInRefusal> = Rejected<Reason> & RefusalDetails;

/** The part of a run by which a gate decides. A gate without a network has it in its folder. */
export type GateRun = Pick<Run, 'runId' | 'state'> & {
  stops: readonly Pick<Run['stops'][number], 'stopId' | 'timeZone' | 'departs' | 'boarding'>[];
  /** How late the run is, as the carrier announced. */
  delayMinutes?: number | undefined;
};

export type Gate = { runId: RunId; stopId: string };

/** Whether a ticket is for another run than the one that boards here. */
export const isForAnotherRun = (content: Pick<CodeContent, 'runId'>, gate: Pick<Gate, 'runId'>): boolean =>
  content.runId !== gate.runId;

/**
 * Whether a gate lets the passenger of this ticket in now, if the ticket is still valid and unused: for the right run, at
 * the right stop, at the right time. Both ends of an opening belong to it.
 */
export const decideGate = (
  content: Pick<CodeContent, 'runId' | 'from' | 'to' | 'validFrom' | 'validUntil'>,
  { run, rules }: { run: GateRun; rules: CheckInRules | undefined },
  gate: Gate,
  now: Instant,
): Accepted<object> | Refused<GateRefusal> => {
  if (isForAnotherRun(content, gate)) return rejected('wrong-run');
  if (run.state === 'closed') return rejected('run-closed');
  if (!rules) return rejected('check-in-not-offered');
  const journey = {
    from: content.from,
    to: content.to,
    validFrom: instantOf(content.validFrom * 1000),
    validUntil: instantOf(content.validUntil * 1000),
  };
  const openings = openingsAt(run.stops, rules, journey, { ...run, stopId: gate.stopId });
  const last = openings.at(-1);
  if (!last) return rejected('wrong-stop');
  if (openings.some(({ opensAt, closesAt }) => opensAt <= now && now <= closesAt)) return accepted({});
  const next = openings.find(({ opensAt }) => now < opensAt);
  return next
    ? { ...rejected('too-early-to-board'), opensAt: next.opensAt }
    : { ...rejected('too-late-to-board'), closedAt: last.closesAt };
};

/** Why a ticket in this state lets nobody in; undefined if it does. */
export const ticketRefusal = (ticket: Ticket | undefined): Refused<TicketRefusal> | undefined => {
  if (!ticket) return rejected('ticket-unknown');
  switch (ticket.state) {
    case 'issued':
      return undefined;
    case 'checkedIn':
      return { ...rejected('already-checked-in'), firstUse: ticket.checkIn };
    case 'refunded':
      return rejected('ticket-refunded');
    case 'exchanged':
      return rejected('ticket-exchanged');
    default:
      return rejected('ticket-not-valid');
  }
};
