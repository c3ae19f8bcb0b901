import {
  paymentStates,
  type Doubt,
  type Payment,
  type PaymentIn,
  type PaymentRef,
  type PaymentState,
} from '../../../shared/payments/model.ts';
import { flagDispute, flagPayment, doubtPayment, dropDoubt } from '../../../shared/payments/doubts-store.ts';
import type { Written } from '../../../shared/payments/update-store.ts';
import { keepNotification } from '../../../shared/payments/notifications-store.ts';
import {
  applyToOrder,
  applyToRefund,
  askAgainAt,
  checkSettled,
  markCaptured,
  markClosed,
  markPaidBack,
  markPending,
  putPayment,
  takeRefundable,
} from '../../../shared/payments/store.ts';
import {
  attentionAttributes,
  type Attention,
  type AttentionKind,
} from '../../../shared/bookings/attention.ts';
import type { Item } from '../../../shared/platform/dynamo.ts';
import { paymentIdOf, type OrderId } from '../../../shared/platform/ids.ts';
import { samplePayment } from '../../support/sample-payment.ts';
import { testTables, type TestTables } from '../../support/dynamo.ts';
import { found, future, isTaken, isWritten, newOrderId, now, past, put, statesWritten } from './stored.ts';

let tables: TestTables;
beforeAll(async () => {
  tables = await testTables();
});
afterAll(() => tables.stop());

const keyOf = ({ orderId, paymentId }: PaymentRef) => ({
  pk: `ORDER#${orderId}`,
  sk: `PAYMENT#${paymentId}`,
});
const times = { createdAt: past, expiresAt: future };
const amount = { amount: 100, currency: 'CNY' };

/** A payment as it was read, whatever it is by now. */
const seenAs = <State extends PaymentState>(
  state: State,
  { orderId }: PaymentRef,
  more: Item = {},
): PaymentIn<State> => samplePayment(state, { orderId, amount, ...times, ...more });

const storedPayment = async <State extends PaymentState>(
  state: State,
  more: Item = {},
): Promise<PaymentIn<State>> => {
  const payment = samplePayment(state, { orderId: newOrderId(), amount, refundable: 100, ...times, ...more });
  await put(tables.bookings, { ...keyOf(payment), ...payment });
  return payment;
};

const stands = (payment: PaymentRef) => found(tables.bookings, keyOf(payment));

describe('a payment', () => {
  test('T6: is begun where there is none', async () => {
    const payment = await storedPayment('pending');
    const again = seenAs('created', payment);
    expect(await isWritten(tables.bookings, putPayment(tables.bookings, again))).toBe(false);
    expect(await stands(payment)).toMatchObject({ state: 'pending' });
  });

  test('T6: is handed out when it was only begun', async () => {
    const action = { kind: 'qr-code' as const, text: 'x' };
    const handedOut = await statesWritten(paymentStates, async (state) =>
      isTaken(markPending(tables.bookings, seenAs('created', await storedPayment(state)), action)),
    );
    expect(handedOut).toEqual(['created']);
  });

  test('T11: is captured whatever it was, but once', async () => {
    const taken = await statesWritten(paymentStates, async (state) => {
      const payment = seenAs('pending', await storedPayment(state));
      return isWritten(tables.bookings, markCaptured(tables.bookings, payment, { providerTrade: 't', now }));
    });
    expect(taken).toEqual(['created', 'pending', 'failed', 'closed']);
  });

  test.each([
    ['created', ['created']],
    ['created-or-pending', ['created', 'pending']],
  ] as const)('T12: is closed from %s', async (from, expected) => {
    const closed = await statesWritten(paymentStates, async (state) =>
      isTaken(markClosed(tables.bookings, (await storedPayment(state)).paymentId, from)),
    );
    expect(closed).toEqual(expected);
  });

  test('is asked about again only while it is due, so that it never comes back among what is', async () => {
    const payment = await storedPayment('closed');
    await askAgainAt(tables.bookings, payment.paymentId, future);
    expect(await stands(payment)).not.toHaveProperty('dueAt');
  });
});

