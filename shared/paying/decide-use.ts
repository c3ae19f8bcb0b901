import { isRetryable, type HoldAgainRefusal } from '../inventory/rules.ts';
import type { Entry, EntryIn } from '../entries/model.ts';
import type { Place } from '../inventory/model.ts';
import { takenAt } from '../inventory/owner.ts';
import { itemsOf, placesOf, type Order, type OrderIn, type CommittedOrder } from '../orders/model.ts';
import { isClaimed, type ClaimWish, type DayClaims } from '../orders/rules.ts';
import { isUnapplied, type Payment, type PaymentIn, type Refund } from '../payments/model.ts';
import { accepted, rejected, type Outcome, type Rejected } from '../platform/outcome.ts';
import { plusSeconds, type Instant } from '../platform/time.ts';
import type { Run } from '../timetable/model.ts';
import { hasDeparted, noTravelOf, type NoTravel, type RunToday } from './no-travel.ts';
import type { UseRefusal } from './rules.ts';

type Ended = OrderIn<'expired'> | OrderIn<'cancelled'>;

/** What to do with captured money, by the state of its order. */
export type Use =
  | { use: 'none' }
  /** T9. */
  | { use: 'pay'; order: OrderIn<'held'> | OrderIn<'closing'>; payment: PaymentIn<'captured'> }
  /** T10 if the seats are available again, T13 if not. */
  | { use: 'pay-late'; order: Ended; payment: PaymentIn<'captured'> }
  /** T14: another payment has paid the order or entry, which keeps only one; or the entry is over. */
  | { use: 'refund-surplus'; payment: PaymentIn<'captured'>; refundFor: Refund['reason'] }
  /** T46: the entry of the waitlist begins to wait. */
  | { use: 'pay-entry'; entry: EntryIn<'unpaid'>; payment: PaymentIn<'captured'> };

/** `changed-meanwhile`: somebody applied it between our reads of the payment and of its order. */
export const decideUse = (
  payment: Payment | undefined,
  order: Order | undefined,
  entry?: Entry | undefined,
): Outcome<Use, UseRefusal | 'changed-meanwhile'> => {
  if (!payment || !isUnapplied(payment)) return accepted({ use: 'none' });
  if (!order && entry) return decideUseOfEntry(payment, entry);
  if (!order || order.state === 'void') throw new Error(`the payment ${payment.paymentId} has no order`);
  switch (order.state) {
    case 'held':
    case 'closing':
      return accepted({ use: 'pay', order, payment });
    case 'releasing':
      return rejected('seats-busy');
    case 'expired':
    case 'cancelled':
      return accepted({ use: 'pay-late', order, payment });
    default:
      return order.paidBy === payment.paymentId
        ? rejected('changed-meanwhile')
        : accepted({ use: 'refund-surplus', payment, refundFor: 'surplus-payment' });
  }
};

/** Money for an entry that is over came too late for it, unless the entry has another payment. */
const decideUseOfEntry = (
  payment: PaymentIn<'captured'>,
  entry: Entry,
): Outcome<Use, 'changed-meanwhile'> => {
  if (entry.state === 'unpaid') return accepted({ use: 'pay-entry', entry, payment });
  if (entry.paidBy === payment.paymentId) return rejected('changed-meanwhile');
  const refundFor = entry.paidBy ? 'surplus-payment' : 'late-payment';
  return accepted({ use: 'refund-surplus', payment, refundFor });
};

/** Why late money goes back (T13). */
type LateRefund = Rejected<'late-money'> & { refundFor: Refund['reason'] };

const backFor = (refundFor: Refund['reason']): LateRefund => ({ ...rejected('late-money'), refundFor });

/**
 * The reason that the passenger sees when late money goes back: what prevents the journey, or otherwise that the money
 * came too late.
 */
const reasonOf = (order: CommittedOrder, noTravel: NoTravel | undefined, now: Instant): Refund['reason'] => {
  if (noTravel === 'run-gone') return noTravel;
  return noTravel === 'departed' || hasDeparted(order, now) ? 'departed' : 'late-payment';
};

/**
 * Whether the order's passengers can still travel on the run. We check this before we take the seats again, and once
 * more afterwards.
 */
export const decideTravel = (
  order: CommittedOrder,
  today: RunToday,
  now: Instant,
): { outcome: 'accepted' } | LateRefund => {
  const noTravel = noTravelOf(order, today, now);
  return noTravel ? backFor(reasonOf(order, noTravel, now)) : accepted({});
};

/**
 * Each failed try fences its owner from the order, whose item must not grow without end: after this many, the money
 * goes back.
 */
const lateTriesMax = 50;

/**
 * Whether to try for the same seats (again): its passengers are still free at that time, and there were not too many
 * tries.
 */
export const decideTry = (
  order: CommittedOrder,
  { wishes, claims }: { wishes: readonly ClaimWish[]; claims: readonly DayClaims[] },
  now: Instant,
): { outcome: 'accepted' } | LateRefund =>
  (order.fenced?.size ?? 0) >= lateTriesMax || wishes.some((wish) => isClaimed(claims, wish))
    ? backFor(reasonOf(order, undefined, now))
    : accepted({});

/**
 * Decides what follows if the seats are not available again. A closed shard may take holds again if its run is open and
 * of the same generation: then the run is only changing, and the change may be abandoned. `run` was read after the
 * shard was found closed.
 */
export const decideNotHeld = (
  reason: HoldAgainRefusal,
  { order, run }: { order: CommittedOrder; run: Run | undefined },
  now: Instant,
): Rejected<UseRefusal> | LateRefund => {
  const isGone = !isRetryable[reason] || (reason === 'closed' && !isChanging(order, run));
  return isGone ? backFor(reasonOf(order, undefined, now)) : rejected('seats-busy');
};

const isChanging = (order: CommittedOrder, run: Run | undefined): boolean => {
  const same = itemsOf(order)
    .flatMap(placesOf)
    .every(({ shard }) => shard.generation === run?.generation);
  return run?.state === 'open' && same;
};

/** Long enough for any living applier to have committed. */
const deadAfterSeconds = 60;

/** The tries that block an order's own seats and count as dead, so that their pieces can be released. */
export const deadTriesOf = (blockers: readonly Place[], now: Instant): Place[] =>
  blockers.filter(({ owner }) => plusSeconds(takenAt(owner), deadAfterSeconds) <= now);
