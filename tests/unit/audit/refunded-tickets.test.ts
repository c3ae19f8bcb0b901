import { auditRefundedTickets } from '../../../shared/audit/refunded-tickets.ts';
import { emptyPart } from '../../../shared/audit/sort-items.ts';
import { offerIdOf } from '../../../shared/platform/ids.ts';
import { ticketSchema } from '../../../shared/tickets/model.ts';
import { sampleOrder, sampleTickets } from '../../support/sample-order.ts';
import { sampleRefund } from '../../support/sample-refund.ts';

const order = sampleOrder('issued');
const fen = (amount: number) => ({ amount, currency: 'CNY' });

/** An order whose tickets were given back, each for so much and a fee, with refunds of these amounts. */
const partWith = (tickets: { amount: number; fee: number }[], refunds: number[]) => ({
  ...emptyPart(order.orderId),
  tickets: sampleTickets(order).map((ticket, at) => {
    const back = tickets[at];
    if (!back) return ticket;
    return ticketSchema.parse({
      ...ticket,
      state: 'refunded',
      refund: {
        offerId: offerIdOf(order.orderId, order.orderId),
        at: order.createdAt,
        fee: fen(back.fee),
        amount: fen(back.amount),
        rule: { atLeast: 'PT0H', percent: 20 },
      },
    });
  }),
  refunds: refunds.map((amount) => ({
    ...sampleRefund('requested', { orderId: order.orderId, amount: fen(amount), reason: 'ticket-refunded' }),
    inDueIndex: true,
    inAttentionIndex: false,
  })),
});

const found = (...parts: Parameters<typeof partWith>): string[] =>
  auditRefundedTickets(partWith(...parts), { partOf: () => undefined }).map(({ what }) => what);

describe('the money of tickets that were given back', () => {
  test('is all there', () => {
    expect(found([], [])).toEqual([]);
    expect(found([{ amount: 44_250, fee: 11_050 }], [44_250])).toEqual([]);
    expect(
      found(
        [
          { amount: 44_250, fee: 11_050 },
          { amount: 55_300, fee: 0 },
        ],
        [99_550],
      ),
    ).toEqual([]);
    expect(found([{ amount: 0, fee: 55_300 }], [])).toEqual([]);
  });

  test.each<[string, Parameters<typeof partWith>]>([
    ['a fare of which a part is nowhere', [[{ amount: 44_250, fee: 11_000 }], [44_250]]],
    ['a fare of which more goes back than was paid', [[{ amount: 55_301, fee: -1 }], [55_301]]],
    ['a refund that was never requested', [[{ amount: 44_250, fee: 11_050 }], []]],
    ['a refund of another amount', [[{ amount: 44_250, fee: 11_050 }], [44_251]]],
    ['a refund of a ticket that is still valid', [[], [44_250]]],
  ])('lacks %s', (_, parts) => {
    expect(found(...parts)).toHaveLength(1);
  });
});