describe('a payment that a person is asked about', () => {
  const dispute = { kind: 'amount-disputed', why: 'why', since: past } as const;

  test('in dispute is asked about for nothing else, but for another dispute', async () => {
    const payment = await storedPayment('captured', { attention: dispute });
    const call = (attention: Attention) => isTaken(flagPayment(tables.bookings, payment, attention));
    expect(await call({ kind: 'payment-unapplied', why: 'why', since: past })).toBe(false);
    expect(await call({ ...dispute, why: 'another' })).toBe(true);
    expect(await stands(payment)).toMatchObject({ attention: { why: 'another' } });
  });

  const doubtOf = (amount: number): Doubt => ({ since: past, told: { amount, currency: 'CNY' } });

  test.each<[string, (payment: PaymentIn<'closed'>, doubt: Doubt) => Promise<Written>]>([
    ['has settled', (payment, doubt) => dropDoubt(tables.bookings, payment, doubt, undefined)],
    [
      'is shown',
      (payment, doubt) =>
        flagDispute(tables.bookings, payment, doubt, { attention: dispute, askOn: undefined }),
    ],
  ])('is in doubt no more once a person %s that very doubt', async (_, end) => {
    const payment = await storedPayment('closed', { doubt: doubtOf(7) });
    const endsFor = (amount: number) => isTaken(end(payment, doubtOf(amount)));
    expect(await endsFor(8)).toBe(false);
    expect(await stands(payment)).toHaveProperty('doubt');
    expect(await endsFor(7)).toBe(true);
    expect(await stands(payment)).not.toHaveProperty('doubt');
    expect(await endsFor(7)).toBe(false);
  });

  test.each<[string, typeof dropDoubt]>([
    ['has settled', dropDoubt],
    [
      'is shown',
      (bookings, payment, doubt, askOn) =>
        flagDispute(bookings, payment, doubt, { attention: dispute, askOn }),
    ],
  ])('is asked about on, or never, as is said when a person %s that doubt', async (_, end) => {
    const doubt = doubtOf(7);
    const left = async (askOn: Parameters<typeof dropDoubt>[3]) => {
      const payment = await storedPayment('closed', {
        doubt,
        watchedSince: past,
        dueShard: 'DUE#0',
        dueAt: past,
      });
      expect(await isTaken(end(tables.bookings, payment, doubt, askOn))).toBe(true);
      const { dueShard, dueAt, watchedSince } = (await stands(payment)) ?? {};
      expect(dueShard === undefined).toBe(dueAt === undefined);
      return { dueAt, watchedSince };
    };
    expect(await left(undefined)).toEqual({});
    expect(await left({ again: future })).toEqual({ dueAt: future });
    expect(await left({ again: future, watchedSince: now })).toEqual({ dueAt: future, watchedSince: now });
  });

  test('is put in doubt as it was read: uncaptured, and in that doubt or in none', async () => {
    const doubted = await statesWritten(paymentStates, async (state) => {
      const seen = seenAs('pending', await storedPayment(state));
      return isTaken(doubtPayment(tables.bookings, seen, doubtOf(7), now));
    });
    expect(doubted).toEqual(['created', 'pending', 'failed', 'closed']);
    const payment = await storedPayment('closed', { doubt: doubtOf(7) });
    const unseen = seenAs('closed', payment);
    expect(await isTaken(doubtPayment(tables.bookings, unseen, doubtOf(8), now))).toBe(false);
    expect(await isTaken(doubtPayment(tables.bookings, payment, doubtOf(8), now))).toBe(true);
    expect(await stands(payment)).toMatchObject({ doubt: doubtOf(8), dueAt: now });
    expect(await isTaken(doubtPayment(tables.bookings, payment, doubtOf(9), now))).toBe(false);
  });
});

