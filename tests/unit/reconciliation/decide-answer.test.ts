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

const told = (finding: object) => ({ is: 'told', finding });

describe('a payment that we booked and the bill lacks', () => {
  const payment = samplePayment('captured', { createdAt: inside });
  const judge = (answer: Parameters<typeof decideMissingPayment>[2], at = inside) =>
    decideMissingPayment(bookedAt(at), payment, answer, span);

  test('is missing if the provider took it on that day', () => {
    expect(judge(captured(inside))).toMatchObject(told({ class: 'missing-there', ours: paid, theirs: paid }));
    expect(judge(captured(span.from))).toMatchObject(told({ class: 'missing-there' }));
    expect(judge(captured(lastSecond))).toMatchObject(told({ class: 'missing-there' }));
  });

  test('is looked for in the bill of the day on which the provider took it, if that is over', () => {
    const before = plusSeconds(span.from, -1);
    expect(judge(captured(before))).toMatchObject({
      is: 'elsewhere',
      from: before,
      until: before,
      finding: {
        class: 'missing-there',
        ours: paid,
        theirs: paid,
        why: expect.stringContaining(before) as string,
      },
    });
    expect(judge(captured(span.until))).toEqual({ is: 'none' });
  });

  test('without the provider’s time is looked for in all bills since it began', () => {
    expect(judge(captured())).toMatchObject(told({ class: 'missing-there' }));
    const createdAt = plusSeconds(span.from, -60);
    const early = samplePayment('captured', { createdAt });
    expect(decideMissingPayment(bookedAt(inside), early, captured(), span)).toMatchObject({
      is: 'elsewhere',
      from: createdAt,
      until: plusSeconds(span.from, -0.001),
    });
  });

  test.each(['closed', 'pending', 'not-exist'] as const)('is missing if the provider says %s', (state) => {
    expect(judge({ known: { state } })).toMatchObject(
      told({ class: 'missing-there', ours: paid, why: expect.stringContaining(state) as string }),
    );
  });

  test('is missing if the provider refuses to say', () => {
    expect(judge({ refuses: 'the provider refuses (X)' })).toMatchObject(told({ class: 'missing-there' }));
  });

  test('differs in its amount if the provider has another one, whatever the day', () => {
    const other = {
      known: { state: 'captured' as const, providerTrade: 't', paid: money(1, 'CNY'), paidAt: span.until },
    };
    expect(judge(other)).toMatchObject(told({ class: 'amount', theirs: money(1, 'CNY') }));
  });
});

describe('a refund that we booked and the bill lacks', () => {
  const judge = (requestedAt: Instant, answer: Parameters<typeof decideMissingRefund>[2]) =>
    decideMissingRefund(bookedAt(inside, 'refund'), sampleRefund('succeeded', { requestedAt }), answer, span);
  const succeeded = { known: { state: 'succeeded' as const } };

  test('is missing if it was requested and booked on that day', () => {
    expect(judge(plusSeconds(inside, -5), succeeded)).toMatchObject(
      told({ class: 'missing-there', of: 'refund' }),
    );
  });

  test('is looked for in the bills since its request if that was before, and the provider confirms it', () => {
    const requestedAt = plusSeconds(span.from, -1);
    expect(judge(requestedAt, succeeded)).toMatchObject({ is: 'elsewhere', from: requestedAt });
  });

  test('is none if we have booked that the provider took it back', () => {
    const returned = sampleRefund('failed', { requestedAt: inside, returnedAt: inside });
    const failed = { known: { state: 'failed' as const, why: 'lost card' } };
    expect(decideMissingRefund(bookedAt(inside, 'refund'), returned, failed, span)).toEqual({ is: 'none' });
    const row = sampleRefundRow({ state: 'failed' });
    expect(decideNotDone(row, bookedAt(inside, 'refund'), failed, returned)).toBeUndefined();
    expect(decideNotDone(row, bookedAt(inside, 'refund'), failed, sampleRefund('succeeded'))).toBeDefined();
  });

  test('is missing if the provider does not confirm it, whenever it was requested', () => {
    for (const state of ['not-exist', 'processing'] as const)
      expect(judge(plusSeconds(span.from, -1), { known: { state } })).toMatchObject({ is: 'told' });
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
