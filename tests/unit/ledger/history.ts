import type { OrderPart } from '../../../shared/audit/model.ts';
import { emptyPart } from '../../../shared/audit/sort-items.ts';
import { entryOf } from '../../../shared/ledger/rules.ts';
import type { ProviderName } from '../../../shared/payments/model.ts';
import { money } from '../../../shared/platform/money.ts';
import { plusSeconds } from '../../../shared/platform/time.ts';
import { heldOrder, type OrderMoney } from './order-money.ts';
import { paymentSteps } from './payment-steps.ts';
import { refundSteps } from './refund-steps.ts';
import { ticketSteps } from './ticket-steps.ts';

/** One order from its hold on, with everything that may happen to its money. A step that is not possible does nothing. */
export const history = () => {
  const of = heldOrder();
  return {
    ...paymentSteps(of),
    ...refundSteps(of),
    ...ticketSteps(of),
    pass: (seconds: number): void => {
      of.now = plusSeconds(of.now, seconds);
    },
    costs: (provider: ProviderName, amount: number): void => {
      const source = `${provider}-${of.entries.length}`;
      of.entries.push(
        entryOf('provider-costs', { source, provider, amount: money(amount, 'CNY'), at: of.now }),
      );
    },
    /** What the tables have now. */
    stored: () => ({ ...of, part: partOf(of) }),
  };
};

const partOf = ({ order, payments, refunds, tickets, entries }: OrderMoney): OrderPart => ({
  ...emptyPart(order.orderId),
  order: { ...order, inDueIndex: false, inAttentionIndex: false },
  payments: payments.map((each) => ({ ...each, inDueIndex: true, inAttentionIndex: false })),
  refunds: refunds.map((each) => ({
    ...each,
    inDueIndex: true,
    inAttentionIndex: each.attention !== undefined,
  })),
  tickets,
  entries: entries.flatMap((each) => (each.orderId ? [{ ...each, inBooks: true }] : [])),
});