describe('money', () => {
  const uses = {
    'T9 and T10': (payment: PaymentIn<'captured'>) => applyToOrder(tables.bookings, payment, now),
    'T13 and T14': (payment: PaymentIn<'captured'>) => applyToRefund(tables.bookings, payment, now),
  };

  test.each(Object.entries(uses))('is used once, and only when it is there: %s', async (_, use) => {
    const notThere = await storedPayment('pending');
    await put(tables.bookings, { ...keyOf(notThere), ...notThere, refundable: 100 });
    expect(await isWritten(tables.bookings, use(seenAs('captured', notThere)))).toBe(false);
    const there = await storedPayment('captured');
    expect(await isWritten(tables.bookings, use(there))).toBe(true);
    expect(await isWritten(tables.bookings, use(there))).toBe(false);
    const used = await storedPayment('captured', { appliedAt: past });
    expect(await isWritten(tables.bookings, use(used))).toBe(false);
  });

  test.each(Object.entries(uses))('ends only what ends by itself: %s', async (_, use) => {
    const about = (kind: AttentionKind, orderId: OrderId) =>
      attentionAttributes(orderId, { kind, why: 'why', since: past });
    const there = async (kind: AttentionKind) => {
      const payment = await storedPayment('captured');
      const item = { ...keyOf(payment), ...payment, ...about(kind, payment.orderId) };
      await put(tables.bookings, item);
      return { seen: { ...payment, attention: item.attention }, unseen: payment };
    };
    const passes = await there('payment-unapplied');
    expect(await isWritten(tables.bookings, use(passes.seen))).toBe(true);
    expect(await stands(passes.seen)).not.toHaveProperty('attentionShard');
    const lasts = await there('amount-disputed');
    expect(await isWritten(tables.bookings, use(lasts.unseen))).toBe(false);
    expect(await isWritten(tables.bookings, use(lasts.seen))).toBe(true);
    expect(await stands(lasts.seen)).toMatchObject({
      appliedAt: now,
      attention: { kind: 'amount-disputed' },
    });
  });

  test('never goes back in a larger amount than is left of it', async () => {
    const less = await storedPayment('captured', { refundable: 99 });
    expect(await isWritten(tables.bookings, applyToRefund(tables.bookings, less, now))).toBe(false);
    const take = (amount: number) => takeRefundable(tables.bookings, less.paymentId, amount);
    expect(await isWritten(tables.bookings, take(100))).toBe(false);
    expect(await isWritten(tables.bookings, take(60))).toBe(true);
    expect(await isWritten(tables.bookings, take(40))).toBe(false);
    expect(await isWritten(tables.bookings, take(39))).toBe(true);
    expect(await stands(less)).toMatchObject({ refundable: 0 });
  });

  test('T16: goes back only when it came', async () => {
    const payment = await storedPayment('pending');
    await put(tables.bookings, { ...keyOf(payment), ...payment, refundable: 100 });
    expect(await isWritten(tables.bookings, takeRefundable(tables.bookings, payment.paymentId, 1))).toBe(
      false,
    );
  });

  test('T21: is counted as back only of a payment that has it', async () => {
    const marked = await statesWritten(paymentStates, async (state) => {
      const payment = seenAs('captured', await storedPayment(state, { refundable: 0 }), { refundable: 0 });
      return isWritten(tables.bookings, markPaidBack(tables.bookings, payment, payment.amount.amount));
    });
    expect(marked).toEqual(['captured', 'partlyRefunded', 'refunded']);
  });

  test('T21, T35, T39: says how much of it is back, by what was back when it was read', async () => {
    const payment = seenAs('captured', await storedPayment('captured', { refundable: 0 }));
    const { amount } = payment.amount;
    const back = (seen: number | undefined, now: number) =>
      isWritten(
        tables.bookings,
        markPaidBack(tables.bookings, { ...payment, ...(seen !== undefined && { paidBack: seen }) }, now),
      );
    expect(await back(0, 10)).toBe(false);
    expect(await back(undefined, 10)).toBe(true);
    expect(await stands(payment)).toMatchObject({ state: 'partlyRefunded', paidBack: 10 });
    expect(await back(undefined, amount)).toBe(false);
    expect(await back(9, amount)).toBe(false);
    expect(await back(10, amount)).toBe(true);
    expect(await stands(payment)).toMatchObject({ state: 'refunded', paidBack: amount });
    expect(await back(amount, 10)).toBe(true);
    expect(await stands(payment)).toMatchObject({ state: 'partlyRefunded', paidBack: 10 });
    expect(await back(10, 0)).toBe(true);
    expect(await stands(payment)).toMatchObject({ state: 'captured', paidBack: 0 });
  });
});

describe('T7, seats are given up', () => {
  const passes = async (read: Payment, more: Item) => {
    await put(tables.bookings, { ...keyOf(read), ...read, ...more });
    return isWritten(tables.bookings, checkSettled(tables.bookings, read));
  };

  test('not while a payment is otherwise than it was read', async () => {
    for (const state of paymentStates) {
      const read = await storedPayment(state, { appliedAt: past });
      const others = paymentStates.filter((other) => other !== state);
      expect(await statesWritten(others, (other) => passes(read, { state: other }))).toEqual([]);
      expect(await passes(read, {})).toBe(true);
    }
  });

  test('not while money waits for its use, though it was seen when the payment was read', async () => {
    const waits = await storedPayment('captured');
    expect(await passes(waits, {})).toBe(false);
    expect(await passes(waits, { appliedAt: now })).toBe(true);
  });

  test('not for a payment that is not there', async () => {
    const payment = await storedPayment('pending');
    const other = { ...payment, paymentId: paymentIdOf(payment.orderId, 2) };
    expect(await isWritten(tables.bookings, checkSettled(tables.bookings, other))).toBe(false);
  });
});

test('a notification is recorded once under the provider’s id', async () => {
  const payment = await storedPayment('pending');
  const write = () =>
    keepNotification(tables.bookings, { provider: 'alipay', notificationId: 'n-1', payment, now });
  expect(await isWritten(tables.bookings, write())).toBe(true);
  expect(await isWritten(tables.bookings, write())).toBe(false);
});
