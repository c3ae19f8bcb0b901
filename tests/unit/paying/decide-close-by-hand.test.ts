import { decideCloseByHand } from '../../../shared/paying/decide-close-by-hand.ts';
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
