import {
  itemsOf,
  type Order,
  type OrderIn,
  type OrderState,
  type CommittedOrder,
  type OrderItem,
} from '../../shared/orders/model.ts';
import { isReached } from '../../shared/orders/budgets.ts';
import type { Carrier } from '../../shared/platform/carrier.ts';
import { localDateOf } from '../../shared/platform/time.ts';
import type { Wrong } from './wrong.ts';

const endedStates: ReadonlySet<OrderState> = new Set(['expired', 'cancelled', 'refunding', 'refunded']);
const seatedStates: ReadonlySet<OrderState> = new Set(['held', 'closing', 'releasing', 'paid', 'issued']);

/** An order counts as ended on the day of its deadline, or of its cancelling, from the moment in which it closes. */
const dayOfEnd = ({ timeZone }: Carrier, order: OrderIn<'closing'>): Wrong[] => {
  const { orderId, endReason, endsOn, expiresAt, history } = order;
  const day = localDateOf(endReason === 'expired' ? expiresAt : (history.at(-1)?.at ?? expiresAt), timeZone);
  const what = `${orderId} is ${endReason} on ${day}, and counts on ${endsOn ?? 'no day'}`;
  return endsOn === day ? [] : [{ rule: 'budget-kept', what }];
};

/** The seats that count: until the end of an order, those that it gives up together; of one with tickets, those with one. */
const seatsOf = (order: CommittedOrder): OrderItem[] =>
  itemsOf(order).filter(({ state }) =>
    order.state === 'issued' ? state === 'ticketed' : state !== 'released',
  );

/**
 * What a user has at the moment of a new hold, by the orders themselves and not by what is counted: within the budgets,
 * whatever ended, paid or came late in between.
 */
export const makeBudgetCheck = (carrier: Carrier) => {
  const orders = new Map<string, CommittedOrder>();

  return (before: string, order: Order): Wrong[] => {
    if (order.state === 'void') return [];
    orders.set(order.orderId, order);
    if (before === 'held' && order.state === 'closing') return dayOfEnd(carrier, order);
    if (before !== 'absent') return [];
    const { userId, runId, createdAt } = order;
    const ofUser = [...orders.values()].filter((each) => each.userId === userId);
    const day = localDateOf(createdAt, carrier.timeZone);
    const ended = ofUser.filter(({ endsOn, state }) => endsOn === day && endedStates.has(state)).length;
    const seats = ofUser
      .filter((each) => each.runId === runId && seatedStates.has(each.state))
      .flatMap(seatsOf).length;
    // The seats on the same run that it replaces do not count twice.
    const former = order.exchangeOf && orders.get(order.exchangeOf.orderId);
    const instead = former?.runId === runId ? (order.exchangeOf?.tickets.length ?? 0) : 0;
    const report = (what: string): Wrong => ({
      rule: 'budget-kept',
      what: `${order.orderId}: ${userId} ${what}`,
    });
    return [
      ...(isReached(carrier.endedOrdersPerDayMax, ended) ? [report(`had ${ended} ended orders`)] : []),
      ...(isReached(carrier.seatsPerRunMax, seats - instead - 1)
        ? [report(`has ${seats} seats on ${runId}`)]
        : []),
    ];
  };
};
