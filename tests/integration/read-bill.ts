import type { BillRow } from '../../shared/payments/bill.ts';
import type { PaymentProvider } from '../../shared/payments/provider.ts';
import { serviceDateSchema } from '../../shared/platform/ids.ts';

/** The rows of a provider's bill, or why there is none. */
export const readBill = async (provider: PaymentProvider, date: string): Promise<BillRow[] | string> => {
  const read = await provider.bills.read(serviceDateSchema.parse(date));
  return read.outcome === 'accepted' ? Array.fromAsync(read.rows) : read.reason;
};

/** A row as a test compares it: one of a payment, unless it has a refund's number. */
export const seen = (row: BillRow) => ({
  kind: row.kind,
  number: row.refundNumber ?? row.paymentNumber,
  at: row.at,
  amount: row.amount.amount,
  cost: row.cost,
});
