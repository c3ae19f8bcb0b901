import fc from 'fast-check';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { detailsOf, summaryOf } from '../../../infra/local/providers/alipay/bill-file.ts';
import { zipOf } from '../../../infra/local/providers/alipay/bill-zip.ts';
import { movementsIn, percentFee, type Movement } from '../../../infra/local/providers/bill.ts';
import type { Books } from '../../../infra/local/providers/books.ts';
import type { CashierParts } from '../../../infra/local/providers/cashier-site.ts';
import { listMovements } from '../../../infra/local/providers/stripe/bill.ts';
import type { Trade } from '../../../infra/local/providers/trade.ts';
import { wechatpayBill } from '../../../infra/local/providers/wechatpay/bill-file.ts';
import { alipayZipRows } from '../../../shared/payments/alipay/bill-zip.ts';
import type { BillRow } from '../../../shared/payments/bill.ts';
import { stripeProvider } from '../../../shared/payments/stripe/provider.ts';
import { wechatpayRows } from '../../../shared/payments/wechatpay/bill-file.ts';
import { orderIdSchema, paymentIdOf, serviceDateSchema } from '../../../shared/platform/ids.ts';
import { instantOf, millisecondsOf, plusSeconds, type Instant } from '../../../shared/platform/time.ts';
import { secret } from './stripe-fixture.ts';

/*
 * Whatever books a provider has: what its bill of a day says, and what we read in it, is what the books have of that day. The
 * sandbox's files are made by code of its own, in the documented formats.
 */

const date = serviceDateSchema.parse('2026-12-01');
const inChina = { from: '2026-11-30T16:00:00.000Z', until: '2026-12-01T16:00:00.000Z' } as {
  from: Instant;
  until: Instant;
};
const inUtc = { from: '2026-12-01T00:00:00.000Z', until: '2026-12-02T00:00:00.000Z' } as {
  from: Instant;
  until: Instant;
};

const orderId = orderIdSchema.parse('01KDA0000000000000000000RD');

/** Moments around the day, of which the first and the last second are likely. */
const moment = fc.oneof(
  fc.constantFrom(
    ...[inChina.from, inChina.until, inUtc.from, inUtc.until].flatMap((edge) => [
      edge,
      plusSeconds(edge, -1),
    ]),
  ),
  fc
    .integer({ min: 0, max: 3 * 86_400 })
    .map((seconds) => plusSeconds(instantOf(Date.parse('2026-11-30T00:00:00Z')), seconds)),
);

const subject = fc.oneof(
  fc.constant('G1 北京南→上海虹桥'),
  fc.string({ unit: fc.constantFrom(...'北京G1 ,"\'`\t#（）é'), maxLength: 20 }),
);

const trades = (currency: string): fc.Arbitrary<Trade[]> =>
  fc
    .array(
      fc.record({
        subject,
        total: fc.integer({ min: 1, max: 99_999_999 }),
        paidAt: fc.option(moment, { nil: undefined }),
        refunds: fc.array(fc.record({ amount: fc.integer({ min: 1, max: 1_000_000 }), at: moment }), {
          maxLength: 3,
        }),
        lie: fc.option(fc.constantFrom('omits', 'twice'), { nil: undefined }),
      }),
      { maxLength: 12 },
    )
    .map((drawn) =>
      drawn.map(({ paidAt, refunds, lie, ...rest }, index): Trade => {
        const paymentId = paymentIdOf(orderId, index + 1);
        const numbered = refunds.map((refund, place) => ({
          ...refund,
          outRequestNo: `${paymentId}-item-${place + 1}`,
        }));
        const metadata = numbered.map(({ outRequestNo: refund }) => [
          refund,
          JSON.stringify({ payment: paymentId, refund }),
        ]);
        return {
          ...rest,
          outTradeNo: paymentId,
          tradeNo: `pi_${String(index).padStart(27, '0')}`,
          currency,
          createdAt: inChina.from,
          expiresAt: inChina.until,
          notifyUrl: undefined,
          returnUrl: undefined,
          status: paidAt ? 'paid' : 'closed',
          slowAnswers: 0,
          ...(paidAt && { paidAt }),
          refunds: paidAt ? numbered : [],
          ...(lie && { bill: { payment: { [lie]: true } } }),
          more: {
            method: 'native',
            metadata: JSON.stringify({ payment: paymentId }),
            ...Object.fromEntries(metadata),
          },
        };
      }),
    );

