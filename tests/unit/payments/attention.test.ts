import { paymentAttention } from '../../../shared/payments/rules.ts';
import { plusSeconds, instantSchema } from '../../../shared/platform/time.ts';
import { samplePayment } from '../../support/sample-payment.ts';

const createdAt = instantSchema.parse('2026-12-01T00:00:00.000Z');
const times = { createdAt, expiresAt: plusSeconds(createdAt, 4 * 3600) };
const pending = samplePayment('pending', times);
const after = (seconds: number) => plusSeconds(createdAt, seconds);

describe('a payment reaches a person', () => {
  test('an hour after it ran out, however long it could be paid', () => {
    expect(paymentAttention(pending, after(5 * 3600 - 1))).toBeUndefined();
    expect(paymentAttention(pending, after(5 * 3600))?.kind).toBe('payment-unclosed');
  });

  test('an hour after its money came, unless another amount is in dispute', () => {
    const captured = { ...times, capturedAt: createdAt };
    expect(paymentAttention(samplePayment('captured', captured), after(3599))).toBeUndefined();
    expect(paymentAttention(samplePayment('captured', captured), after(3600))?.kind).toBe(
      'payment-unapplied',
    );
    const attention = { kind: 'amount-disputed', why: 'why', since: createdAt } as const;
    expect(
      paymentAttention(samplePayment('captured', { ...captured, attention }), after(3600)),
    ).toBeUndefined();
  });
});
