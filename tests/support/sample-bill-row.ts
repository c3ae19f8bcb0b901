import type { MoneyRow } from '../../shared/reconciliation/decide-row.ts';
import { money } from '../../shared/platform/money.ts';
import { instantSchema } from '../../shared/platform/time.ts';

/** A row of a bill about a payment of 53.30 CNY. */
export const sampleBillRow = (fields: Partial<MoneyRow> = {}): MoneyRow => ({
  kind: 'payment',
  type: 'trade',
  paymentNumber: '01ARZ3NDEKTSV4RRFFQ69G5FAV_1',
  providerNumber: '2026120122001',
  at: instantSchema.parse('2026-12-01T04:00:00.000Z'),
  amount: money(5330, 'CNY'),
  cost: 32,
  row: 7,
  ...fields,
});

/** A row about a refund of all of it. */
export const sampleRefundRow = (fields: Partial<MoneyRow> = {}): MoneyRow =>
  sampleBillRow({
    kind: 'refund',
    type: 'refund',
    refundNumber: '01ARZ3NDEKTSV4RRFFQ69G5FAV_1_whole',
    ...fields,
  });
