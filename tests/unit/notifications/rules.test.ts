import { isExpected, newsOf } from '../../../shared/notifications/rules.ts';
import { sampleOrder } from '../../support/sample-order.ts';

test.each([
  ['order-held', 'held', 'order-held'],
  // Late news: the passenger has paid, or lost the seats, since.
  ['order-held', 'paid', undefined],
  ['order-held', 'closing', undefined],
  ['order-held', 'expired', undefined],
  ['order-issued', 'issued', 'order-issued'],
  ['tickets-refunded', 'issued', 'tickets-refunded'],
  ['order-expired', 'expired', 'order-expired'],
  ['order-expired', 'refunding', 'order-expired'],
  // Late money has bought the seats after all.
  ['order-expired', 'issued', undefined],
  ['order-cancelled', 'cancelled', 'order-cancelled'],
  ['order-refunded', 'refunded', 'order-refunded'],
  // Steps on the way.
  ['order-paid', 'paid', undefined],
  ['payment-captured', 'held', undefined],
] as const)('%s, of an order that is now %s, is the news %s', (event, state, news) => {
  expect(newsOf(event, sampleOrder(state))).toBe(news);
});

test.each([
  ['held', { contactConfirmed: true }, true],
  ['held', { contactConfirmed: false }, false],
  ['expired', { contactConfirmed: false }, false],
  ['cancelled', { contactConfirmed: false }, false],
  // Money has come: whoever paid wants to know.
  ['refunding', { contactConfirmed: false }, true],
  ['issued', { contactConfirmed: false }, true],
  ['refunded', { contactConfirmed: false }, true],
] as const)('the contact of an order that is %s with %j expects mail: %p', (state, more, expected) => {
  expect(isExpected(sampleOrder(state, more))).toBe(expected);
});
