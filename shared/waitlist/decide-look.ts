import type { EntryIn, Wish } from '../entries/model.ts';
import { nextCutOff, openWishes } from '../entries/rules.ts';
import type { Payment } from '../payments/model.ts';
import { isUnapplied, isUnfinished } from '../payments/model.ts';
import type { Carrier } from '../platform/carrier.ts';
import type { RunId } from '../platform/ids.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import { earlier, plusSeconds, type Instant } from '../platform/time.ts';
import type { EntryEndRefusal } from './rules.ts';

/**
 * Whether an unpaid entry ends: its time is over, no money for it waits to be used, and no provider may still take some. After
 * the grace period nobody waits for a silent provider: what arrives later goes back.
 */
export const decideUnpaid = (
  { expiresAt }: EntryIn<'unpaid'>,
  payments: readonly Payment[],
  { closingGraceSeconds }: Pick<Carrier, 'closingGraceSeconds'>,
  now: Instant,
): Outcome<object, EntryEndRefusal> => {
  if (now < expiresAt) return rejected('not-due');
  const isGraceOver = plusSeconds(expiresAt, closingGraceSeconds) <= now;
  const isOpen = payments.some((payment) => isUnapplied(payment) || (!isGraceOver && isUnfinished(payment)));
  return isOpen ? rejected('payments-unfinished') : accepted({});
};

/** A run may be closed without anybody's thought of the waitlist: a waiting entry learns of it within this time. */
const lookEverySeconds = 3600;

/** What a look at a waiting entry finds. `over`: the numbers of wishes for which nobody waits any more. */
export type Looked =
  { now: 'ended'; endReason: 'cut-off' | 'run-closed' } | { now: 'waiting'; over: number[]; again: Instant };

/** Which wishes of a waiting entry still count, and when to look again. `closed`: the runs among its wishes that are closed. */
export const decideWaiting = (
  entry: EntryIn<'waiting'>,
  closed: ReadonlySet<RunId>,
  now: Instant,
): Looked => {
  const open = openWishes(entry, now);
  const left = open.filter(({ wish }) => !closed.has(wish.runId));
  if (left.length === 0) return { now: 'ended', endReason: open.length === 0 ? 'cut-off' : 'run-closed' };
  const numbers = new Set(left.map(({ n }) => n));
  const usual = plusSeconds(now, lookEverySeconds);
  return {
    now: 'waiting',
    over: entry.wishes.flatMap((_: Wish, n) => (numbers.has(n) ? [] : [n])),
    again: earlier(usual, nextCutOff({ wishes: left.map(({ wish }) => wish) }, now) ?? usual),
  };
};
