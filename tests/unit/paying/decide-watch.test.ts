import { decideWatch } from '../../../shared/paying/decide-watch.ts';
import type { EndedPayment } from '../../../shared/payments/model.ts';
import { plusSeconds } from '../../../shared/platform/time.ts';
import { samplePayment } from '../../support/sample-payment.ts';

const day = 86_400;
const now = plusSeconds(samplePayment('closed').expiresAt, 3 * day);
const closedByHand = samplePayment('closed', { closedByHandAt: now });
const disputed = samplePayment('closed', { watchedSince: now });
const captured = (amount: number) => ({
  state: 'captured' as const,
  providerTrade: 't',
  paid: { amount, currency: 'CNY' },
});

type Known = Parameters<typeof decideWatch>[1];
const silent: Known = undefined;
const notFinal: Known[] = [silent, captured(0), { state: 'pending' }];
const final: Known[] = [{ state: 'closed' }, { state: 'not-exist' }];

const expectAMonth = (payment: EndedPayment, known: Known): void => {
  const last = plusSeconds(now, 30 * day - 1);
  expect(decideWatch(payment, known, last)).toEqual({
    write: 'ask-again',
    again: plusSeconds(last, 6 * 3600),
  });
  expect(decideWatch(payment, known, plusSeconds(now, 30 * day))).toEqual({ write: 'ask-no-more' });
};

describe('given a payment that was closed by hand', () => {
  test.each([7, closedByHand.amount.amount])('when the provider has %s, then that is booked', (amount) => {
    expect(decideWatch(closedByHand, captured(amount), now)).toEqual({
      write: 'capture',
      captured: captured(amount),
    });
  });

  test.each([...notFinal, ...final])(
    'when the provider says %j, then it is asked again for a month',
    (known) => {
      expectAMonth(closedByHand, known);
    },
  );
});

describe.each([
  ['closed', disputed],
  ['failed', samplePayment('failed', { watchedSince: now })],
])('given a %s payment whose dispute had no final answer', (_, payment) => {
  test.each([7, payment.amount.amount])('when the provider has %s, then that is booked', (amount) => {
    expect(decideWatch(payment, captured(amount), now)).toMatchObject({ write: 'capture' });
  });

  test.each(notFinal)('when the provider says %j, then it is asked again for a month', (known) => {
    expectAMonth(payment, known);
  });

  test.each(final)('when the provider says %j, then it is asked no more', (known) => {
    expect(decideWatch(payment, known, now)).toEqual({ write: 'ask-no-more' });
  });

  test('when the buyer can still enter the cashier, then that nothing exists is no final answer', () => {
    const { expiresAt } = payment;
    const early = { ...payment, watchedSince: expiresAt };
    const at = (seconds: number) =>
      decideWatch(early, { state: 'not-exist' }, plusSeconds(expiresAt, seconds));
    expect(at(59)).toMatchObject({ write: 'ask-again' });
    expect(at(60)).toEqual({ write: 'ask-no-more' });
  });
});

describe('given a dispute about a payment that was closed by hand before', () => {
  const closedByHandAt = plusSeconds(now, -10 * day);
  const both = samplePayment('closed', { closedByHandAt, watchedSince: now });

  test('when the provider says nothing, then it is asked for a month since the dispute', () => {
    expectAMonth(both, silent);
  });

  test('when its answer is final, then it is asked for a month since the closing', () => {
    const at = (days: number) =>
      decideWatch(both, { state: 'closed' }, plusSeconds(closedByHandAt, days * day));
    expect(at(29)).toMatchObject({ write: 'ask-again' });
    expect(at(30)).toEqual({ write: 'ask-no-more' });
  });
});
