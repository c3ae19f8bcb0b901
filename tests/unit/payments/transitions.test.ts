import { orderTransitions } from '../../../shared/orders/model.ts';
import { paymentTransitions, refundTransitions } from '../../../shared/payments/model.ts';
import { orderMay, paymentMay, refundMay } from '../../simulation/protocol.ts';

/** A state without a way on is left out of what the simulation's judge knows. */
const ways = (table: Readonly<Record<string, readonly string[]>>) =>
  Object.fromEntries(
    Object.entries(table).flatMap(([from, to]) => (to.length > 0 ? [[from, to.toSorted()]] : [])),
  );

test.each([
  ['an order', orderTransitions, orderMay],
  ['a payment', paymentTransitions, paymentMay],
  ['a refund', refundTransitions, refundMay],
])('the judge of the simulation knows the ways of %s as the product does', (_, product, judge) => {
  expect(ways(judge)).toEqual(ways(product));
});
