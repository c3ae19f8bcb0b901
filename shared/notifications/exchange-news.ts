import { differenceOfOrder, isExchanging, type CommittedOrder } from '../orders/model.ts';
import type { Refund } from '../payments/model.ts';
import type { Money } from '../platform/money.ts';
import type { NewsEvent } from './model.ts';
import type { TextKey } from './texts/en.ts';

/** How news of an exchange is told: the earlier tickets are valid until it is done. Undefined for any other order. */
export const leadOfExchange = (
  event: NewsEvent,
  order: CommittedOrder,
  refundedFor: Refund['reason'] | undefined,
): TextKey | undefined => {
  if (!order.exchangeOf) return undefined;
  switch (event) {
    case 'order-refunded':
      if (refundedFor === 'departed' || refundedFor === 'run-gone') return undefined;
      return refundedFor === 'ticket-gone'
        ? 'lead.order-refunded.ticket-gone'
        : 'lead.order-refunded.exchange';
    case 'order-issued':
      return cheaperBy(order) ? 'lead.order-issued.exchange-cheaper' : 'lead.order-issued.exchange';
    case 'order-held':
    case 'order-expired':
    case 'order-cancelled':
      return `lead.${event}.exchange`;
    default:
      return undefined;
  }
};

/** What goes back because the new tickets are cheaper, if something does. */
export const cheaperBy = (order: CommittedOrder): Money | undefined => {
  const back = isExchanging(order) ? differenceOfOrder(order).toRefund : undefined;
  return back && back.amount > 0 ? back : undefined;
};
