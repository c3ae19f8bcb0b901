import { plusSeconds } from '../../../shared/platform/time.ts';
import { decideSettle } from '../../../shared/paying/decide-settle.ts';
import { samplePayment } from '../../support/sample-payment.ts';

const [created, pending] = [samplePayment('created'), samplePayment('pending')];
const before = plusSeconds(pending.expiresAt, 59);
const after = plusSeconds(pending.expiresAt, 60);

describe('a payment that is closed at its provider', () => {
  test('is booked where the provider has the money', () => {
    const captured = { state: 'captured' as const, providerTrade: 't', paid: pending.amount };
    expect(decideSettle(pending, captured, before)).toEqual({
      outcome: 'accepted',
      write: 'capture',
      captured,
    });
  });

  test('is asked about again where the provider has a trade in which nothing was paid', () => {
    const captured = { state: 'captured' as const, providerTrade: 't', paid: { amount: 0, currency: 'CNY' } };
    expect(decideSettle(pending, captured, before)).toEqual({
      outcome: 'rejected',
      reason: 'payment-unfinished',
    });
  });

  test('is closed where the provider has closed it', () => {
    expect(decideSettle(pending, { state: 'closed' }, before)).toMatchObject({ from: 'created-or-pending' });
  });

  test('that the provider does not know is closed only where it was never handed out', () => {
    expect(decideSettle(created, { state: 'not-exist' }, before)).toMatchObject({ from: 'created' });
    expect(decideSettle(pending, { state: 'not-exist' }, before)).toMatchObject({
      reason: 'payment-unfinished',
    });
  });

  test('that the provider does not know is closed a minute after it ran out', () => {
    for (const payment of [created, pending])
      expect(decideSettle(payment, { state: 'not-exist' }, after)).toMatchObject({
        from: 'created-or-pending',
      });
  });

  test('is asked about again where it is still open, or the provider says nothing', () => {
    expect(decideSettle(pending, { state: 'pending' }, after)).toMatchObject({
      reason: 'payment-unfinished',
    });
    expect(decideSettle(pending, undefined, after)).toMatchObject({ reason: 'payment-unfinished' });
  });
});
