import { createHash } from 'node:crypto';
import { budgetDay } from '../orders/budgets.ts';
import { countConflict } from '../orders/counts-store.ts';
import { readOrders } from '../orders/many-orders-store.ts';
import type { ClaimWish } from '../orders/rules.ts';
import type { Carrier } from '../platform/carrier.ts';
import type { Table } from '../platform/dynamo.ts';
import type { OrderId, UserId } from '../platform/ids.ts';
import { rejected, type Rejected } from '../platform/outcome.ts';
import type { Clock } from '../platform/time.ts';
import type { TimeConflict } from './decide-order.ts';

/**
 * The passengers and times of a question. The same passengers at another time make another question, even on the same
 * run: a series of questions could otherwise measure their journey.
 */
const questionOf = (wishes: readonly ClaimWish[]): string =>
  createHash('sha256')
    .update(JSON.stringify(wishes.map(({ claim, time }) => [claim, time.from, time.to]).sort()))
    .digest('base64url')
    .slice(0, 16);

type Dependencies = { bookings: Table; carrier: Carrier; clock: Clock };

/**
 * Counts a refusal that reveals when somebody travels before revealing it; after too many in a day it reveals nothing.
 * A conflict with the user's own orders reveals nothing new, and neither does the same question again.
 */
export const tellConflict = async (
  { bookings, carrier, clock }: Dependencies,
  userId: UserId,
  { reason, asked, inTheWay }: TimeConflict,
): Promise<Rejected<'passenger-time-conflict' | 'passenger-unavailable'>> => {
  const max = carrier.timeConflictsPerDayMax;
  if (max === 'unlimited' || (await areOwn(bookings, userId, inTheWay))) return rejected(reason);
  const counted = await countConflict(bookings, userId, {
    question: questionOf(asked),
    today: budgetDay(carrier, clock()),
    max,
  });
  return rejected(counted.outcome === 'accepted' ? reason : 'passenger-unavailable');
};

const areOwn = async (bookings: Table, userId: UserId, orderIds: readonly OrderId[]): Promise<boolean> => {
  const orders = await readOrders(bookings, orderIds);
  return orderIds.every((orderId) => {
    const order = orders.get(orderId);
    return order !== undefined && order.state !== 'void' && order.userId === userId;
  });
};
