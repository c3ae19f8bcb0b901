import {
  decideRow,
  decideUnbookedPayment,
  decideUnbookedRefund,
  looksLikeOurs,
  numberOfRow,
  paymentOfNumber,
  type Booked,
} from '../../../shared/reconciliation/decide-row.ts';
import { money } from '../../../shared/platform/money.ts';
import { instantSchema } from '../../../shared/platform/time.ts';
import { sampleBillRow, sampleRefundRow } from '../../support/sample-bill-row.ts';
import { samplePayment } from '../../support/sample-payment.ts';
import { sampleRefund } from '../../support/sample-refund.ts';

const booked: Booked = {
  of: 'payment',
  number: '01ARZ3NDEKTSV4RRFFQ69G5FAV_1',
  amount: money(5330, 'CNY'),
  at: instantSchema.parse('2026-12-01T04:00:02.000Z'),
};
const classOf = (verdict: ReturnType<typeof decideRow> | ReturnType<typeof decideUnbookedPayment>) =>
  verdict.is === 'different' ? verdict.finding.class : verdict.is;

describe('a row whose number has an entry of that day', () => {
  test('agrees if amount and currency are the same', () => {
    expect(decideRow(sampleBillRow(), booked, undefined)).toEqual({ is: 'as-booked' });
  });

  test('differs in its amount, with both sides', () => {
    const row = sampleBillRow({ amount: money(5329, 'CNY') });
    const verdict = decideRow(row, booked, undefined);
    expect(verdict).toMatchObject({
      is: 'different',
      finding: { class: 'amount', number: booked.number, ours: booked.amount, theirs: row.amount },
    });
  });

  test('differs in its currency even if the digits agree', () => {
    expect(classOf(decideRow(sampleBillRow({ amount: money(5330, 'EUR') }), booked, undefined))).toBe(
      'currency',
    );
  });

  test('is asked about if the bill calls it not done', () => {
    expect(classOf(decideRow(sampleBillRow({ state: 'REVOKED' }), booked, undefined))).toBe('not-done');
  });
});

describe('a row whose number came before', () => {
  test('is there twice, whether we booked it or not', () => {
    const before = { row: 3 };
    expect(classOf(decideRow(sampleBillRow(), booked, before))).toBe('twice');
    const verdict = decideRow(sampleBillRow(), undefined, before);
    expect(verdict).toMatchObject({
      finding: { class: 'twice', why: expect.stringContaining('3 and 7') as string },
    });
  });

  test('is not there twice if it has not moved money', () => {
    const row = sampleRefundRow({ state: 'PROCESSING' });
    expect(classOf(decideRow(row, undefined, { row: 3 }))).toBe('nothing');
  });
});

describe('a row without an entry of that day', () => {
  test('is looked up, unless it has not moved money', () => {
    expect(classOf(decideRow(sampleBillRow(), undefined, undefined))).toBe('not-of-this-day');
    expect(classOf(decideRow(sampleBillRow({ state: 'CLOSED' }), undefined, undefined))).toBe('nothing');
  });

  const row = sampleBillRow({ amount: samplePayment('pending').amount });
  const judge = (payment: Parameters<typeof decideUnbookedPayment>[1]) =>
    classOf(decideUnbookedPayment(row, payment, 'alipay'));

  test('agrees if its payment was captured on another day', () => {
    expect(judge(samplePayment('captured'))).toBe('as-booked');
    expect(judge(samplePayment('refunded'))).toBe('as-booked');
  });

  test('is compared with what was taken, and not with what was asked for', () => {
    const taken = money(1, 'CNY');
    expect(judge(samplePayment('captured', { taken }))).toBe('amount');
    const other = decideUnbookedPayment(
      { ...row, amount: taken },
      samplePayment('captured', { taken }),
      'alipay',
    );
    expect(classOf(other)).toBe('as-booked');
  });

  test.each(['created', 'pending', 'failed', 'closed'] as const)(
    'asks the provider about a %s payment',
    (state) => {
      expect(judge(samplePayment(state))).toBe('to-be-asked');
    },
  );

  test('has an unknown number if no payment has it, or one with another provider', () => {
    expect(judge(undefined)).toBe('unknown-number');
    expect(judge(samplePayment('captured', { provider: 'stripe' }))).toBe('unknown-number');
  });
});

describe('a refund without an entry of that day', () => {
  const amount = sampleRefund('succeeded').amount;
  const judge = (refund: Parameters<typeof decideUnbookedRefund>[1]) =>
    classOf(decideUnbookedRefund(sampleRefundRow({ amount }), refund));

  test('agrees if the provider’s payment of it is booked', () => {
    expect(judge(sampleRefund('succeeded'))).toBe('as-booked');
    expect(judge(sampleRefund('settled', { overpaidAt: '2026-12-01T04:00:02.000Z' }))).toBe('as-booked');
  });

  test.each(['requested', 'submitted', 'failed', 'settling', 'settled'] as const)(
    'asks the provider about a %s one',
    (state) => {
      expect(judge(sampleRefund(state))).toBe('to-be-asked');
    },
  );

  test('is money that went back although nobody here requested it', () => {
    expect(judge(undefined)).toBe('missing-here');
  });
});

describe('the number of a row', () => {
  test('is ours, or the provider’s for a refund that was made by hand there', () => {
    expect(numberOfRow(sampleRefundRow())).toBe('01ARZ3NDEKTSV4RRFFQ69G5FAV_1_whole');
    const { refundNumber: _, ...byHand } = sampleRefundRow();
    expect(numberOfRow(byHand)).toBe('2026120122001');
    expect(looksLikeOurs(byHand)).toBe(true);
  });

  test('is not ours if another shop of the account made it', () => {
    expect(looksLikeOurs(sampleBillRow({ paymentNumber: 'SHOP-17' }))).toBe(false);
    const { paymentNumber: _, ...without } = sampleBillRow();
    expect(looksLikeOurs(without)).toBe(false);
    expect(looksLikeOurs(sampleRefundRow({ paymentNumber: 'SHOP-17', refundNumber: 'R-17' }))).toBe(false);
  });

  test.each([
    ['01ARZ3NDEKTSV4RRFFQ69G5FAV_1', '01ARZ3NDEKTSV4RRFFQ69G5FAV_1'],
    ['01ARZ3NDEKTSV4RRFFQ69G5FAV_12_item3', '01ARZ3NDEKTSV4RRFFQ69G5FAV_12'],
    ['01ARZ3NDEKTSV4RRFFQ69G5FAV', undefined],
    ['01ARZ3NDEKTSV4RRFFQ69G5FAV_0', undefined],
    ['', undefined],
    ['_', undefined],
  ])('%s belongs to the payment %s', (number, paymentId) => {
    expect(paymentOfNumber(number)).toBe(paymentId);
  });
});
