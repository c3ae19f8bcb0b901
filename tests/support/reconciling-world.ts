import { confirmRefund } from '../../shared/paying/submit-refund.ts';
import { applyPayment } from '../../shared/paying/apply-payment.ts';
import { isCaptured, type Payment, type Refund } from '../../shared/payments/model.ts';
import type { PaymentProvider } from '../../shared/payments/provider.ts';
import { readRefund } from '../../shared/payments/refunds-store.ts';
import { readPayment } from '../../shared/payments/store.ts';
import type { Table } from '../../shared/platform/dynamo.ts';
import { serviceDateSchema } from '../../shared/platform/ids.ts';
import { money } from '../../shared/platform/money.ts';
import { instantSchema, type Instant } from '../../shared/platform/time.ts';
import { reconcileDay } from '../../shared/reconciliation/reconcile-day.ts';
import type { Published } from '../../shared/reconciliation/publish-report.ts';
import type { Run } from '../../shared/timetable/model.ts';
import { billsFrom, type BookedMovement } from './bills-from.ts';
import { purchaseWorld } from './purchase-world.ts';

export const reconciledDay = { provider: 'alipay', date: serviceDateSchema.parse('2026-12-01') } as const;

/** The morning after that day, when its bill is ready. */
export const morningAfter = instantSchema.parse('2026-12-02T03:00:00.000Z');

/** What the provider keeps of each payment, in minor units. */
const costOf = (amount: number): number => Math.round(amount * 0.006);

/** The row of the bill for a payment. */
export const rowOfPayment = (
  { paymentId, amount }: Payment,
  at: Instant,
  more: Partial<BookedMovement> = {},
): BookedMovement => ({
  kind: 'payment',
  type: 'trade',
  paymentNumber: paymentId,
  providerNumber: `trade-${paymentId}`,
  at,
  amount,
  cost: costOf(amount.amount),
  ...more,
});

export const rowOfRefund = (
  { paymentId, refundNumber, amount }: Pick<Refund, 'paymentId' | 'refundNumber' | 'amount'>,
  at: Instant,
): BookedMovement => ({
  kind: 'refund',
  type: 'refund',
  paymentNumber: paymentId,
  refundNumber,
  providerNumber: `trade-${paymentId}`,
  at,
  amount,
  cost: -costOf(amount.amount),
});

type Sold = { isTold?: boolean; isInBill?: boolean };

/** Buyers who pay: the bill has it and we hear of it, unless the one or the other is lost. */
const salesOf = (world: Awaited<ReturnType<typeof purchaseWorld>>, movements: BookedMovement[]) => {
  const take = async (payment: Payment, { isTold = true, isInBill = true }: Sold = {}): Promise<Payment> => {
    const { paymentId, amount } = payment;
    const paidAt = world.time.now;
    const providerTrade = `trade-${paymentId}`;
    world.bank.trades.set(paymentId, { state: 'captured', providerTrade, paid: amount, paidAt });
    if (isInBill) movements.push(rowOfPayment(payment, paidAt));
    if (isTold) {
      world.pass(2);
      await world.notify(payment);
      await applyPayment(world)(paymentId);
    }
    return payment;
  };
  const sell = async (run: Run, person: number, sold: Sold = {}): Promise<Payment> => {
    const orderId = await world.held(run, [person]);
    return take(await world.pay(orderId), sold);
  };
  return { take, sell };
};

export type ReconcilingWorld = Awaited<ReturnType<typeof reconcilingWorld>>;

/** A world of purchases whose provider makes a bill of what a test puts into `movements`, by days of a zone. */
export const reconcilingWorld = async (timeZone?: string) => {
  const world = await purchaseWorld();
  const movements: BookedMovement[] = [];
  const bills = billsFrom(() => movements, world.clock, timeZone);
  const provider: PaymentProvider = { ...world.bank.provider, bills };
  const findProvider = () => provider;
  const dependencies = { ...world.dependencies, findProvider };

  const { sell, take } = salesOf(world, movements);

  /** One run of the reconciliation of the day, over these tables. */
  const run = (bookings: Table = world.bookings, day = reconciledDay) =>
    reconcileDay({ ...dependencies, bookings })(day, () => true);

  return {
    ...world,
    dependencies,
    findProvider,
    movements,
    sell,
    take,
    run,
    /** A run that must come to its end. */
    report: async (day = reconciledDay): Promise<Published> => {
      const result = await run(world.bookings, day);
      if (result.outcome === 'rejected') throw new Error(`no report: ${result.reason} ${result.why ?? ''}`);
      return result;
    },
    /** The provider pays a refund back, and tells us unless that is lost. */
    payBack: async (refund: Refund, { isTold = true } = {}): Promise<void> => {
      world.bank.refunds.set(refund.refundNumber, refund.amount.amount);
      movements.push(rowOfRefund(refund, world.time.now));
      const payment = await readPayment(world.bookings, refund.paymentId);
      if (isTold && payment && isCaptured(payment)) await confirmRefund(world, payment, refund);
    },
    refundOf: async ({ orderId, paymentId }: Payment): Promise<Refund> => {
      const refund = await readRefund(world.bookings, orderId, `${paymentId}_whole`);
      if (!refund) throw new Error('no refund');
      return refund;
    },
    paymentOf: async ({ paymentId }: Payment): Promise<Payment> => {
      const payment = await readPayment(world.bookings, paymentId);
      if (!payment) throw new Error('no payment');
      return payment;
    },
    wait: (until: Instant) => void (world.time.now = until),
    costs: (...amounts: number[]) =>
      money(
        amounts.reduce((sum, each) => sum + costOf(each), 0),
        'CNY',
      ),
  };
};
