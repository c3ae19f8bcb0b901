import type { Place } from '../inventory/model.ts';
import { takenAt } from '../inventory/owner.ts';
import { itemsOf, type Order, type OrderIn, type StandingOrder } from '../orders/model.ts';
import { isClaimed, type ClaimWish, type DayClaims } from '../orders/rules.ts';
import { isUnapplied, type Payment, type PaymentIn, type Refund } from '../payments/model.ts';
import { accepted, rejected, type Outcome, type Rejected } from '../platform/outcome.ts';
import { plusSeconds, type Instant } from '../platform/time.ts';
import type { Run } from '../timetable/model.ts';
import { hasDeparted, noTravelOf, type NoTravel, type RunToday } from './no-travel.ts';
import type { UseRefusal } from './rules.ts';

type Ended = OrderIn<'expired'> | OrderIn<'cancelled'>;

/** What captured money is used for, by how its order stands. */
export type Use =
  | { use: 'none' }
  /** T9. */
  | { use: 'pay'; order: OrderIn<'held'> | OrderIn<'closing'>; payment: PaymentIn<'captured'> }
  /** T10 where the seats can be had again, T13 where not. */
  | { use: 'pay-late'; order: Ended; payment: PaymentIn<'captured'> }
  /** T14: another payment has paid the order; an order keeps one. */
  | { use: 'refund-surplus'; payment: PaymentIn<'captured'> };

/** `changed-meanwhile`: another has applied it between our reading of the payment and of its order. */
export const decideUse = (
  payment: Payment | undefined,
  order: Order | undefined,
): Outcome<Use, UseRefusal | 'changed-meanwhile'> => {
  if (!payment || !isUnapplied(payment)) return accepted({ use: 'none' });
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
        : accepted({ use: 'refund-surplus', payment });
  }
};

/** Why late money goes back (T13). */
type LateRefund = Rejected<'late-money'> & { refundFor: Refund['reason'] };

const backFor = (refundFor: Refund['reason']): LateRefund => ({ ...rejected('late-money'), refundFor });

/** What the passenger is told of late money that goes back: why nobody travels, or else that it came too late. */
const reasonOf = (order: StandingOrder, noTravel: NoTravel | undefined, now: Instant): Refund['reason'] => {
  if (noTravel === 'run-gone') return noTravel;
  return noTravel === 'departed' || hasDeparted(order, now) ? 'departed' : 'late-payment';
};

/** Whether the run still takes an order along. It is asked before its seats are taken again, and once more after that. */
export const decideTravel = (
  order: StandingOrder,
  today: RunToday,
  now: Instant,
): { outcome: 'accepted' } | LateRefund => {
  const noTravel = noTravelOf(order, today, now);
  return noTravel ? backFor(reasonOf(order, noTravel, now)) : accepted({});
};

/** Each try in vain fences its owner off the order, whose item must not grow without end: then the money goes back. */
const lateTriesMax = 50;

/** Whether the same seats are tried for (again): its passengers still have the time, and it was not tried too often. */
export const decideTry = (
  order: StandingOrder,
  { wishes, claims }: { wishes: readonly ClaimWish[]; claims: readonly DayClaims[] },
  now: Instant,
): { outcome: 'accepted' } | LateRefund =>
  (order.fenced?.size ?? 0) >= lateTriesMax || wishes.some((wish) => isClaimed(claims, wish))
    ? backFor(reasonOf(order, undefined, now))
    : accepted({});

/**
 * What follows when the seats were not to be had again. A shard that takes no holds may take them again, where its run
 * is open and of the same generation: then it is only being changed, and the change may be given up. `run` was read
 * after the shard was found closed.
 */
export const decideNotHeld = (
  reason: 'gone' | 'busy' | 'closed' | 'own-order',
  { order, run }: { order: StandingOrder; run: Run | undefined },
  now: Instant,
): Rejected<UseRefusal> | LateRefund => {
  const isGone = reason === 'gone' || (reason === 'closed' && !isChanging(order, run));
  return isGone ? backFor(reasonOf(order, undefined, now)) : rejected('seats-busy');
};

const isChanging = (order: StandingOrder, run: Run | undefined): boolean => {
  const same = itemsOf(order).every(({ place }) => place.shard.generation === run?.generation);
  return run?.state === 'open' && same;
};

/** Long enough for any living applier to have committed. */
const deadAfterSeconds = 60;

/** The tries in the way of an order's own seats that are taken for dead, so that their pieces are freed. */
export const deadTriesOf = (blockers: readonly Place[], now: Instant): Place[] =>
  blockers.filter(({ owner }) => plusSeconds(takenAt(owner), deadAfterSeconds) <= now);
