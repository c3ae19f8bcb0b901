import { isOpen, type Entry } from '../entries/model.ts';
import { endStates, type Order } from '../orders/model.ts';
import type { Retention } from '../orders/retention.ts';
import { doubtedSince, isUnapplied, isUnfinished, type Payment, type Refund } from '../payments/model.ts';
import type { Carrier } from '../platform/carrier.ts';
import { inSeconds, orderEnd, personalDataEnd } from '../bookings/kept-until.ts';
import { later, plusSeconds, type Instant } from '../platform/time.ts';

/** An order with its money, from one read. */
export type OrderAndMoney = {
  order: Order | undefined;
  /** The entry of the waitlist that the order comes from, or that never became one. */
  waitlisted?: Entry | undefined;
  payments: readonly Payment[];
  refunds: readonly Refund[];
};

type Indexed = { dueAt?: Instant | undefined; attention?: object | undefined };

const isAtRest = ({ dueAt, attention }: Indexed): boolean => dueAt === undefined && attention === undefined;

const isBack = ({ state }: Refund): boolean => state === 'succeeded' || state === 'settled';

/** Whether an order is at rest: no step is due, no money moves, and no person has to decide. */
const hasComeToRest = ({ order, waitlisted, payments, refunds }: OrderAndMoney): boolean =>
  (waitlisted === undefined || (!isOpen(waitlisted) && isAtRest(waitlisted))) &&
  (order === undefined || (order.state !== 'void' && endStates.has(order.state) && isAtRest(order))) &&
  payments.every(
    (payment) =>
      !isUnfinished(payment) && !isUnapplied(payment) && !doubtedSince(payment) && isAtRest(payment),
  ) &&
  refunds.every((refund) => isBack(refund) && isAtRest(refund));

/** The journey by which the times of the data count: the order's, or that of an entry without one. */
const journeyOf = ({ order, waitlisted }: OrderAndMoney) => {
  if (order && order.state !== 'void') return order;
  return waitlisted && { orderId: waitlisted.entryId, arrivesAt: waitlisted.arrivesAt };
};

/** The next look at an order that is not at rest comes after this time. */
const againSeconds = 86_400;

/** The time between setting an order's end and that end; an order that moves meanwhile is kept. */
const leavingSeconds = 14 * 86_400;

/** The last look comes this long before the end. DynamoDB deletes some time after the end. */
const lastLookSeconds = 86_400;

export type RetentionStep =
  | { step: 'none' }
  | { step: 'wait'; until: Instant }
  | { step: 'strip'; next: Instant }
  | { step: 'leave'; endsAt: number; next: Instant }
  | { step: 'keep-on'; next: Instant }
  | { step: 'let-go'; ttl: number };

/**
 * Decides the next step to the end of an order's data. `isWholeLeaving`: all its items have their end set. An order
 * that moves again while it is leaving is kept: none of its items may disappear before its money is at rest.
 */
export const decideRetention = (
  retention: Retention,
  whole: OrderAndMoney & { isWholeLeaving: boolean },
  { now, carrier }: { now: Instant; carrier: Pick<Carrier, 'personalDataKeptDays' | 'ordersKeptYears'> },
): RetentionStep => {
  const { state, dueAt, endsAt } = retention;
  if (dueAt === undefined || dueAt > now || state === 'over') return { step: 'none' };
  const again = plusSeconds(now, againSeconds);
  const rests = hasComeToRest(whole);
  if (state === 'leaving' && endsAt !== undefined) {
    return rests && whole.isWholeLeaving ? { step: 'let-go', ttl: endsAt } : { step: 'keep-on', next: again };
  }
  const order = journeyOf(whole);
  if (!order) throw new Error(`the order ${retention.orderId} is gone before its time`);
  // The time may have come early, or the profile may allow more time than before.
  const end = state === 'whole' ? personalDataEnd(order, carrier) : orderEnd(order, carrier);
  if (now < end) return { step: 'wait', until: end };
  if (!rests) return { step: 'wait', until: again };
  if (state === 'whole') return { step: 'strip', next: later(orderEnd(order, carrier), again) };
  const ends = plusSeconds(now, leavingSeconds);
  return { step: 'leave', endsAt: inSeconds(ends), next: plusSeconds(ends, -lastLookSeconds) };
};
