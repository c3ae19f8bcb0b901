import { endStates, type Order } from '../orders/model.ts';
import type { Retention } from '../orders/retention.ts';
import { doubtedSince, isUnapplied, isUnfinished, type Payment, type Refund } from '../payments/model.ts';
import type { Carrier } from '../platform/carrier.ts';
import { inSeconds, orderEnd, personalDataEnd } from '../bookings/kept-until.ts';
import { later, plusSeconds, type Instant } from '../platform/time.ts';

/** An order with its money, as they were read together. */
export type OrderAndMoney = {
  order: Order | undefined;
  payments: readonly Payment[];
  refunds: readonly Refund[];
};

type Indexed = { dueAt?: Instant | undefined; attention?: object | undefined };

const isAtRest = ({ dueAt, attention }: Indexed): boolean => dueAt === undefined && attention === undefined;

const isBack = ({ state }: Refund): boolean => state === 'succeeded' || state === 'settled';

/** Whether nothing of an order is on its way any more: no step is due, no money moves, and nobody is asked for it. */
const hasComeToRest = ({ order, payments, refunds }: OrderAndMoney): boolean =>
  (order === undefined || (order.state !== 'void' && endStates.has(order.state) && isAtRest(order))) &&
  payments.every(
    (payment) =>
      !isUnfinished(payment) && !isUnapplied(payment) && !doubtedSince(payment) && isAtRest(payment),
  ) &&
  refunds.every((refund) => isBack(refund) && isAtRest(refund));

/** An order that is not at rest is looked at again after this long. */
const againSeconds = 86_400;

/** From the time when an order is given its end until that comes; what moves meanwhile is kept on. */
const leavingSeconds = 14 * 86_400;

/** The last look is so long before the end. DynamoDB deletes some time after it. */
const lastLookSeconds = 86_400;

export type RetentionStep =
  | { step: 'none' }
  | { step: 'wait'; until: Instant }
  | { step: 'strip'; next: Instant }
  | { step: 'leave'; endsAt: number; next: Instant }
  | { step: 'keep-on'; next: Instant }
  | { step: 'let-go'; ttl: number };

/**
 * What is to be done about the end of an order's data. `isWholeLeaving`: everything of it has its end. An order that
 * moves again while it is leaving is kept on: nothing of it may vanish before its money has come to rest.
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
  const { order } = whole;
  if (!order || order.state === 'void')
    throw new Error(`the order ${retention.orderId} is gone before its time`);
  // It may have been hurried, or the profile may give it more time than before.
  const end = state === 'whole' ? personalDataEnd(order, carrier) : orderEnd(order, carrier);
  if (now < end) return { step: 'wait', until: end };
  if (!rests) return { step: 'wait', until: again };
  if (state === 'whole') return { step: 'strip', next: later(orderEnd(order, carrier), again) };
  const ends = plusSeconds(now, leavingSeconds);
  return { step: 'leave', endsAt: inSeconds(ends), next: plusSeconds(ends, -lastLookSeconds) };
};
