import { paymentSchema, type Payment } from '../../../shared/payments/model.ts';
import { paymentAttention } from '../../../shared/payments/rules.ts';
import { plusSeconds, instantSchema } from '../../../shared/platform/time.ts';

const createdAt = instantSchema.parse('2026-12-01T00:00:00.000Z');
const payment = (more: Partial<Payment>): Payment =>
  paymentSchema.parse({
    orderId: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
    paymentId: '01ARZ3NDEKTSV4RRFFQ69G5FAV_1',
    provider: 'alipay',
    state: 'pending',
    amount: { amount: 100, currency: 'CNY' },
    createdAt,
    expiresAt: plusSeconds(createdAt, 4 * 3600),
    ...more,
  });
const after = (seconds: number) => plusSeconds(createdAt, seconds);

describe('a payment reaches a person', () => {
  test('an hour after it ran out, however long it could be paid', () => {
    expect(paymentAttention(payment({}), after(5 * 3600 - 1))).toBeUndefined();
    expect(paymentAttention(payment({}), after(5 * 3600))?.kind).toBe('payment-unclosed');
  });

  test('an hour after its money came, unless another amount is in dispute', () => {
    const captured = { state: 'captured', capturedAt: createdAt, refundable: 100 } as const;
    expect(paymentAttention(payment(captured), after(3599))).toBeUndefined();
    expect(paymentAttention(payment(captured), after(3600))?.kind).toBe('payment-unapplied');
    const attention = { kind: 'amount-disputed', why: 'why', since: createdAt } as const;
    expect(paymentAttention(payment({ ...captured, attention }), after(3600))).toBeUndefined();
  });
});
