import type { RefundState } from '../../../shared/payments/model.ts';
import {
  markFailed,
  markNoticed,
  markSending,
  markSubmitted,
  markSucceeded,
  putRefund,
} from '../../../shared/payments/refunds-store.ts';
import { markReturned, markSurplusReturned, retryRefund } from '../../../shared/payments/settling-store.ts';
import type { Item, TransactItem } from '../../../shared/platform/dynamo.ts';
import { plusSeconds, type Instant } from '../../../shared/platform/time.ts';
import { testTables, type TestTables } from '../../support/dynamo.ts';
import { refundStates, sampleRefund } from '../../support/sample-refund.ts';
import { found, future, isTaken, isWritten, newOrderId, now, put, statesWritten } from './stored.ts';

let tables: TestTables;
beforeAll(async () => {
  tables = await testTables();
});
afterAll(() => tables.stop());

describe('a refund', () => {
  const stored = async (state: RefundState) => {
    const refund = sampleRefund(state, { orderId: newOrderId() });
    const key = { pk: `ORDER#${refund.orderId}`, sk: `REFUND#${refund.refundNumber}` };
    await put(tables.bookings, { ...key, ...refund, dueShard: 'DUE#0', dueAt: now });
    return {
      /** It as it was read, whatever it is by now. */
      seen: <Seen extends RefundState>(as: Seen) => sampleRefund(as, { orderId: refund.orderId }),
      read: () => found(tables.bookings, key),
    };
  };

  test('is intended once', async () => {
    const { seen } = await stored('submitted');
    expect(await isWritten(tables.bookings, putRefund(tables.bookings, seen('requested')))).toBe(false);
  });

  test('is asked for until it is done or refused', async () => {
    const asked = await statesWritten(refundStates, async (state) => {
      const { seen, read } = await stored(state);
      await markSubmitted(tables.bookings, seen('requested'), {
        again: future,
        declined: undefined,
        isDecline: false,
      });
      return (await read())?.['attempts'] === 1;
    });
    expect(asked).toEqual(['requested', 'submitted']);
  });

  test('is sent while it is asked for, as it was seen, and once within the terms', async () => {
    const earlier = plusSeconds(now, -60);
    const sends = { now, sentBefore: earlier, again: future };
    const sent = await statesWritten(refundStates, async (state) => {
      const { seen, read } = await stored(state);
      const isSent = await isTaken(markSending(tables.bookings, seen('requested'), sends));
      return isSent && (await read())?.['state'] === 'submitted' && (await read())?.['sentAt'] === now;
    });
    expect(sent).toEqual(['requested', 'submitted']);
    const { seen } = await stored('requested');
    const other = { ...seen('requested'), attempts: 1 };
    expect(await isTaken(markSending(tables.bookings, other, sends))).toBe(false);
    const all = [1, 2, 3].map(() => isTaken(markSending(tables.bookings, seen('requested'), sends)));
    expect((await Promise.all(all)).filter(Boolean)).toHaveLength(1);
    expect(await isTaken(markSending(tables.bookings, seen('submitted'), sends))).toBe(false);
    const later = { ...sends, sentBefore: now };
    expect(await isTaken(markSending(tables.bookings, seen('submitted'), later))).toBe(true);
  });

  test('that the provider tells us of is due in every state, and is not confirmed by an earlier answer', async () => {
    const told = await statesWritten(refundStates, async (state) => {
      const { seen, read } = await stored(state);
      await markNoticed(tables.bookings, seen(state), future);
      const { dueAt, noticedAt } = (await read()) ?? {};
      return dueAt === future && noticedAt === future;
    });
    expect(told).toEqual(refundStates);
    const { seen } = await stored('submitted');
    await markNoticed(tables.bookings, seen('submitted'), future);
    const confirm = (noticedAt?: Instant) =>
      isWritten(
        tables.bookings,
        markSucceeded(tables.bookings, { ...seen('submitted'), ...(noticedAt && { noticedAt }) }, now),
      );
    expect(await confirm()).toBe(false);
    expect(await confirm(now)).toBe(false);
    expect(await confirm(future)).toBe(true);
  });

  test('T39: is owed again only after it was back, and then is neither confirmed nor sent', async () => {
    const attention = { kind: 'refund-declined', why: 'why', since: now } as const;
    const returned = { why: 'why', attention, now, again: future };
    const owed = await statesWritten(refundStates, async (state) =>
      isWritten(
        tables.bookings,
        markReturned(tables.bookings, (await stored(state)).seen('succeeded'), returned),
      ),
    );
    expect(owed).toEqual(['succeeded']);
    const { seen, read } = await stored('succeeded');
    await isWritten(tables.bookings, markReturned(tables.bookings, seen('succeeded'), returned));
    expect(await read()).toMatchObject({ state: 'failed', returnedAt: now, attentionSince: now });
    expect(await isWritten(tables.bookings, markSucceeded(tables.bookings, seen('failed'), now))).toBe(false);
    const handled = { at: now, by: 'zhang', did: 'retried', reason: 'why' } as const;
    const retry = retryRefund(tables.bookings, seen('failed'), { handled, attention, now });
    expect(await isTaken(retry)).toBe(false);
  });

  test('T39: stays in the hands of whoever may have paid it, and is owed no more if a person has', async () => {
    const attention = { kind: 'refund-settling', why: 'why', since: now } as const;
    const returned = { why: 'why', attention, now, again: future };
    const { seen, write, read } = await inHands();
    expect(await write(markReturned(tables.bookings, seen(), returned))).toBe(false);
    expect(await write(markReturned(tables.bookings, seen({ settledBy: 'li' }), returned))).toBe(false);
    expect(await write(markReturned(tables.bookings, seen({ settledBy: 'zhang' }), returned))).toBe(true);
    expect(await read()).toMatchObject({ state: 'settling', settledBy: 'zhang', returnedAt: now });

    const surplus = { attention, now };
    const [once, twice] = [await inHands(), await inHands({ overpaidAt: now })];
    expect(await once.write(markSurplusReturned(tables.bookings, once.seen(), surplus))).toBe(false);
    expect(
      await twice.write(markReturned(tables.bookings, twice.seen({ settledBy: 'zhang' }), returned)),
    ).toBe(false);
    expect(await twice.write(markSurplusReturned(tables.bookings, twice.seen(), surplus))).toBe(true);
    expect(await twice.read()).toMatchObject({ state: 'succeeded', overpaidAt: now, returnedAt: now });
    expect((await twice.read())?.['dueAt']).toBeUndefined();
    expect(await twice.write(markSurplusReturned(tables.bookings, twice.seen(), surplus))).toBe(false);
    const settled = sampleRefund('settled', { orderId: twice.orderId });
    expect(await twice.write(markSurplusReturned(tables.bookings, settled, surplus))).toBe(false);
  });

  /** One that the provider has paid while zhang had it in hand. */
  const inHands = async (more: Item = {}) => {
    const refund = sampleRefund('succeeded', { orderId: newOrderId(), settledBy: 'zhang', ...more });
    const key = { pk: `ORDER#${refund.orderId}`, sk: `REFUND#${refund.refundNumber}` };
    await put(tables.bookings, { ...key, ...refund, dueShard: 'DUE#0', dueAt: now });
    return {
      orderId: refund.orderId,
      seen: (as: Item = {}) => sampleRefund('succeeded', { orderId: refund.orderId, ...as }),
      write: (item: TransactItem) => isWritten(tables.bookings, item),
      read: () => found(tables.bookings, key),
    };
  };

  test('is declined for good only while it is asked for', async () => {
    const attention = { kind: 'refund-declined', why: 'why', since: now } as const;
    const declined = await statesWritten(refundStates, async (state) =>
      isTaken(
        markFailed(tables.bookings, (await stored(state)).seen('submitted'), {
          why: 'why',
          attention,
          again: future,
        }),
      ),
    );
    expect(declined).toEqual(['requested', 'submitted']);
  });

  test('T21: is done once, also after it was refused or while a person settles it', async () => {
    const done = await statesWritten(refundStates, async (state) =>
      isWritten(
        tables.bookings,
        markSucceeded(tables.bookings, (await stored(state)).seen('submitted'), now),
      ),
    );
    expect(done).toEqual(['requested', 'submitted', 'failed', 'settling']);
  });
});
