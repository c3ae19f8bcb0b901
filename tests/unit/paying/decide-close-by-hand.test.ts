import { decideCloseByHand, decideWatch } from '../../../shared/paying/decide-close-by-hand.ts';
import type { PaymentState } from '../../../shared/payments/model.ts';
import { plusSeconds } from '../../../shared/platform/time.ts';
import { samplePayment } from '../../support/sample-payment.ts';

const day = 86_400;
const zhang = { by: 'zhang', reason: 'the account has ended' };
const pending = samplePayment('pending');
const now = plusSeconds(pending.expiresAt, 3 * day);

describe('a person who closes a payment whose provider is gone', () => {
  test.each<PaymentState>(['created', 'pending'])('may do so three days after it ran out: %s', (state) => {
    const payment = samplePayment(state);
    expect(decideCloseByHand(payment, zhang, now)).toEqual({
      outcome: 'accepted',
      payment,
      handled: { ...zhang, at: now, did: 'settled' },
      unclosedSince: payment.expiresAt,
      again: plusSeconds(now, 6 * 3600),
    });
  });

  test('is refused before that: still-tried', () => {
    expect(decideCloseByHand(pending, zhang, plusSeconds(now, -1))).toEqual({
      outcome: 'rejected',
      reason: 'still-tried',
    });
  });

  test.each<PaymentState>(['captured', 'failed', 'closed', 'partlyRefunded', 'refunded'])(
    'is refused where it is %s: changed-meanwhile',
    (state) => {
      expect(decideCloseByHand(samplePayment(state), zhang, now)).toEqual({
        outcome: 'rejected',
        reason: 'changed-meanwhile',
      });
    },
  );
});

describe('a payment that was closed by hand', () => {
  const payment = samplePayment('closed');
  const closedByHandAt = now;
  const captured = (amount: number) => ({
    state: 'captured' as const,
    providerTrade: 't',
    paid: { amount, currency: 'CNY' },
  });
  const decide = (known: Parameters<typeof decideWatch>[1], at = now) =>
    decideWatch({ payment, closedByHandAt }, known, at);

  test.each([7, payment.amount.amount])('is booked where the provider has money after all: %s', (amount) => {
    expect(decide(captured(amount))).toEqual({ write: 'capture', captured: captured(amount) });
  });

  test.each([undefined, captured(0), { state: 'closed' as const }])(
    'is asked about for a month, and then no more: %j',
    (known) => {
      const last = plusSeconds(now, 30 * day - 1);
      expect(decide(known, last)).toEqual({ write: 'ask-again', again: plusSeconds(last, 6 * 3600) });
      expect(decide(known, plusSeconds(now, 30 * day))).toEqual({ write: 'ask-no-more' });
    },
  );
});
