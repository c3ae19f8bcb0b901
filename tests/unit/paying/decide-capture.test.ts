import { decideCapture, decideDispute, decideNotified } from '../../../shared/paying/decide-capture.ts';
import type { PaymentState } from '../../../shared/payments/model.ts';
import { plusSeconds } from '../../../shared/platform/time.ts';
import { samplePayment } from '../../support/sample-payment.ts';

const asked = samplePayment('pending').amount;
const other = { amount: 700, currency: 'CNY' };
const nothing = { amount: 0, currency: 'CNY' };
const now = plusSeconds(samplePayment('pending').createdAt, 60);

const uncaptured: PaymentState[] = ['created', 'pending', 'failed', 'closed'];
const booked: PaymentState[] = ['captured', 'partlyRefunded', 'refunded'];

describe('a provider that says that it has the money of a payment', () => {
  test.each(uncaptured)('is believed, also where it is %s', (state) => {
    const payment = samplePayment(state);
    expect(decideCapture(payment, asked)).toEqual({ outcome: 'accepted', write: 'capture', payment });
    expect(decideCapture(payment, other)).toEqual({ outcome: 'accepted', write: 'return', payment });
  });

  test('in another currency has taken another amount', () => {
    const euros = { ...asked, currency: 'EUR' };
    expect(decideCapture(samplePayment('pending'), euros)).toMatchObject({ write: 'return' });
  });

  test.each(booked)('is compared with what is booked where it is %s', (state) => {
    const payment = samplePayment(state);
    for (const paid of [asked, other, nothing])
      expect(decideCapture(payment, paid)).toEqual({ outcome: 'accepted', write: 'compare', payment });
  });

  test('in which nothing was paid has none: nothing-taken', () => {
    expect(decideCapture(samplePayment('pending'), nothing)).toEqual({
      outcome: 'rejected',
      reason: 'nothing-taken',
    });
  });
});

describe('a notification', () => {
  const pays = (paid: typeof asked) => ({ kind: 'captured' as const, providerTrade: 't', paid });
  const decide = (payment: Parameters<typeof decideNotified>[0], says: object) =>
    decideNotified(payment, { provider: 'alipay', says: says as ReturnType<typeof pays> }, now);

  test('that needs nothing writes nothing, even if we do not know its payment; any other of that kind is refused', () => {
    expect(decide(undefined, { kind: 'other' })).toEqual({ outcome: 'accepted', write: 'nothing' });
    for (const says of [pays(asked), { kind: 'closed' }, { kind: 'refunded' }])
      expect(decide(undefined, says)).toEqual({ outcome: 'rejected', reason: 'unknown-payment' });
  });

  test.each(uncaptured)('of the money is booked, also where the payment is %s', (state) => {
    const payment = samplePayment(state);
    expect(decide(payment, pays(asked))).toEqual({
      outcome: 'accepted',
      write: 'capture',
      payment,
      says: pays(asked),
    });
  });

  test.each(booked)('is compared with what is booked where the payment is %s', (state) => {
    const payment = samplePayment(state);
    expect(decide(payment, pays(other))).toEqual({
      outcome: 'accepted',
      write: 'compare',
      payment,
      says: pays(other),
    });
  });

  test.each(['closed', 'refunded', 'other'])('of anything else changes nothing: %s', (kind) => {
    expect(decide(samplePayment('pending'), { kind })).toEqual({ outcome: 'accepted', write: 'nothing' });
  });

  test.each([other, nothing])('of another amount puts the payment in doubt: amount-mismatch', (paid) => {
    const payment = samplePayment('pending');
    expect(decide(payment, pays(paid))).toEqual({
      outcome: 'rejected',
      reason: 'amount-mismatch',
      payment,
      doubt: { since: now, told: paid },
    });
  });

  test('of yet another amount leaves it in doubt since the first', () => {
    const since = plusSeconds(now, -30);
    const payment = samplePayment('pending', { doubt: { since, told: nothing } });
    expect(decide(payment, pays(other))).toMatchObject({ doubt: { since, told: other } });
  });

  test('of a payment that is none of ours, or of another provider: unknown-payment', () => {
    const unknown = { outcome: 'rejected', reason: 'unknown-payment' };
    expect(decide(undefined, pays(asked))).toEqual(unknown);
    const elsewhere = { ...samplePayment('pending'), provider: 'other' as 'alipay' };
    expect(decide(elsewhere, pays(asked))).toEqual(unknown);
  });
});

describe('a person compares what a provider says with what is booked', () => {
  const why = 'reported 7.00 CNY, booked 553.00';
  const decide = (more: object, paid = other) =>
    decideDispute(
      samplePayment('captured', { amount: { amount: 55_300, currency: 'CNY' }, ...more }),
      paid,
      now,
    );

  test('where it is another amount', () => {
    expect(decide({})).toEqual({
      outcome: 'accepted',
      attention: { kind: 'amount-disputed', why, since: now },
    });
  });

  test('not where it is what was taken: as-booked', () => {
    expect(decide({ taken: other })).toEqual({ outcome: 'rejected', reason: 'as-booked' });
  });

  test.each([
    ['is shown to one already', { attention: { kind: 'amount-disputed', why, since: now } }],
    [
      'was settled by one',
      { handled: [{ at: now, by: 'zhang', did: 'settled', reason: 'theirs', about: why }] },
    ],
  ])('not where the same %s: already-known', (_, more) => {
    expect(decide(more)).toEqual({ outcome: 'rejected', reason: 'already-known' });
    expect(decide(more, { amount: 800, currency: 'CNY' })).toMatchObject({ outcome: 'accepted' });
  });
});
