import { decideDoubt, decideToAsk } from '../../../shared/paying/decide-doubt.ts';
import type { PaymentState } from '../../../shared/payments/model.ts';
import { plusSeconds } from '../../../shared/platform/time.ts';
import { samplePayment } from '../../support/sample-payment.ts';

const since = samplePayment('closed').expiresAt;
const doubt = { since, told: { amount: 700, currency: 'CNY' } };
const payment = samplePayment('closed', { doubt });
const soon = plusSeconds(since, 3599);
const later = plusSeconds(since, 3600);
const captured = (amount: number) => ({
  state: 'captured' as const,
  providerTrade: 't',
  paid: { amount, currency: 'CNY' },
});

describe('the provider is asked about a doubt', () => {
  test.each<PaymentState>(['failed', 'closed'])('of a payment that is %s', (state) => {
    const doubted = samplePayment(state, { doubt });
    expect(decideToAsk(doubted)).toEqual({ outcome: 'accepted', payment: doubted, doubt });
  });

  test.each([
    ['not-in-doubt', undefined],
    ['not-in-doubt', samplePayment('closed')],
    ['not-in-doubt', samplePayment('pending')],
    ['not-in-doubt', samplePayment('captured')],
    ['still-payable', samplePayment('created', { doubt })],
    ['still-payable', samplePayment('pending', { doubt })],
  ])('and not otherwise: %s', (reason, loaded) => {
    expect(decideToAsk(loaded)).toEqual({ outcome: 'rejected', reason });
  });
});

describe('a payment in doubt of which the provider says', () => {
  const decide = (known: Parameters<typeof decideDoubt>[1], at = soon, of = payment) =>
    decideDoubt({ payment: of, doubt }, known, at);

  test.each([700, payment.amount.amount])('that it has money is booked: %s', (amount) => {
    expect(decide(captured(amount))).toEqual({
      outcome: 'accepted',
      write: 'capture',
      captured: captured(amount),
    });
  });

  const askedOn = { again: plusSeconds(soon, 6 * 3600), watchedSince: soon };

  test.each([
    ['captured', captured(0), askedOn],
    ['pending', { state: 'pending' as const }, askedOn],
    ['closed', { state: 'closed' as const }, undefined],
    ['not-exist', { state: 'not-exist' as const }, undefined],
  ])('that it has none of it is shown to a person at once: %s', (state, known, askOn) => {
    expect(decide(known)).toEqual({
      outcome: 'accepted',
      write: 'dispute',
      attention: {
        kind: 'amount-disputed',
        why: `a notification reported 7.00 CNY, and the provider says ${state}`,
        since: soon,
      },
      askOn,
    });
  });

  test('that it is over is asked about on if a person had closed it, for a month since then', () => {
    const closedDaysAgo = (days: number) =>
      samplePayment('closed', { doubt, closedByHandAt: plusSeconds(soon, -days * 86_400) });
    const state = { state: 'closed' as const };
    expect(decide(state, soon, closedDaysAgo(29))).toMatchObject({
      write: 'dispute',
      askOn: { again: plusSeconds(soon, 6 * 3600) },
    });
    expect(decide(state, soon, closedDaysAgo(30))).toMatchObject({ write: 'dispute', askOn: undefined });
  });

  test('nothing is asked about again, for an hour since the notification', () => {
    expect(decide(undefined)).toEqual({
      outcome: 'rejected',
      reason: 'provider-silent',
      again: plusSeconds(soon, 120),
    });
    expect(decide(undefined, later)).toMatchObject({
      write: 'dispute',
      attention: { why: 'a notification reported 7.00 CNY, and the provider says nothing', since: later },
      askOn: { again: plusSeconds(later, 6 * 3600), watchedSince: later },
    });
  });

  test('what a person has settled before is shown to nobody', () => {
    const about = 'a notification reported 7.00 CNY, and the provider says closed';
    const handled = [{ at: since, by: 'zhang', did: 'settled', reason: 'theirs', about }];
    const settled = samplePayment('closed', { doubt, handled });
    expect(decide({ state: 'closed' }, soon, settled)).toEqual({
      outcome: 'accepted',
      write: 'drop',
      askOn: undefined,
    });
    expect(decide({ state: 'not-exist' }, soon, settled)).toMatchObject({ write: 'dispute' });
    const silently = [{ ...handled[0], about: about.replace('closed', 'nothing') }];
    expect(decide(undefined, later, samplePayment('closed', { doubt, handled: silently }))).toEqual({
      outcome: 'accepted',
      write: 'drop',
      askOn: { again: plusSeconds(later, 6 * 3600), watchedSince: later },
    });
  });

  test('is shown with the time since when it has needed a person', () => {
    const attention = { kind: 'payment-unclosed', why: 'why', since };
    expect(decide({ state: 'closed' }, soon, samplePayment('closed', { doubt, attention }))).toMatchObject({
      attention: { kind: 'amount-disputed', since },
    });
  });
});
