import { orderAnswerOf } from '../../../functions/compose/order-answer.ts';
import { paymentSchema } from '../../../shared/payments/model.ts';
import { sampleOrder } from '../../support/sample-order.ts';

const payment = paymentSchema.parse({
  orderId: '01KBZ5Q7W8XN3V4M5T6R7S8P9A',
  paymentId: '01KBZ5Q7W8XN3V4M5T6R7S8P9A_1',
  provider: 'alipay',
  state: 'pending',
  amount: { amount: 55_300, currency: 'CNY' },
  createdAt: '2026-11-20T02:00:00.000Z',
  expiresAt: '2026-11-20T02:15:00.000Z',
  action: { kind: 'redirect', url: 'https://cashier.example/' },
});
const { action, createdAt: _createdAt, orderId: _orderId, ...told } = payment;

test('an order tells how to pay a payment that waits for its buyer', () => {
  expect(orderAnswerOf(sampleOrder('held'), [payment]).payments).toEqual([{ ...told, action }]);
});

test.each(['closing', 'releasing', 'expired', 'cancelled', 'paid', 'issued'] as const)(
  'an order that is %s sends nobody to a cashier',
  (state) => {
    expect(orderAnswerOf(sampleOrder(state), [payment]).payments).toEqual([told]);
  },
);

test('a payment that is closed has nothing left to do', () => {
  const closed = { ...payment, state: 'closed' as const };
  expect(orderAnswerOf(sampleOrder('held'), [closed]).payments).toEqual([{ ...told, state: 'closed' }]);
});
