import fc from 'fast-check';
import type { CapturedPayment } from '../../../shared/payments/model.ts';
import { decideSpread } from '../../../shared/paying/decide-spread.ts';
import { orderIdSchema } from '../../../shared/platform/ids.ts';
import { money } from '../../../shared/platform/money.ts';
import { instantOf } from '../../../shared/platform/time.ts';
import { samplePayment } from '../../support/sample-payment.ts';

const older = orderIdSchema.parse('01KBZ5Q7W8XN3V4M5T6R7S8P9A');
const newer = orderIdSchema.parse('01KBZ5Q7W8XN3V4M5T6R7S8P9B');
const time = instantOf(Date.parse('2026-11-20T02:00:00Z'));

type Wish = { of: number; n: number; refundable: number; minute?: number; more?: object };

const payment = ({ of, n, refundable, minute = 0, more = {} }: Wish): CapturedPayment =>
  samplePayment('captured', {
    orderId: of === 0 ? older : newer,
    n,
    refundable,
    capturedAt: instantOf(Date.parse(time) + minute * 60_000),
    appliedAt: time,
    amount: money(1_000_000, 'CNY'),
    ...more,
  });

const spread = (payments: CapturedPayment[], amount: number) =>
  decideSpread(payments, money(amount, 'CNY'), 'give_0123456789abcdef');

test('the newest payment goes first, and another follows only for what is missing', () => {
  const old = payment({ of: 0, n: 1, refundable: 500 });
  const young = payment({ of: 1, n: 1, refundable: 300, minute: 5 });
  expect(spread([old, young], 300)).toMatchObject({ parts: [{ payment: young, amount: { amount: 300 } }] });
  expect(spread([old, young], 301)).toMatchObject({
    parts: [
      { payment: young, refundNumber: `${young.paymentId}_give_0123456789abcdef`, amount: { amount: 300 } },
      { payment: old, refundNumber: `${old.paymentId}_give_0123456789abcdef`, amount: { amount: 1 } },
    ],
  });
});

test('what is not there, waits for its use, or is in another currency is no part', () => {
  const others = [
    payment({ of: 0, n: 1, refundable: 0 }),
    payment({ of: 0, n: 2, refundable: 400, more: { appliedAt: undefined } }),
    payment({ of: 0, n: 3, refundable: 400, more: { amount: money(400, 'EUR') } }),
    samplePayment('pending', { orderId: older, n: 4 }) as unknown as CapturedPayment,
  ];
  expect(spread([...others, payment({ of: 1, n: 1, refundable: 9 })], 10)).toEqual({
    outcome: 'rejected',
    reason: 'not-enough-left',
    left: money(9, 'CNY'),
  });
});

test('an amount that is none, and a number that a provider refuses, are mistakes', () => {
  const one = [payment({ of: 0, n: 1, refundable: 10 })];
  expect(() => spread(one, 0)).toThrow(RangeError);
  expect(() => decideSpread(one, money(1, 'CNY'), `give_${'x'.repeat(40)}`)).toThrow(RangeError);
  expect(() => decideSpread(one, money(1, 'CNY'), 'give_ä')).toThrow(RangeError);
});

test('an amount is spread whole or not at all, never more than is left, always alike', () => {
  const wishes = fc.uniqueArray(
    fc.record({
      of: fc.nat(1),
      n: fc.integer({ min: 1, max: 9 }),
      refundable: fc.nat(1000),
      minute: fc.nat(3),
    }),
    { selector: ({ of, n }) => `${of}-${n}`, maxLength: 6 },
  );
  fc.assert(
    fc.property(wishes, fc.integer({ min: 1, max: 3000 }), fc.nat(), (all, amount, turn) => {
      const payments = all.map(payment);
      const total = all.reduce((sum, { refundable }) => sum + refundable, 0);
      const decided = spread(payments, amount);
      const turned = payments.map(
        (_, index) => payments[(index + turn) % payments.length] as CapturedPayment,
      );
      expect(spread(turned, amount)).toEqual(decided);
      if (decided.outcome === 'rejected') {
        expect(total).toBeLessThan(amount);
        expect(decided.left.amount).toBe(total);
        return;
      }
      const { parts } = decided;
      expect(parts.reduce((sum, part) => sum + part.amount.amount, 0)).toBe(amount);
      expect(new Set(parts.map(({ refundNumber }) => refundNumber)).size).toBe(parts.length);
      // Each is used up before the next one, which is no younger.
      for (const [index, part] of parts.entries()) {
        expect(part.amount.amount).toBeGreaterThan(0);
        expect(part.amount.amount).toBeLessThanOrEqual(part.payment.refundable);
        expect(part.refundNumber).toMatch(/^[0-9A-Za-z_]{1,64}$/);
        const next = parts[index + 1];
        if (next) expect(part.amount.amount).toBe(part.payment.refundable);
        if (next) expect(next.payment.capturedAt <= part.payment.capturedAt).toBe(true);
      }
    }),
  );
});
