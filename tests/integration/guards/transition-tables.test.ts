import { orderTransitions, type OrderState } from '../../../shared/orders/model.ts';
import { putHeldOrder, putPaidOrder, voidOrder } from '../../../shared/orders/store.ts';
import {
  closeOrder,
  endOrder,
  giveUpSeats,
  issueOrder,
  issueUnpaid,
  markRefunded,
  payLate,
  payOrder,
  refundLate,
  refundOrder,
} from '../../../shared/orders/transitions-store.ts';
import {
  paymentTransitions,
  refundTransitions,
  type PaymentState,
  type RefundState,
} from '../../../shared/payments/model.ts';
import {
  markFailed,
  markSending,
  markSubmitted,
  markSucceeded,
} from '../../../shared/payments/refunds-store.ts';
import {
  beginSettling,
  giveBack,
  markReturned,
  markSettled,
  retryRefund,
} from '../../../shared/payments/settling-store.ts';
import { markClosedByHand } from '../../../shared/payments/close-by-hand-store.ts';
import { markOtherAmount } from '../../../shared/payments/doubts-store.ts';
import { markCaptured, markClosed, markPaidBack, markPending } from '../../../shared/payments/store.ts';
import type { Handled } from '../../../shared/bookings/attention.ts';
import { paymentIdOf, serviceDateSchema, ticketIdOf, type OrderId } from '../../../shared/platform/ids.ts';
import type { TransactItem } from '../../../shared/platform/dynamo.ts';
import { testTables, type TestTables } from '../../support/dynamo.ts';
import { sampleOrder } from '../../support/sample-order.ts';
import { samplePayment } from '../../support/sample-payment.ts';
import { sampleRefund } from '../../support/sample-refund.ts';
import {
  future,
  isTaken,
  isWritten,
  newOrderId,
  now,
  put,
  storedOrder,
  type StandingState,
} from './stored.ts';
import { takeOut, waysOf } from './ways.ts';

/* The tables of transitions are what the writes go by: what is not in them is not written. */

let tables: TestTables;
beforeAll(async () => {
  tables = await testTables();
});
afterAll(() => tables.stop());
afterEach(() => jest.restoreAllMocks());

const handled: Handled = { at: now, by: 'zhang', did: 'settled', reason: 'seen to' };
const attention = { kind: 'refund-declined', why: 'why', since: now } as const;
const sending = { now, sentBefore: now, again: future };

describe('a refund', () => {
  const keyOf = ({ orderId, refundNumber }: { orderId: OrderId; refundNumber: string }) => ({
    pk: `ORDER#${orderId}`,
    sk: `REFUND#${refundNumber}`,
  });

  /** The write that goes a way. */
  const go = async (from: RefundState, to: RefundState): Promise<boolean> => {
    const orderId = newOrderId();
    const more = { orderId, handled: [handled] };
    const refund = sampleRefund(from, more);
    const { bookings } = tables;
    await put(bookings, { ...keyOf(refund), ...refund, dueShard: 'DUE#0', dueAt: now });
    switch (to) {
      case 'requested':
        return isTaken(retryRefund(bookings, sampleRefund('failed', more), { handled, attention, now }));
      case 'submitted':
        if (!(await isTaken(markSending(bookings, sampleRefund('requested', more), sending)))) return false;
        await put(bookings, { ...keyOf(refund), ...refund, dueShard: 'DUE#0', dueAt: now });
        return isTaken(
          markSubmitted(bookings, sampleRefund('requested', more), {
            again: future,
            declined: undefined,
            isDecline: false,
          }),
        );
      case 'failed':
        if (from === 'succeeded') {
          const returned = { why: 'why', attention, now, again: future };
          const seen = sampleRefund('succeeded', more);
          return isWritten(bookings, markReturned(bookings, seen, returned));
        }
        return isTaken(
          from === 'settling'
            ? giveBack(bookings, sampleRefund('settling', more), { handled, attention })
            : markFailed(bookings, sampleRefund('submitted', more), { why: 'why', attention, again: future }),
        );
      case 'settling':
        if (from === 'succeeded') {
          const inHand = sampleRefund('succeeded', { ...more, settledBy: 'zhang' });
          await put(bookings, { ...keyOf(inHand), ...inHand });
          return isWritten(
            bookings,
            markReturned(bookings, inHand, { why: 'why', attention, now, again: future }),
          );
        }
        return isTaken(
          beginSettling(bookings, sampleRefund('failed', more), {
            handled,
            attention,
            unconfirmedSince: now,
          }),
        );
      case 'succeeded':
        return isWritten(bookings, markSucceeded(bookings, refund, now));
      case 'settled':
        return isWritten(
          bookings,
          markSettled(bookings, sampleRefund('settling', more), { handled, again: future }),
        );
    }
  };

  test.each(waysOf(refundTransitions))('goes from %s to %s only by its table', async (from, to) => {
    expect(await go(from, to)).toBe(true);
    takeOut(refundTransitions, from, to);
    expect(await go(from, to)).toBe(false);
  });
});

