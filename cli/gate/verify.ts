import { randomUUID } from 'node:crypto';
import type { Refused } from '../../shared/check-ins/decide-check-in.ts';
import { verifyOffline, type KnownRun } from '../../shared/check-ins/verify-offline.ts';
import { useIdSchema, type RunId } from '../../shared/platform/ids.ts';
import { rejected, type Accepted } from '../../shared/platform/outcome.ts';
import { inZone, instantOf, type Instant } from '../../shared/platform/time.ts';
import { ticketKey } from '../../shared/tickets/code-keys.ts';
import type { CodeContent } from '../../shared/tickets/code-content.ts';
import type { GateFolder, Settings, StoredRun } from './folder.ts';

export type Scanned = Accepted<{ content: CodeContent; isListed: boolean }> | Refused;

const knownRun = (stored: StoredRun, folder: GateFolder): KnownRun => ({
  run: stored.run,
  rules: stored.rules ?? undefined,
  stateOf: (ticketId) => {
    const ended = stored.ended.find((each) => each.ticketId === ticketId);
    if (ended) return { ended: ended.state };
    const own = folder.use(ticketId);
    if (own) return { usedFirst: { ...own, at: own.shownAt } };
    const listed = stored.tickets.find((each) => each.ticketId === ticketId);
    if (!listed) return 'not-listed';
    return listed.checkIn ? { usedFirst: listed.checkIn } : 'valid';
  },
});

/**
 * Decides about a code by the folder of a gate alone, and remembers that its passenger was let in. Two scans of one ticket
 * at the same moment let one in: the file of the use is made once.
 */
export const scanOffline = (
  folder: GateFolder,
  { keys, carrierId, stopId, gateId, clockError }: Settings,
  { code, onlyRun, machineTime }: { code: string; onlyRun: RunId | undefined; machineTime: number },
): Scanned => {
  const now = instantOf(machineTime + clockError);
  const trust = {
    carrierId,
    keys: keys.map(({ publicKey }) => ticketKey(Buffer.from(publicKey, 'base64url'))),
  };
  const findRun = (runId: RunId): KnownRun | undefined => {
    const stored = onlyRun === undefined || onlyRun === runId ? folder.run(runId) : undefined;
    return stored && knownRun(stored, folder);
  };
  const verified = verifyOffline({ trust, stopId, findRun }, code, now);
  if (verified.outcome === 'rejected') return verified;
  const { ticketId, runId } = verified.content;
  const use = {
    ticketId,
    useId: useIdSchema.parse(randomUUID()),
    code,
    runId,
    stopId,
    gateId,
    at: instantOf(machineTime),
    shownAt: now,
  };
  if (folder.remember(use)) return verified;
  const first = folder.use(ticketId);
  return { ...rejected('already-checked-in'), ...(first && { firstUse: { ...first, at: first.shownAt } }) };
};

/** Each reason in words for the staff at a gate. */
const words: Readonly<Record<Refused['reason'], string>> = {
  'code-damaged': 'this is no whole ticket code',
  'code-other-version': 'this release cannot read this code',
  'code-other-carrier': 'it is a ticket of another carrier',
  'code-unknown-key': 'an unknown key has signed it: sync, and refuse it if that does not help',
  'code-forged': 'it is forged: the signature is not ours',
  'already-checked-in': 'it was used before',
  'ticket-refunded': 'it was given back',
  'ticket-exchanged': 'it was exchanged for another ticket',
  'ticket-not-valid': 'it is not valid any more',
  'ticket-unknown': 'there is no such ticket',
  'wrong-run': 'it is for another run',
  'run-closed': 'the run does not operate',
  'check-in-not-offered': 'the carrier has no rules for check-ins on this day',
  'wrong-stop': 'its passenger cannot board here',
  'too-early-to-board': 'the gate is not open yet',
  'too-late-to-board': 'the gate is closed',
  'not-found': 'there is no such run',
};

const timesOf = ({ opensAt, closedAt, firstUse }: Refused, local: (at: Instant) => string): string => {
  if (firstUse)
    return `, first at ${local(firstUse.at)} at the stop ${firstUse.stopId} by the gate ${firstUse.gateId}`;
  if (opensAt) return `, it opens at ${local(opensAt)}`;
  return closedAt ? `, since ${local(closedAt)}` : '';
};

/** One line that says whether the passenger may board, and why not. */
export const lineOf = (scanned: Scanned, timeZone: string): string => {
  if (scanned.outcome === 'rejected')
    return `refused  ${scanned.reason}  ${words[scanned.reason]}${timesOf(scanned, (at) => inZone(at, timeZone))}`;
  const { coach, seat, class: cls, initials, documentTail } = scanned.content;
  const who = [initials, documentTail && `…${documentTail}`].filter(Boolean).join(' ');
  const where = [`coach ${coach}`, seat && `seat ${seat}`].filter(Boolean).join(' ');
  return `let in  ${where}  ${cls}  ${who}${scanned.isListed ? '' : '  (sold after the last sync)'}`;
};
