import { decideAcceptance } from '../../../shared/after-sale/decide-acceptance.ts';
import { entryOf } from '../../../shared/ledger/rules.ts';
import { offerIdOf } from '../../../shared/platform/ids.ts';
import { money } from '../../../shared/platform/money.ts';
import { plusSeconds } from '../../../shared/platform/time.ts';
import { sampleTickets } from '../../support/sample-order.ts';
import { owe, replace, today, type OrderMoney } from './order-money.ts';

/** What happens to the tickets of an issued order: the decision is the product's, the writes are these. */
export const ticketSteps = (of: OrderMoney) => ({
  issueTickets: (): void => {
    if (of.order.state === 'issued' && of.tickets.length === 0) of.tickets = sampleTickets(of.order);
  },
  /** T19 for one ticket, of which the carrier keeps a share. */
  giveBack: (index: number, percent: number): void => {
    const { order, tickets, payments, entries, now } = of;
    const given = tickets[index];
    if (given?.state !== 'issued') return;
    const { orderId, ticketId, itemId, userId, fare } = given;
    const offerId = offerIdOf(orderId, `${orderId.slice(0, -1)}${index}`);
    const kept = Math.floor((fare.amount * percent) / 100);
    const [fee, refund] = [money(kept, fare.currency), money(fare.amount - kept, fare.currency)];
    const validUntil = plusSeconds(now, 600);
    const offered = { ticketId, itemId, price: fare, fee, refund, rule: { atLeast: 'PT0H', percent } };
    const offer = { offerId, orderId, userId, createdAt: now, validUntil, tickets: [offered], refund };
    const bound = { ...given, openOffer: { offerId, validUntil } };
    const loaded = { offer, order, tickets: [bound], payments, run: today.run };
    const decided = decideAcceptance(loaded, { userId }, now);
    if (decided.outcome === 'rejected') return;
    for (const each of decided.tickets) {
      const { code: _code, openOffer: _openOffer, ...ticket } = bound;
      replace(of.tickets, given, { ...ticket, state: 'refunded', refund: each.refund });
    }
    for (const each of decided.refunds) owe(of, each, 'refund-granted');
    if (decided.fee.amount > 0)
      entries.push(entryOf('fee-kept', { orderId, source: offerId, amount: decided.fee, at: now }));
  },
});
