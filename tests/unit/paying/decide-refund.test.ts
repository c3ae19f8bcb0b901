import { paymentIdOf } from '../../../shared/platform/ids.ts';
import { plusSeconds } from '../../../shared/platform/time.ts';
import type { Refund, RefundState } from '../../../shared/payments/model.ts';
import type { RefundAnswer } from '../../../shared/payments/rules.ts';
import { decideAfterAnswer, decideNext, orderEndedBy } from '../../../shared/paying/decide-refund.ts';
import { sampleOrder } from '../../support/sample-order.ts';
import { samplePayment } from '../../support/sample-payment.ts';
import { sampleRefund } from '../../support/sample-refund.ts';

const payment = samplePayment('captured');
const requestedAt = payment.expiresAt;
const refundIn = (state: RefundState) => sampleRefund(state, { requestedAt, settledAt: requestedAt });
const now = plusSeconds(requestedAt, 60);
const why = 'ACQ.TRADE_HAS_FINISHED';
const terms = { queryAfterSeconds: 10, sendAgainAfterSeconds: 60 };
const after = (refund: Refund, answer: RefundAnswer, at = now) =>
  decideAfterAnswer(refund, { answer, terms }, at);

describe('a refund of which the provider says', () => {
  test.each<RefundState>(['requested', 'submitted', 'failed', 'settling', 'settled'])(
    'that it is paid is confirmed, also when it is %s',
    (state) => {
      expect(after(refundIn(state), { state: 'succeeded' })).toEqual({ write: 'confirm' });
    },
  );

  test('that it will never be paid needs a person, and is asked about again', () => {
    expect(after(refundIn('submitted'), { state: 'failed', why })).toEqual({
      write: 'fail',
      why,
      attention: { kind: 'refund-declined', why, since: now },
      again: plusSeconds(now, 6 * 3600),
    });
  });

  test.each([
    { state: 'processing' as const },
    { state: 'not-exist' as const },
    { state: 'declined' as const, why: 'ACQ.SELLER_BALANCE_NOT_ENOUGH' },
    { state: 'silent' as const, why: 'the provider does not answer' },
  ])('$state is tried on', (answer) => {
    expect(after(refundIn('requested'), answer)).toMatchObject({
      write: 'submit',
      again: plusSeconds(now, 10),
    });
  });

  test.each<RefundState>(['failed', 'settling', 'settled'])(
    'anything else is only asked about when it is %s: it is sent no more',
    (state) => {
      expect(after(refundIn(state), { state: 'failed', why })).toEqual({
        write: 'ask-again',
        again: plusSeconds(now, 6 * 3600),
      });
    },
  );

  test('that it is paid again and again is booked as overpaid once, and then not asked about', () => {
    const twice = sampleRefund('settled', { requestedAt, settledAt: requestedAt, overpaidAt: now });
    expect(after(twice, { state: 'succeeded' })).toEqual({ write: 'ask-again', again: undefined });
  });

  test('nothing for a month after a person settled it is not asked about any more', () => {
    const later = plusSeconds(requestedAt, 30 * 86_400);
    expect(after(refundIn('settled'), { state: 'processing' }, later)).toEqual({
      write: 'ask-again',
      again: undefined,
    });
  });
});

