import { bookingKey } from '../../../shared/bookings/keys.ts';
import { booksDayOf } from '../../../shared/ledger/books-day.ts';
import { entryOf } from '../../../shared/ledger/rules.ts';
import { billDays } from '../../../shared/payments/bill-days.ts';
import type { BillRow, ProviderBills } from '../../../shared/payments/bill.ts';
import type { Payment } from '../../../shared/payments/model.ts';
import type { PaymentProvider } from '../../../shared/payments/provider.ts';
import { keyOfPayment } from '../../../shared/payments/store.ts';
import { writeAll } from '../../../shared/platform/batch-write.ts';
import type { Item, Table } from '../../../shared/platform/dynamo.ts';
import { orderIdSchema, paymentIdOf, serviceDateSchema } from '../../../shared/platform/ids.ts';
import { money } from '../../../shared/platform/money.ts';
import { accepted } from '../../../shared/platform/outcome.ts';
import { sleep } from '../../../shared/platform/random.ts';
import { instantSchema, plusSeconds, type Instant } from '../../../shared/platform/time.ts';
import { ulidOfBytes } from '../../../shared/platform/ulid-bytes.ts';
import { samplePayment } from '../../support/sample-payment.ts';

export const bigDay = { provider: 'alipay', date: serviceDateSchema.parse('2026-12-01') } as const;

export const morningAfter: Instant = instantSchema.parse('2026-12-02T03:00:00.000Z');

/** A day of so many payments, of which the bill lacks some, and our journal lacks as many others. */
export type BigDay = { payments: number; missing: number };

const begins = instantSchema.parse('2026-12-01T00:00:00.000Z');
const amount = money(55_300, 'CNY');
const days = billDays('UTC', 1);

/** The n-th payment: its order's number looks random, and is the same in every process. */
const paymentIdOfNumber = (n: number) => {
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(1_796_000_000_000 + n, 0, 6);
  bytes.writeUInt32BE(Math.imul(n, 2_654_435_761) >>> 0, 12);
  const orderId = orderIdSchema.parse(ulidOfBytes(bytes));
  return { orderId, paymentId: paymentIdOf(orderId, 1) };
};

const atOfNumber = (n: number, { payments }: BigDay): Instant =>
  plusSeconds(begins, Math.floor((n * 86_000) / payments));

/** The journal has the first payments and not the last; the bill has the last and not the first. */
const isBooked = (n: number, { payments, missing }: BigDay): boolean => n < payments - missing;
const isInBill = (n: number, { missing }: BigDay): boolean => n >= missing;

/** Our books: each booked payment has its entries, as a sale leaves them; those that are asked about are stored. */
function* itemsOf(day: BigDay): Generator<Item> {
  for (let n = 0; n < day.payments; n += 1) {
    const { orderId, paymentId } = paymentIdOfNumber(n);
    const at = atOfNumber(n, day);
    const isMissing = !isBooked(n, day) || !isInBill(n, day);
    if (isMissing) {
      const state = isBooked(n, day) ? 'captured' : 'pending';
      const payment = samplePayment(state, {
        orderId,
        amount,
        createdAt: at,
        expiresAt: plusSeconds(at, 900),
      });
      yield { ...keyOfPayment(paymentId), ...payment };
    }
    if (!isBooked(n, day)) continue;
    for (const entry of [
      entryOf('captured', { orderId, provider: bigDay.provider, source: paymentId, amount, at }),
      entryOf('issued', { orderId, source: orderId, amount, at }),
    ])
      yield { ...bookingKey('entry', orderId, entry.entryId), ...entry, booksDay: booksDayOf(entry) };
  }
}

export const seedBooks = (bookings: Table, day: BigDay): Promise<void> => writeAll(bookings, itemsOf(day));

async function* rowsOf(day: BigDay): AsyncGenerator<BillRow> {
  for (let n = 0; n < day.payments; n += 1) {
    // A reader of a file waits for its next part now and then.
    if (n % 500 === 0) await sleep(0);
    if (!isInBill(n, day)) continue;
    const { paymentId } = paymentIdOfNumber(n);
    yield {
      kind: 'payment',
      type: 'trade',
      paymentNumber: paymentId,
      providerNumber: `2026120122001${n}`,
      at: atOfNumber(n, day),
      amount: { ...amount },
      cost: 332,
      row: n + 1,
    };
  }
}

/** What a provider takes to answer a question. */
const answerMilliseconds = 150;

/** A provider that confirms what its bill lacks, and does not confirm what only the bill has. */
export const bigProvider = (day: BigDay, like: PaymentProvider): PaymentProvider => {
  const bills: ProviderBills = { ...days, read: async () => accepted({ rows: rowsOf(day) }) };
  return {
    ...like,
    bills,
    query: async ({ createdAt, state }: Payment) => {
      await sleep(answerMilliseconds);
      return state === 'captured'
        ? { state: 'captured', providerTrade: 't', paid: amount, paidAt: createdAt }
        : { state: 'pending' };
    },
  };
};
