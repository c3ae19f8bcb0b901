import {
  decideMissingPayment,
  decideMissingRefund,
  decideNotDone,
  missingHere,
} from '../../../shared/reconciliation/decide-answer.ts';
import type { Booked } from '../../../shared/reconciliation/decide-row.ts';
import { money } from '../../../shared/platform/money.ts';
import { instantSchema, plusSeconds, type Instant } from '../../../shared/platform/time.ts';
import { sampleBillRow, sampleRefundRow } from '../../support/sample-bill-row.ts';
import { samplePayment } from '../../support/sample-payment.ts';
import { sampleRefund } from '../../support/sample-refund.ts';

/** The first of December in Beijing. */
const span = {
  from: instantSchema.parse('2026-11-30T16:00:00.000Z'),
  until: instantSchema.parse('2026-12-01T16:00:00.000Z'),
};
const inside = instantSchema.parse('2026-12-01T10:00:00.000Z');
const lastSecond = instantSchema.parse('2026-12-01T15:59:59.000Z');
const paid = samplePayment('captured').amount;
const bookedAt = (at: Instant, of: Booked['of'] = 'payment'): Booked => ({
  of,
  number: 'n',
  amount: paid,
  at,
});
const captured = (paidAt?: Instant) => ({
  known: { state: 'captured' as const, providerTrade: 't', paid, ...(paidAt && { paidAt }) },
});

describe('a payment that we booked and the bill lacks', () => {
  const payment = samplePayment('captured', { createdAt: inside });
  const judge = (answer: Parameters<typeof decideMissingPayment>[2], at = inside) =>
    decideMissingPayment(bookedAt(at), payment, answer, span);

  test('is missing if the provider took it on that day', () => {
    expect(judge(captured(inside))).toMatchObject({ class: 'missing-there', ours: paid, theirs: paid });
    expect(judge(captured(span.from))).toMatchObject({ class: 'missing-there' });
    expect(judge(captured(lastSecond))).toMatchObject({ class: 'missing-there' });
  });

  test('is none if the provider took it on another day', () => {
    expect(judge(captured(plusSeconds(span.from, -1)))).toBeUndefined();
    expect(judge(captured(span.until))).toBeUndefined();
  });

  test('without the provider’s time is missing only if it cannot have been another day', () => {
    expect(judge(captured())).toMatchObject({ class: 'missing-there' });
    const early = samplePayment('captured', { createdAt: plusSeconds(span.from, -60) });
    expect(decideMissingPayment(bookedAt(inside), early, captured(), span)).toBeUndefined();
  });

  test.each(['closed', 'pending', 'not-exist'] as const)('is missing if the provider says %s', (state) => {
    expect(judge({ known: { state } })).toMatchObject({
      class: 'missing-there',
      ours: paid,
      why: expect.stringContaining(state) as string,
    });
  });

  test('is missing if the provider refuses to say', () => {
    expect(judge({ refuses: 'the provider refuses (X)' })).toMatchObject({ class: 'missing-there' });
  });

  test('differs in its amount if the provider has another one, whatever the day', () => {
    const other = {
      known: { state: 'captured' as const, providerTrade: 't', paid: money(1, 'CNY'), paidAt: span.until },
    };
    expect(judge(other)).toMatchObject({ class: 'amount', theirs: money(1, 'CNY') });
  });
});

describe('a refund that we booked and the bill lacks', () => {
  const judge = (requestedAt: Instant, answer: Parameters<typeof decideMissingRefund>[2]) =>
    decideMissingRefund(bookedAt(inside, 'refund'), sampleRefund('succeeded', { requestedAt }), answer, span);
  const succeeded = { known: { state: 'succeeded' as const } };

  test('is missing if it was requested and booked on that day', () => {
    expect(judge(plusSeconds(inside, -5), succeeded)).toMatchObject({ class: 'missing-there', of: 'refund' });
  });

  test('is none if it was requested on the day before and the provider confirms it', () => {
    expect(judge(plusSeconds(span.from, -1), succeeded)).toBeUndefined();
  });

  test('is missing if the provider does not confirm it, whenever it was requested', () => {
    expect(judge(plusSeconds(span.from, -1), { known: { state: 'not-exist' } })).toBeDefined();
    expect(judge(plusSeconds(span.from, -1), { known: { state: 'processing' } })).toBeDefined();
  });
});

describe('what we booked and the bill calls not done', () => {
  test('differs in its state, for a payment whatever the provider says', () => {
    const row = sampleBillRow({ state: 'REVOKED' });
    expect(decideNotDone(row, bookedAt(inside), captured(inside))).toMatchObject({
      class: 'state',
      why: 'the bill says REVOKED; the provider says captured',
    });
  });

  test('is none for a refund that was under way when the bill was made', () => {
    const row = sampleRefundRow({ state: 'PROCESSING' });
    const judge = (state: 'succeeded' | 'processing') =>
      decideNotDone(row, bookedAt(inside, 'refund'), { known: { state } });
    expect(judge('succeeded')).toBeUndefined();
    expect(judge('processing')).toMatchObject({ class: 'state', of: 'refund' });
  });
});

test('money that only the bill has is told with what became of it', () => {
  const row = sampleBillRow();
  expect(missingHere(row, { known: { state: 'pending' } }, false)).toEqual({
    class: 'missing-here',
    of: 'payment',
    number: row.paymentNumber,
    theirs: row.amount,
    why: 'the provider says pending',
  });
  expect(missingHere(row, { known: { state: 'captured' } }, true)).toMatchObject({ repaired: true });
});
