import { orderAnswerOf } from '../../../functions/compose/order-answer.ts';
import { sampleOrder } from '../../support/sample-order.ts';
import { samplePayment } from '../../support/sample-payment.ts';
import { sampleRefund } from '../../support/sample-refund.ts';

const payment = samplePayment('pending');
const { paymentId, provider, method, amount, expiresAt, action } = payment;
const told = { paymentId, provider, method, state: 'pending', amount, expiresAt };

test('an order tells how to pay a payment that waits for its buyer', () => {
  expect(orderAnswerOf(sampleOrder('held'), [payment], []).payments).toEqual([{ ...told, action }]);
});

test.each(['closing', 'releasing', 'expired', 'cancelled', 'paid', 'issued'] as const)(
  'an order that is %s sends nobody to a cashier',
  (state) => {
    expect(orderAnswerOf(sampleOrder(state), [payment], []).payments).toEqual([told]);
  },
);

test('a payment that is closed has nothing left to do', () => {
  const closed = samplePayment('closed');
  expect(orderAnswerOf(sampleOrder('held'), [closed], []).payments).toEqual([{ ...told, state: 'closed' }]);
});

test.each([
  ['requested', 'under-way'],
  ['submitted', 'under-way'],
  ['failed', 'under-way'],
  ['settling', 'under-way'],
  ['settled', 'paid'],
  ['succeeded', 'paid'],
] as const)('a refund that is %s is %s for its owner, who learns nothing else of it', (state, told) => {
  const refund = sampleRefund(state, { handled: [{ at: expiresAt, by: 'li', did: 'granted', reason: 'r' }] });
  const { amount: back, requestedAt } = refund;
  expect(orderAnswerOf(sampleOrder('issued'), [], [], [refund]).refunds).toEqual([
    { paymentId: refund.paymentId, amount: back, state: told, requestedAt },
  ]);
  expect(orderAnswerOf(sampleOrder('issued'), [], [])).not.toHaveProperty('refunds');
});

test('a place without a number has no seat', () => {
  const order = sampleOrder('held');
  const [first] = Object.values(order.items);
  const unnumbered = { ...order, items: { 1: { ...first!, place: { ...first!.place, seat: '' } } } };
  expect(orderAnswerOf(order, [], []).items[0]?.seat).toBe('12A');
  expect(orderAnswerOf(unnumbered, [], []).items[0]).toMatchObject({ coach: '05', seat: null });
});