const booksOf = (drawn: Trade[]): Books => ({ trades: () => drawn }) as unknown as Books;

/** What matters of a movement, on either side. */
const wanted = ({ kind, outTradeNo, refundNo, at, amount, currency, fee }: Movement) =>
  JSON.stringify([kind, outTradeNo, refundNo ?? null, at, amount, currency, fee]);
const found = ({ kind, paymentNumber, refundNumber, at, amount: { amount, currency }, cost }: BillRow) =>
  JSON.stringify([kind, paymentNumber, refundNumber ?? null, at, amount, currency, cost]);

/** Whoever pays in the day is in the bill, whoever does not is not: counted from the trades, without the sandbox's bill. */
const ofTheDay = (drawn: readonly Trade[], { from, until }: typeof inUtc): number =>
  drawn
    .flatMap(({ paidAt, refunds, bill }) => [
      ...(paidAt ? Array<Instant>(bill?.payment?.omits ? 0 : bill?.payment?.twice ? 2 : 1).fill(paidAt) : []),
      ...refunds.map(({ at }) => at),
    ])
    .filter((at) => at >= from && at < until).length;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyun-bills-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const agree = (
  rows: BillRow[],
  movements: readonly Movement[],
  drawn: readonly Trade[],
  span: typeof inUtc,
): void => {
  expect(rows.map(found).toSorted()).toEqual(movements.map(wanted).toSorted());
  expect(rows).toHaveLength(ofTheDay(drawn, span));
};

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

test('WeChat Pay’s bill has the books of the day', async () => {
  await fc.assert(
    fc.asyncProperty(trades('CNY'), fc.integer({ min: 1, max: 3000 }), async (drawn, size) => {
      const movements = movementsIn(booksOf(drawn), inChina, percentFee);
      const bytes = Buffer.from(wechatpayBill(movements));
      agree(
        await Array.fromAsync(wechatpayRows(inPieces(bytes, size), { bill: 'the bill' })),
        movements,
        drawn,
        inChina,
      );
    }),
    { numRuns: 150 },
  );
});

test('Alipay’s bill has the books of the day', async () => {
  await fc.assert(
    fc.asyncProperty(trades('CNY'), async (drawn) => {
      const movements = movementsIn(booksOf(drawn), inChina, percentFee);
      const bill = { date, nextDate: '2026-12-02', movements };
      const path = join(folder, 'bill.zip');
      writeFileSync(path, await zipOf({ '明细.csv': detailsOf(bill), '汇总.csv': summaryOf(bill) }));
      agree(
        await Array.fromAsync(alipayZipRows(path, date, { bill: 'the bill' })),
        movements,
        drawn,
        inChina,
      );
    }),
    { numRuns: 100 },
  );
}, 30_000);

test('Stripe’s bill has the books of the day, on as many pages as it takes', async () => {
  await fc.assert(
    fc.asyncProperty(trades('EUR'), fc.integer({ min: 1, max: 5 }), async (drawn, pageSize) => {
      const books = { books: booksOf(drawn) } as CashierParts;
      const send = (async (url: string) => {
        const { searchParams } = new URL(url);
        searchParams.set('limit', String(pageSize));
        return Response.json(listMovements(searchParams, books).body);
      }) as unknown as typeof fetch;
      const clock = () => instantOf(millisecondsOf(inUtc.until) + 3_600_000);
      const read = await stripeProvider({ secret, clock, fetch: send }).bills.read(date);
      const rows = read.outcome === 'accepted' ? await Array.fromAsync(read.rows) : [];
      const feeOf = (kind: string, amount: number) =>
        kind === 'payment' ? Math.round(amount * 0.029) + 30 : 0;
      agree(rows, movementsIn(booksOf(drawn), inUtc, feeOf), drawn, inUtc);
    }),
    { numRuns: 150 },
  );
});
