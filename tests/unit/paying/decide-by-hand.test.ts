import type { RefundState } from '../../../shared/payments/model.ts';
import { otherAmount } from '../../../shared/payments/provider.ts';
import { plusSeconds } from '../../../shared/platform/time.ts';
import {
  decideBegin,
  decideFinish,
  decideGiveBack,
  decidePay,
  decideRetry,
  answerInHandOf,
} from '../../../shared/paying/decide-by-hand.ts';
import { samplePayment } from '../../support/sample-payment.ts';
import { sampleRefund } from '../../support/sample-refund.ts';

const requestedAt = samplePayment('captured').expiresAt;
const now = plusSeconds(requestedAt, 3600);
const li = { by: 'li', reason: 'declined' };
const zhang = { by: 'zhang', reason: 'declined' };
const refundIn = <State extends RefundState>(state: State, more: object = {}) =>
  sampleRefund(state, { requestedAt, ...more });
const inHands = refundIn('settling', { settledBy: 'li' });
const begin = (refund: Parameters<typeof decideBegin>[0], more: object = {}, at = now) =>
  decideBegin(refund, { person: li, unconfirmed: false, ...more }, at);

describe('a person who takes a refund in hand', () => {
  test('has it once it is declined for good', () => {
    expect(begin(refundIn('failed'))).toMatchObject({
      next: 'take',
      attention: { kind: 'refund-settling', why: 'in the hands of li' },
      handled: { by: 'li', did: 'began-to-settle', at: now },
      unconfirmedSince: undefined,
    });
  });

  test('has what is declined on and on declined for good first', () => {
    expect(begin(refundIn('submitted', { declined: 'balance' }))).toMatchObject({
      next: 'decline',
      why: 'balance',
    });
  });

  test('asks the provider once more where it is in these hands already', () => {
    expect(begin(inHands)).toMatchObject({ next: 'ask', onOwnWord: false });
  });

  test.each<[string, Parameters<typeof begin>[0], object]>([
    ['already-back', undefined, {}],
    ['already-back', refundIn('succeeded'), {}],
    ['already-back', refundIn('settled'), {}],
    ['in-other-hands', inHands, { person: zhang }],
    ['still-tried', refundIn('requested'), {}],
    ['still-tried', refundIn('submitted'), { unconfirmed: true }],
  ])('is refused: %s', (reason, refund, more) => {
    expect(begin(refund, more)).toEqual({ outcome: 'rejected', reason });
  });

  test('may do so on their own word after three days without an answer', () => {
    const later = plusSeconds(requestedAt, 3 * 86_400);
    expect(begin(refundIn('submitted'), { unconfirmed: true }, later)).toMatchObject({
      next: 'take',
      unconfirmedSince: requestedAt,
    });
  });

  test('is not told to pay all of it if the provider has paid another amount', () => {
    const other = answerInHandOf({ state: 'failed', why: otherAmount });
    expect(decidePay(other, { onOwnWord: false })).toMatchObject({ reason: 'other-amount' });
    expect(decidePay(other, { onOwnWord: true })).toMatchObject({ now: 'pay-unconfirmed' });
    const closed = answerInHandOf({ state: 'failed', why: 'CLOSED' });
    expect(decidePay(closed, { onOwnWord: false })).toMatchObject({ now: 'pay-by-hand' });
  });

  test('is told to pay only what the provider has not paid', () => {
    const asked = { onOwnWord: false };
    expect(decidePay(answerInHandOf({ state: 'not-exist' }), asked)).toMatchObject({ now: 'pay-by-hand' });
    expect(decidePay(answerInHandOf({ state: 'succeeded' }), asked)).toMatchObject({
      reason: 'already-back',
    });
    expect(decidePay(answerInHandOf({ state: 'processing' }), asked)).toMatchObject({
      reason: 'provider-silent',
    });
    expect(decidePay(answerInHandOf(undefined), asked)).toMatchObject({ reason: 'provider-silent' });
    expect(decidePay(answerInHandOf(undefined), { onOwnWord: true })).toMatchObject({
      now: 'pay-unconfirmed',
    });
  });
});

describe('a person who has it in hand', () => {
  test('books it as paid, after the provider was asked', () => {
    expect(decideFinish(inHands, li, now)).toMatchObject({
      next: 'ask',
      handled: { by: 'li', did: 'settled', at: now },
    });
  });

  test('books it as one too many where the provider has paid it', () => {
    const paid = refundIn('succeeded', { settledBy: 'li' });
    expect(decideFinish(paid, li, now)).toMatchObject({ next: 'book-paid-twice' });
  });

  test('is done once that is booked', () => {
    const settled = refundIn('settled', { settledBy: 'li' });
    expect(decideFinish(settled, li, now)).toMatchObject({ next: 'done', now: 'settled' });
    expect(decideFinish({ ...settled, overpaidAt: now }, li, now)).toMatchObject({ now: 'paid-twice' });
  });

  test('gives it back unpaid, with the reason for which it was declined', () => {
    expect(decideGiveBack({ ...inHands, declined: 'closed' }, li, now)).toMatchObject({
      attention: { kind: 'refund-declined', why: 'closed' },
      handled: { did: 'gave-back' },
    });
    expect(decideGiveBack(inHands, li, now)).toMatchObject({ attention: { why: 'not paid by li' } });
  });

  test('is nobody else', () => {
    expect(decideFinish(inHands, zhang, now)).toMatchObject({ reason: 'not-in-your-hands' });
    expect(decideFinish(undefined, li, now)).toMatchObject({ reason: 'not-in-your-hands' });
    expect(decideGiveBack(inHands, zhang, now)).toMatchObject({ reason: 'not-in-your-hands' });
    expect(decideGiveBack(refundIn('settled', { settledBy: 'li' }), li, now)).toMatchObject({
      reason: 'already-back',
    });
  });
});

describe('a person who wants a refund to be sent again', () => {
  test('may once it was declined for good, and it stays in sight', () => {
    expect(decideRetry(refundIn('failed'), li, now)).toMatchObject({
      attention: { kind: 'refund-unconfirmed', why: 'retried by li' },
      handled: { did: 'retried', at: now },
    });
  });

  test('may not while somebody pays it, nor when it is back', () => {
    expect(decideRetry(inHands, li, now)).toMatchObject({ reason: 'in-other-hands' });
    expect(decideRetry(refundIn('succeeded'), li, now)).toMatchObject({ reason: 'already-back' });
  });
});
