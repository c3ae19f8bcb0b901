import { createHash } from 'node:crypto';
import { hurry, listAttention, readForPerson, settleAttention } from '../bookings/attention-store.ts';
import { bookingKey, idOf, kindOf, numberOf, orderIdOf, type ItemKey } from '../bookings/keys.ts';
import { keyOfOrder } from '../orders/change-store.ts';
import type { StandingOrder } from '../orders/model.ts';
import { keyOfRetention } from '../orders/retention-store.ts';
import { readOrder } from '../orders/store.ts';
import type { Payment, Refund } from '../payments/model.ts';
import { keyOfRefund, readRefund } from '../payments/refunds-store.ts';
import { keyOfPayment, readPayment } from '../payments/store.ts';
import { endsWhenSettled, type Attention, type ForPerson, type Handled } from '../bookings/attention.ts';
import type { Table } from '../platform/dynamo.ts';
import { orderIdSchema, paymentIdSchema, runIdSchema, type OrderId } from '../platform/ids.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import { secondsBetween, type Instant } from '../platform/time.ts';
import { ownerSchema } from '../inventory/model.ts';
import { orderOfOwner } from '../inventory/owner.ts';
import { readRunForPerson } from '../runs/gone-store.ts';
import { closeByHand } from '../paying/close-by-hand.ts';
import { retryFailedRefund } from '../paying/retry-refund.ts';
import { beginToSettle, finishSettling, giveRefundBack, type Settled } from '../paying/settle-refund.ts';
import type { ByHandRefusal } from '../paying/rules.ts';
import type { RefundDependencies } from '../paying/submit-refund.ts';

/** The person who acts, and the reason. */
export type Person = Pick<Handled, 'by' | 'reason'>;

export type Subject =
  | { kind: 'order'; id: string; key: ItemKey; item: StandingOrder }
  | { kind: 'payment'; id: string; key: ItemKey; item: Payment }
  | { kind: 'refund'; id: string; key: ItemKey; item: Refund }
  | { kind: 'run' | 'data' | 'seats'; id: string; key: ItemKey; item: ForPerson };

/**
 * Finds an order, a payment or a refund by its own id, whether or not it needs a person; finds a run only if it ever
 * needed one.
 */
export const findSubject = async (bookings: Table, id: string): Promise<Subject | undefined> => {
  const orderId = orderIdSchema.safeParse(id);
  if (orderId.success) {
    const item = await readOrder(bookings, orderId.data, { consistent: true });
    return item && item.state !== 'void'
      ? { kind: 'order', id, key: keyOfOrder(orderId.data), item }
      : undefined;
  }
  const paymentId = paymentIdSchema.safeParse(id);
  if (paymentId.success) {
    const item = await readPayment(bookings, paymentId.data);
    return item && { kind: 'payment', id, key: keyOfPayment(paymentId.data), item };
  }
  const runId = runIdSchema.safeParse(id);
  if (runId.success) {
    const found = await readRunForPerson(bookings, runId.data);
    return found && { kind: 'run', id, ...found };
  }
  const ofOrder = orderIdSchema.safeParse(id.slice(0, 26));
  if (ofOrder.success && id === idOfData(ofOrder.data))
    return subjectAt(bookings, { kind: 'data', id, key: keyOfRetention(ofOrder.data) });
  const owner = ownerSchema.safeParse(id.includes('#') ? id.split('#').at(-1) : undefined);
  if (owner.success) {
    const key = bookingKey('suspect', orderOfOwner(owner.data), id);
    return subjectAt(bookings, { kind: 'seats', id, key });
  }
  const item = ofOrder.success ? await readRefund(bookings, ofOrder.data, id) : undefined;
  return item && { kind: 'refund', id, key: keyOfRefund(item.orderId, id), item };
};

/** The record that ends an order's data has the order's own key, so it needs a separate id. */
const idOfData = (orderId: OrderId): string => `${orderId}_data`;

const subjectAt = async (
  bookings: Table,
  at: { kind: 'data' | 'seats'; id: string; key: ItemKey },
): Promise<Subject | undefined> => {
  const item = await readForPerson(bookings, at.key);
  return item && { ...at, item };
};

export type Listed = { id: string; orderId: OrderId | undefined; attention: Attention };

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

const nameOf = ({ pk, sk }: ItemKey): Omit<Listed, 'attention'> => {
  const orderId = orderIdOf(pk);
  const isData = orderId && kindOf({ pk, sk }) === 'retention';
  return { id: isData ? idOfData(orderId) : numberOf(sk) || idOf(pk), orderId };
};

/** Counting stops at this number: the alarm has long been raised by then. */
const countedPerShardMax = 250;

/** How many items need a person, and how long the oldest has waited. */
export const measureAttention = async (
  bookings: Table,
  now: Instant,
): Promise<{ waiting: number; oldestSeconds: number }> => {
  const { items } = await listAttention(bookings, { perShardMax: countedPerShardMax });
  const oldest = items[0]?.attention.since ?? now;
  return { waiting: items.length, oldestSeconds: Math.max(0, Math.round(secondsBetween(oldest, now))) };
};

export type HandleRefusal =
  ByHandRefusal | 'not-as-seen' | 'not-found' | 'nothing-to-try' | 'ends-by-itself' | 'changed-meanwhile';

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
    return hurried.outcome === 'rejected' && subject.kind === 'order'
      ? hurry(bookings, keyOfRetention(subject.item.orderId), now, handled)
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
    if (subject.kind === 'payment' && unconfirmed) return closeByHand(dependencies)(subject.item, person);
    if (subject.kind !== 'refund') return rejected('ends-by-itself');
    const { orderId, refundNumber } = subject.item;
    if (giveBack) return giveRefundBack(dependencies)(subject.item, person);
    if (paid) return finishSettling(dependencies)(orderId, refundNumber, person);
    return beginToSettle(dependencies)(orderId, refundNumber, person, { unconfirmed });
  };