describe('a payment', () => {
  const action = { kind: 'qr-code', text: 'x' } as const;
  const money = { providerTrade: 't', now };
  const taken = { amount: 7, currency: 'CNY' };

  /** The writes that go a way; none brings a payment to `failed` yet. */
  const writesTo: Partial<Record<PaymentState, ((orderId: OrderId) => Promise<boolean>)[]>> = {
    pending: [
      (orderId) => isTaken(markPending(tables.bookings, samplePayment('created', { orderId }), action)),
    ],
    captured: [
      (orderId) => {
        const seen = samplePayment('pending', { orderId });
        return isWritten(tables.bookings, markCaptured(tables.bookings, seen, money));
      },
      (orderId) => {
        const seen = samplePayment('pending', { orderId });
        return isWritten(tables.bookings, markOtherAmount(tables.bookings, seen, { ...money, taken }));
      },
    ],
    closed: [
      (orderId) =>
        isTaken(
          markClosed(tables.bookings, samplePayment('pending', { orderId }).paymentId, 'created-or-pending'),
        ),
      (orderId) => {
        const seen = samplePayment('pending', { orderId });
        return isTaken(
          markClosedByHand(tables.bookings, seen, { handled, unclosedSince: now, again: future }),
        );
      },
    ],
    partlyRefunded: [(orderId) => back(orderId, 1)],
    refunded: [(orderId) => back(orderId, samplePayment('captured').amount.amount)],
  };

  const back = (orderId: OrderId, paidBack: number) =>
    isWritten(
      tables.bookings,
      markPaidBack(tables.bookings, samplePayment('captured', { orderId }), paidBack),
    );

  /** Money that has come never comes again: only a refund that was taken back leads to `captured` then. */
  const writesOf = (from: PaymentState, to: PaymentState) =>
    to === 'captured' && (from === 'partlyRefunded' || from === 'refunded')
      ? [(orderId: OrderId) => back(orderId, 0)]
      : (writesTo[to] ?? []);

  test.each(['partlyRefunded', 'refunded'] as const)(
    'whose money came is not captured again: %s',
    async (from) => {
      for (const write of writesTo.captured ?? []) {
        const payment = samplePayment(from, { orderId: newOrderId() });
        await put(tables.bookings, {
          pk: `ORDER#${payment.orderId}`,
          sk: `PAYMENT#${payment.paymentId}`,
          ...payment,
        });
        expect(await write(payment.orderId)).toBe(false);
      }
    },
  );

  test.each(waysOf(paymentTransitions).filter(([, to]) => to !== 'failed'))(
    'goes from %s to %s only by its table',
    async (from, to) => {
      const go = async (write: (orderId: OrderId) => Promise<boolean>) => {
        const payment = samplePayment(from, { orderId: newOrderId(), expiresAt: now });
        const key = { pk: `ORDER#${payment.orderId}`, sk: `PAYMENT#${payment.paymentId}` };
        await put(tables.bookings, { ...key, ...payment });
        return write(payment.orderId);
      };
      const writes = writesOf(from, to);
      expect(writes).not.toEqual([]);
      for (const write of writes) expect(await go(write)).toBe(true);
      takeOut(paymentTransitions, from, to);
      for (const write of writes) expect(await go(write)).toBe(false);
    },
  );
});

describe('an order', () => {
  const write = (item: TransactItem): Promise<boolean> => isWritten(tables.bookings, item);

  const isAccepted = async (outcome: Promise<{ outcome: string }>): Promise<boolean> =>
    (await outcome).outcome === 'accepted';

  const begin: Partial<Record<OrderState, () => Promise<boolean>>> = {
    held: () => write(putHeldOrder(tables.bookings, sampleOrder('held', { orderId: newOrderId() }))),
    paid: () => write(putPaidOrder(tables.bookings, sampleOrder('paid', { orderId: newOrderId() }))),
    void: () => isAccepted(voidOrder(tables.bookings, newOrderId(), now)),
  };

  /** The write that takes a standing order a way. */
  const go = async (from: StandingState, to: OrderState): Promise<boolean> => {
    const { bookings } = tables;
    // T18 issues what is still held; the other ways are of holds that have run out, or of no hold.
    const expiresAt = from === 'held' && to === 'issued' ? future : now;
    const order = await storedOrder(bookings, from, { departsAt: future, expiresAt });
    const { orderId } = order;
    const paidBy = paymentIdOf(orderId, 1);
    const isLate = from === 'expired' || from === 'cancelled';
    switch (to) {
      case 'closing': {
        const endsOn = serviceDateSchema.parse('2026-12-01');
        return isAccepted(closeOrder(bookings, orderId, { endReason: 'expired', endsOn, now }));
      }
      case 'releasing':
        return write(
          giveUpSeats(bookings, { ...order, endReason: 'expired' }, { now, expiredBy: undefined }).write,
        );
      case 'expired':
      case 'cancelled':
        return write(endOrder(bookings, { ...order, endReason: to }, now).write);
      case 'paid':
        return write(
          isLate
            ? payLate(bookings, order, paidBy, { 1: { place: order.items['1']!.place } }, now)
            : payOrder(bookings, orderId, paidBy, now),
        );
      case 'issued':
        return write(
          (from === 'held' ? issueUnpaid : issueOrder)(
            bookings,
            order,
            { 1: ticketIdOf(orderId, order.items['1']!.itemId) },
            now,
          ),
        );
      case 'refunding':
        return write(
          isLate
            ? refundLate(bookings, orderId, paidBy, now)
            : refundOrder(bookings, order, { departed: false, now }),
        );
      case 'refunded':
        return write(markRefunded(bookings, order, now));
      default:
        throw new Error(`nothing brings an order from ${from} to ${to}`);
    }
  };

  test.each(waysOf<OrderState | 'absent'>(orderTransitions))(
    'goes from %s to %s only by its table',
    async (from, to) => {
      const attempt = () =>
        from === 'absent' ? begin[to as OrderState]!() : go(from as StandingState, to as OrderState);
      expect(await attempt()).toBe(true);
      takeOut<OrderState | 'absent'>(orderTransitions, from, to);
      expect(await attempt()).toBe(false);
    },
  );
});
