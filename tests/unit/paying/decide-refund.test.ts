import { paymentIdOf } from '../../../shared/platform/ids.ts';
import { plusSeconds } from '../../../shared/platform/time.ts';
import type { RefundState } from '../../../shared/payments/model.ts';
import { decideAfterAnswer, orderEndedBy } from '../../../shared/paying/decide-refund.ts';
import { sampleOrder } from '../../support/sample-order.ts';
import { samplePayment } from '../../support/sample-payment.ts';
import { sampleRefund } from '../../support/sample-refund.ts';

const payment = samplePayment('captured');
const requestedAt = payment.expiresAt;
const refundIn = (state: RefundState) => sampleRefund(state, { requestedAt, settledAt: requestedAt });
const now = plusSeconds(requestedAt, 60);
const why = 'ACQ.TRADE_HAS_FINISHED';

describe('a refund of which the provider says', () => {
  test.each<RefundState>(['requested', 'submitted', 'failed', 'settling', 'settled'])(
    'that it is paid is confirmed, also when it is %s',
    (state) => {
      expect(decideAfterAnswer(refundIn(state), { state: 'succeeded' }, now)).toEqual({ write: 'confirm' });
    },
  );

  test('that it will never be paid needs a person, and is asked about again', () => {
    expect(decideAfterAnswer(refundIn('submitted'), { state: 'failed', why }, now)).toEqual({
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
    expect(decideAfterAnswer(refundIn('requested'), answer, now)).toMatchObject({
      write: 'submit',
      again: plusSeconds(now, 10),
    });
  });

  test.each<RefundState>(['failed', 'settling', 'settled'])(
    'anything else is only asked about when it is %s: it is sent no more',
    (state) => {
      expect(decideAfterAnswer(refundIn(state), { state: 'failed', why }, now)).toEqual({
        write: 'ask-again',
        again: plusSeconds(now, 6 * 3600),
      });
    },
  );

  test('nothing for a month after a person settled it is not asked about any more', () => {
    const later = plusSeconds(requestedAt, 30 * 86_400);
    expect(decideAfterAnswer(refundIn('settled'), { state: 'processing' }, later)).toEqual({
      write: 'ask-again',
      again: undefined,
    });
  });
});

test('a refund ends the order that its payment had paid, and no other', () => {
  const order = sampleOrder('refunding');
  expect(orderEndedBy(order, payment)).toBe(order);
  const surplus = { ...payment, paymentId: paymentIdOf(payment.orderId, 2) };
  expect(orderEndedBy(order, surplus)).toBeUndefined();
  expect(orderEndedBy(sampleOrder('issued'), payment)).toBeUndefined();
});
