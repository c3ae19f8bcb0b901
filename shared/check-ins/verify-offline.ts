import type { CheckInRules } from '../platform/after-sale/check-in-rules.ts';
import type { RunId, TicketId } from '../platform/ids.ts';
import { accepted, rejected, type Accepted } from '../platform/outcome.ts';
import type { Instant } from '../platform/time.ts';
import { readCode, type Trust } from '../tickets/code.ts';
import type { CodeContent } from '../tickets/code-content.ts';
import { decideGate, type GateRun, type Refused } from './decide-check-in.ts';
import type { EndedState, Use } from './model.ts';

/** What a gate without a network knows of a run: its manifest, and the uses that it has let happen since. */
export type KnownRun = {
  run: GateRun;
  rules: CheckInRules | undefined;
  stateOf: (ticketId: TicketId) => { ended: EndedState } | { usedFirst: Use } | 'valid' | 'not-listed';
};

/** The gate itself: its runs, and its stop. */
export type OfflineGate = {
  trust: Trust;
  stopId: string;
  findRun: (runId: RunId) => KnownRun | undefined;
};

type Verified = Accepted<{ content: CodeContent; isListed: boolean }> | Refused;

const reasonOf = {
  refunded: 'ticket-refunded',
  exchanged: 'ticket-exchanged',
  released: 'ticket-not-valid',
} as const;

/**
 * Whether a gate lets the passenger of this code in, by what it knows. A ticket that is not on its list was sold after the
 * list was made: its signature is enough. Whoever calls this remembers the use, or the ticket is good for another one.
 */
export const verifyOffline = (
  { trust, stopId, findRun }: OfflineGate,
  code: string,
  now: Instant,
): Verified => {
  const read = readCode(trust, code);
  if (read.outcome === 'rejected') return read;
  const { content } = read;
  const known = findRun(content.runId);
  if (!known) return rejected('wrong-run');
  const state = known.stateOf(content.ticketId);
  if (typeof state === 'object')
    return 'ended' in state
      ? rejected(reasonOf[state.ended])
      : { ...rejected('already-checked-in'), firstUse: state.usedFirst };
  const decided = decideGate(content, known, { runId: content.runId, stopId }, now);
  return decided.outcome === 'rejected' ? decided : accepted({ content, isListed: state === 'valid' });
};
