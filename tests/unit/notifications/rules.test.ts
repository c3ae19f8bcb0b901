import { newsOf } from '../../../shared/notifications/rules.ts';
import { sampleOrder } from '../../support/sample-order.ts';

test.each([
  ['order-held', 'held', 'order-held'],
  // Late news: the passenger has paid, or lost the seats, since.
  ['order-held', 'paid', undefined],
  ['order-held', 'closing', undefined],
  ['order-held', 'expired', undefined],
  ['order-issued', 'issued', 'order-issued'],
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

describe('to an address that the user has not confirmed', () => {
  test.each([
    ['order-held', 'held', undefined],
    ['order-expired', 'expired', undefined],
    ['order-cancelled', 'cancelled', undefined],
    // Money has come: whoever paid wants to know.
    ['order-expired', 'refunding', 'order-expired'],
    ['order-issued', 'issued', 'order-issued'],
    ['order-refunded', 'refunded', 'order-refunded'],
  ] as const)('%s of an order that is %s is the news %s', (event, state, news) => {
    expect(newsOf(event, sampleOrder(state, { contactConfirmed: false }))).toBe(news);
  });
});