describe('a refund that is tried', () => {
  /** A recorded send may still arrive for eight seconds: two until it begins, and six at the provider. */
  const sendAgain = terms.sendAgainAfterSeconds + 8;
  const sent = (seconds: number, more: object = {}) =>
    sampleRefund('submitted', { requestedAt, sentAt: plusSeconds(now, -seconds), ...more });

  test.each([
    { answer: { state: 'processing' as const }, seconds: 10 },
    { answer: { state: 'not-exist' as const }, seconds: sendAgain },
    { answer: { state: 'declined' as const, why }, seconds: sendAgain },
    { answer: { state: 'silent' as const, why }, seconds: sendAgain },
  ])('and $answer.state is looked at when the terms allow the next step', ({ answer, seconds }) => {
    expect(after(sent(0), answer)).toMatchObject({ again: plusSeconds(now, seconds) });
    const hour = plusSeconds(requestedAt, 3599);
    const justSent = sampleRefund('submitted', { requestedAt, sentAt: hour, attempts: 5 });
    expect(after(justSent, answer, hour)).toMatchObject({ again: plusSeconds(hour, seconds) });
  });

  test.each([0, 3, 6])(
    'and came too soon after another comes again when the terms allow, as the %i. time too',
    (n) => {
      const answer = { state: 'declined', why: 'FREQUENCY_LIMITED', tooOften: true } as const;
      expect(after(sent(0, { attempts: n }), answer)).toMatchObject({ again: plusSeconds(now, sendAgain) });
      expect(after(sent(0, { attempts: n }), answer)).not.toHaveProperty('attention');
    },
  );

  test('is sent at once if it never was, and never again within the terms, whoever wants it', () => {
    expect(decideNext(refundIn('requested'), terms, now)).toMatchObject({ step: 'send' });
    const retried = (seconds: number) =>
      sampleRefund('requested', { requestedAt, sentAt: plusSeconds(now, -seconds) });
    expect(decideNext(retried(sendAgain - 1), terms, now)).toEqual({
      step: 'wait',
      until: plusSeconds(now, 1),
    });
    expect(decideNext(retried(sendAgain), terms, now)).toMatchObject({ step: 'send' });
  });

  test('is asked about after the time that the provider wants, and sent again after that', () => {
    expect(decideNext(sent(9), terms, now)).toEqual({ step: 'wait', until: plusSeconds(now, 1) });
    expect(decideNext(sent(10), terms, now)).toEqual({ step: 'ask' });
    expect(decideNext(sent(sendAgain - 1), terms, now)).toEqual({ step: 'ask' });
    expect(decideNext(sent(sendAgain), terms, now)).toMatchObject({
      step: 'ask',
      sendable: { state: 'submitted' },
    });
  });

  test('is asked about at once if the provider has told us of it since, but not sent', () => {
    expect(decideNext(sent(1, { noticedAt: now }), terms, now)).toEqual({ step: 'ask' });
    const before = { noticedAt: plusSeconds(now, -2) };
    expect(decideNext(sent(1, before), terms, now)).toMatchObject({ step: 'wait' });
  });
});

describe('a refund that is back', () => {
  test('is asked about only when the provider has told us of it', () => {
    expect(decideNext(refundIn('succeeded'), terms, now)).toEqual({ step: 'none' });
    const noticed = sampleRefund('succeeded', { requestedAt, noticedAt: now, dueAt: now });
    expect(decideNext(noticed, terms, now)).toEqual({ step: 'ask' });
  });

  test('and failed after all is owed again, once, and needs a person (T39)', () => {
    const returned = `taken back after it was paid: ${why}`;
    expect(after(refundIn('succeeded'), { state: 'failed', why })).toMatchObject({
      write: 'return',
      why: returned,
      attention: { kind: 'refund-declined', why: returned, since: now },
    });
    const owed = sampleRefund('failed', { requestedAt, returnedAt: now });
    for (const answer of [{ state: 'succeeded' as const }, { state: 'failed' as const, why }])
      expect(after(owed, answer)).toEqual({ write: 'ask-again', again: plusSeconds(now, 6 * 3600) });
  });

  test('stays so whatever else the provider says, and is asked about again if it says nothing', () => {
    for (const state of ['succeeded', 'not-exist'] as const)
      expect(after(refundIn('succeeded'), { state })).toEqual({ write: 'ask-again', again: undefined });
    expect(after(refundIn('succeeded'), { state: 'silent', why })).toEqual({
      write: 'ask-again',
      again: plusSeconds(now, 6 * 3600),
    });
    const old = sampleRefund('succeeded', { requestedAt, noticedAt: plusSeconds(now, -30 * 86_400) });
    expect(after(old, { state: 'silent', why })).toEqual({ write: 'ask-again', again: undefined });
  });
});

test('a refund ends the order that its payment had paid, and no other', () => {
  const order = sampleOrder('refunding');
  const whole = { paymentId: payment.paymentId, reason: 'cannot-issue' } as const;
  expect(orderEndedBy(order, whole)).toBe(order);
  const surplus = { ...whole, paymentId: paymentIdOf(payment.orderId, 2) };
  expect(orderEndedBy(order, surplus)).toBeUndefined();
  expect(orderEndedBy(sampleOrder('issued'), whole)).toBeUndefined();
});

test('the difference to what the waitlist paid ends no order: the price of the seats is still on its way', () => {
  const difference = { paymentId: payment.paymentId, reason: 'cheaper-than-paid' } as const;
  expect(orderEndedBy(sampleOrder('refunding'), difference)).toBeUndefined();
});
