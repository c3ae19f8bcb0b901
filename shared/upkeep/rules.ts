import type { Order, OrderState, CommittedOrder } from '../orders/model.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import type { EntryEndRefusal } from '../waitlist/rules.ts';

/** Why this takes no step towards the end of an order's data: part of the order changed during the read. */
export type DataRefusal = 'changed-meanwhile';

/** Why this does not judge a suspect: its try may still be running. */
export type JudgeRefusal = 'too-young';

/** Why work on a due item is not done. `unfinished`: it waits for a provider, or for another worker. */
export type CleanUpRefusal = DataRefusal | JudgeRefusal | EntryEndRefusal | 'unfinished';

/** Why this starts no execution. `died-too-often`: a person must look, and the clean-up continues. */
export type RestartRefusal = 'not-needed' | 'died-too-often';

/** Why nothing happens to an item that needs a person, besides the reasons for refunds. */
export type ItemRefusal = 'not-as-seen' | 'not-found' | 'nothing-to-try' | 'ends-by-itself' | 'unreadable';

/**
 * Why a place that an item names is not its owner's again: somebody else has it; its shard takes no holds; others are
 * quicker; or Timetable is older than the order.
 */
export type RestoreRefusal = 'taken' | 'closed' | 'busy' | 'run-not-frozen' | 'not-of-this-run';

/** Whether the same may succeed a moment later although nobody changes anything: then the item gets another turn. */
export const isRetryable = {
  'changed-meanwhile': true,
  'too-young': true,
  unfinished: true,
  'not-due': false,
  'payments-unfinished': true,
  'not-needed': false,
  'died-too-often': false,
  'not-as-seen': false,
  'not-found': false,
  'nothing-to-try': false,
  'ends-by-itself': false,
  unreadable: false,
  taken: false,
  closed: false,
  busy: true,
  'run-not-frozen': false,
  'not-of-this-run': false,
} as const satisfies Record<CleanUpRefusal | RestartRefusal | ItemRefusal | RestoreRefusal, boolean>;

/** The states in which an order's workflow has work left. */
const unfinished: ReadonlySet<OrderState> = new Set(['held', 'closing', 'releasing', 'paid']);

/**
 * After this many deaths of an order's workflow, something is wrong with the order: a person looks, and the clean-up
 * goes on.
 */
const executionsMax = 5;

type Restart =
  { now: 'to-be-shown'; order: CommittedOrder } | { now: 'to-be-restarted'; next: number; isRaised: boolean };

/**
 * Decides what to do after the workflow's execution number `ended` died. The next execution has the next number.
 * `isRaised`: an earlier restarter raised the number but died before the start, so this one starts the execution.
 */
export const decideRestart = (
  order: Order | undefined,
  { ended }: { ended: number },
): Outcome<Restart, 'not-needed'> => {
  if (!order || order.state === 'void' || !unfinished.has(order.state)) return rejected('not-needed');
  if (order.execution > ended + 1) return rejected('not-needed');
  if (ended >= executionsMax) return accepted({ now: 'to-be-shown', order });
  return accepted({ now: 'to-be-restarted', next: ended + 1, isRaised: order.execution !== ended });
};
