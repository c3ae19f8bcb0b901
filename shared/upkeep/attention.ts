import { createHash } from 'node:crypto';
import { hurry, listAttention, settleAttention } from '../bookings/attention-store.ts';
import { keyOfRetention } from '../orders/retention-store.ts';
import type { Refund } from '../payments/model.ts';
import { endsWhenSettled, type Attention, type Handled } from '../bookings/attention.ts';
import type { Table } from '../platform/dynamo.ts';
import { orderIdSchema } from '../platform/ids.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import { secondsBetween, type Instant } from '../platform/time.ts';
import { closeByHand } from '../paying/close-by-hand.ts';
import { retryFailedRefund } from '../paying/retry-refund.ts';
import { beginToSettle, finishSettling, giveRefundBack, type Settled } from '../paying/settle-refund.ts';
import type { ByHandRefusal } from '../paying/rules.ts';
import type { ItemRefusal } from './rules.ts';
import type { RefundDependencies } from '../paying/submit-refund.ts';
import { findSubject, nameOf, type Listed, type Subject } from './find-subject.ts';

/** The person who acts, and the reason. */
export type Person = Pick<Handled, 'by' | 'reason'>;

/** Lists everything that needs a person, the oldest first. */
export const listWhatNeedsAPerson = async (
  bookings: Table,
  { perShardMax }: { perShardMax: number },
): Promise<{ items: Listed[]; more: boolean }> => {
  const { items, more } = await listAttention(bookings, { perShardMax });
  return {
    more,
    items: items.map(({ key, attention }) => ({ ...nameOf(key), attention })),
  };
};

/** Counting stops at this number: the alarm has long been raised by then. */
const countedPerShardMax = 250;

/** How many items need a person, how many of them are refunds that a provider will not pay, and how long the oldest waits. */
export const measureAttention = async (
  bookings: Table,
  now: Instant,
): Promise<{ waiting: number; oldestSeconds: number; parked: number }> => {
  const { items } = await listAttention(bookings, { perShardMax: countedPerShardMax });
  const oldest = items[0]?.attention.since ?? now;
  const parked = items.filter(({ attention }) => attention.kind === 'refund-declined').length;
  const oldestSeconds = Math.max(0, Math.round(secondsBetween(oldest, now)));
  return { waiting: items.length, oldestSeconds, parked };
};

export type HandleRefusal = ByHandRefusal | ItemRefusal;

/** Whether it is of this kind, readable or not. */
const isOf = (subject: Subject, kind: 'order'): boolean =>
  (subject.kind === 'unreadable' ? subject.of : subject.kind) === kind;

/** The clean-up tries any refund that was sent or asked about, and any that keeps failing. */
const isTriedAnyway = ({ state, attention }: Refund): boolean =>
  state === 'requested' || state === 'submitted' || attention?.kind === 'keeps-failing';

/**
 * Tries an item again now instead of at its next turn; sends a refund that the provider declined for good once more
 * (T33).
 */
export const retryAttention =
  ({ bookings, clock }: Pick<RefundDependencies, 'bookings' | 'clock'>) =>
  async (id: string, person: Person): Promise<Outcome<object, HandleRefusal>> => {
    const subject = await findSubject(bookings, id);
    if (!subject) return rejected('not-found');
    if (subject.kind === 'refund' && !isTriedAnyway(subject.item))
      return retryFailedRefund({ bookings, clock })(subject.item, person);
    const now = clock();
    const handled: Handled = { ...person, at: now, did: 'retried' };
    // The stuck item may also be the end of the order's data.
    const hurried = await hurry(bookings, subject.key, now, handled);
    return hurried.outcome === 'rejected' && isOf(subject, 'order')
      ? hurry(bookings, keyOfRetention(orderIdSchema.parse(subject.id)), now, handled)
      : hurried;
  };

export type SettleHow = {
  /** The refund was paid back by another way. */
  paid?: boolean;
  /** The refund was not paid, and nobody works on it any more. */
  giveBack?: boolean;
  /** The provider has been silent for days; the decision rests on this person's word alone. */
  unconfirmed?: boolean;
  /** The mark of the flag that the person saw: another may have replaced it since. */
  seen?: string;
};

/** A short mark that identifies the flag that a person saw. */
export const markOf = ({ kind, why, since }: Attention): string =>
  createHash('sha256')
    .update(JSON.stringify([kind, why, since]))
    .digest('hex')
    .slice(0, 6);

/**
 * Settles a flagged item on a person's word. A refund is paid back by another way in two steps: first the person takes
 * it in hand and the provider is asked (T34); after paying, the person reports it as `paid` (T35) or gives it back
 * (T37). A payment whose provider no longer exists is closed (T38).
 */
export const settle =
  (dependencies: RefundDependencies) =>
  async (
    id: string,
    person: Person,
    { paid = false, giveBack = false, unconfirmed = false, seen }: SettleHow = {},
  ): Promise<Outcome<{ now: Settled | 'seen-to' | 'closed-by-hand' }, HandleRefusal>> => {
    const { bookings, clock } = dependencies;
    const subject = await findSubject(bookings, id);
    if (!subject) return rejected('not-found');
    const { attention } = subject.item;
    if (attention && endsWhenSettled(attention.kind) && !paid && !giveBack) {
      if (seen !== undefined && seen !== markOf(attention)) return rejected('not-as-seen');
      const handled: Handled = { ...person, at: clock(), did: 'settled' };
      const settled = await settleAttention(bookings, subject.key, attention, handled);
      return settled.outcome === 'accepted' ? accepted({ now: 'seen-to' }) : settled;
    }
    if (subject.kind === 'unreadable' && !isOf(subject, 'order')) return rejected('unreadable');
    if (subject.kind === 'payment' && unconfirmed) return closeByHand(dependencies)(subject.item, person);
    if (subject.kind !== 'refund') return rejected('ends-by-itself');
    const { orderId, refundNumber } = subject.item;
    if (giveBack) return giveRefundBack(dependencies)(subject.item, person);
    if (paid) return finishSettling(dependencies)(orderId, refundNumber, person);
    return beginToSettle(dependencies)(orderId, refundNumber, person, { unconfirmed });
  };
