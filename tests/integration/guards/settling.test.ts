import { markClosedByHand } from '../../../shared/payments/close-by-hand-store.ts';
import { askNoMore, watchOn } from '../../../shared/payments/watch-store.ts';
import {
  paymentStates,
  type PaymentIn,
  type PaymentState,
  type RefundState,
} from '../../../shared/payments/model.ts';
import {
  beginSettling,
  giveBack,
  markSettled,
  retryRefund,
} from '../../../shared/payments/settling-store.ts';
import type { Handled } from '../../../shared/bookings/attention.ts';
import type { Item } from '../../../shared/platform/dynamo.ts';
import { samplePayment } from '../../support/sample-payment.ts';
import { refundStates, sampleRefund } from '../../support/sample-refund.ts';
import { testTables, type TestTables } from '../../support/dynamo.ts';
import { found, future, isTaken, isWritten, newOrderId, now, past, put, statesWritten } from './stored.ts';

/* What people do about money: each write is one person's, and of what that person saw. */

let tables: TestTables;
beforeAll(async () => {
  tables = await testTables();
});
afterAll(() => tables.stop());

const handled: Handled = { at: now, by: 'zhang', did: 'settled', reason: 'seen to' };
const attention = { kind: 'refund-declined', why: 'why', since: now } as const;

describe('a refund', () => {
  const stored = async (state: RefundState, more: Item = {}) => {
    const refund = sampleRefund(state, { orderId: newOrderId(), requestedAt: now, attempts: 2, ...more });
    const key = { pk: `ORDER#${refund.orderId}`, sk: `REFUND#${refund.refundNumber}` };
    await put(tables.bookings, { ...key, ...refund, dueShard: 'DUE#0', dueAt: now });
    return {
      /** It as a person saw it, whatever it is by now. */
      seen: <Seen extends RefundState>(as: Seen, seen: Item = {}) =>
        sampleRefund(as, { orderId: refund.orderId, attempts: 2, ...seen }),
      read: () => found(tables.bookings, key),
    };
  };
  const begin = async (
    state: RefundState,
    unconfirmedSince: typeof now | undefined = undefined,
    asSeen: Item = {},
  ) => {
    const { seen } = await stored(state);
    const taken = { handled, attention, unconfirmedSince };
    return isTaken(beginSettling(tables.bookings, seen('failed', asSeen), taken));
  };

  test('T33, T34: is sent again, or taken in hand, once it has failed, with the attempts that were seen', async () => {
    const retried = await statesWritten(refundStates, async (state) =>
      isTaken(
        retryRefund(tables.bookings, (await stored(state)).seen('failed'), { handled, attention, now }),
      ),
    );
    expect(retried).toEqual(['failed']);
    expect(await statesWritten(refundStates, (state) => begin(state))).toEqual(['failed']);
    expect(await begin('failed', undefined, { attempts: 1 })).toBe(false);
  });

  test('T34: is taken in hand unconfirmed as well when it is as old as that', async () => {
    const states = ['requested', 'submitted', 'failed'];
    expect(await statesWritten(refundStates, (state) => begin(state, now))).toEqual(states);
    expect(await statesWritten(refundStates, (state) => begin(state, future))).toEqual(states);
    expect(await statesWritten(refundStates, (state) => begin(state, past))).toEqual(['failed']);
    expect(await begin('submitted', now, { attempts: 1 })).toBe(false);
  });

  test('T35, T37: is settled, or given back, by whoever has it in hand', async () => {
    const ends = {
      settled: async (state: RefundState, settledBy: string) => {
        const { seen } = await stored(state, { settledBy });
        const settled = { handled, again: future };
        return isWritten(tables.bookings, markSettled(tables.bookings, seen('settling'), settled));
      },
      'given back': async (state: RefundState, settledBy: string) => {
        const { seen } = await stored(state, { settledBy, handled: [handled] });
        return isTaken(
          giveBack(tables.bookings, seen('settling', { handled: [handled] }), { handled, attention }),
        );
      },
    };
    for (const end of Object.values(ends)) {
      expect(await statesWritten(refundStates, (state) => end(state, 'zhang'))).toEqual(['settling']);
      expect(await end('settling', 'li')).toBe(false);
    }
  });

  test('T37: waits for a person again when it was given back, and is in no hands', async () => {
    const { seen, read } = await stored('settling', { settledBy: 'zhang', handled: [handled] });
    const give = (before: Handled[]) =>
      isTaken(giveBack(tables.bookings, seen('settling', { handled: before }), { handled, attention }));
    // It was given back and taken in hand anew since: that request comes late.
    expect(await give([])).toBe(false);
    expect(await give([handled])).toBe(true);
    expect(await read()).toMatchObject({ state: 'failed', attention, attentionSince: now, dueAt: now });
    expect(await read()).not.toHaveProperty('settledBy');
  });
});

describe('a payment', () => {
  const stored = async (state: PaymentState, more: Item = {}) => {
    const times = { createdAt: past, expiresAt: now };
    const { orderId, ...payment } = samplePayment(state, { orderId: newOrderId(), ...times, ...more });
    const key = { pk: `ORDER#${orderId}`, sk: `PAYMENT#${payment.paymentId}` };
    await put(tables.bookings, { ...key, orderId, ...payment, dueShard: 'DUE#0', dueAt: now });
    return {
      /** It as it was read, whatever it is by now. */
      seen: <Seen extends PaymentState>(as: Seen) => samplePayment(as, { orderId, ...times }),
      read: () => found(tables.bookings, key),
    };
  };
  const close = async (state: PaymentState, unclosedSince = now) =>
    isTaken(
      markClosedByHand(tables.bookings, (await stored(state)).seen('pending'), {
        handled,
        unclosedSince,
        again: future,
      }),
    );

  test('T38: is closed by hand when it is unfinished, and ran out by then', async () => {
    expect(await statesWritten(paymentStates, (state) => close(state))).toEqual(['created', 'pending']);
    expect(await statesWritten(paymentStates, (state) => close(state, past))).toEqual([]);
  });

  const writes = {
    'asked about no more': (payment: PaymentIn<'closed'>) => askNoMore(tables.bookings, payment),
    'asked about on': (payment: PaymentIn<'closed'>) => watchOn(tables.bookings, payment, future),
  };

  test.each(Object.entries(writes))('is %s only as it was seen, and not in doubt', async (_, write) => {
    const written = await statesWritten(paymentStates, async (state) =>
      isTaken(write((await stored(state)).seen('closed'))),
    );
    expect(written).toEqual(['closed']);
    const isWrittenTo = async (more: Item) => {
      const { seen, read } = await stored('closed', more);
      const outcome = await isTaken(write({ ...seen('closed'), watchedSince: past }));
      expect((await read())?.['dueAt'] === now).toBe(!outcome);
      return outcome;
    };
    expect(await isWrittenTo({ watchedSince: past })).toBe(true);
    expect(await isWrittenTo({ watchedSince: now })).toBe(false);
    expect(await isWrittenTo({})).toBe(false);
    const doubt = { since: past, told: { amount: 7, currency: 'CNY' } };
    expect(await isWrittenTo({ watchedSince: past, doubt })).toBe(false);
    const { seen } = await stored('closed', { watchedSince: past });
    expect(await isTaken(write(seen('closed')))).toBe(false);
  });
});
