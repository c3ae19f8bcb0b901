import {
  flagOrder,
  storeTaskToken,
  raiseExecution,
  releaseDone,
} from '../../../shared/orders/marks-store.ts';
import { testTables, type TestTables } from '../../support/dynamo.ts';
import { found, keyOfOrder, now, put, standingStates, statesWritten, storedOrder } from './stored.ts';

let tables: TestTables;
beforeAll(async () => {
  tables = await testTables();
});
afterAll(() => tables.stop());

describe('the marks of an order', () => {
  test('a release is done only of the order as it was read: another writer may have put new seats in it', async () => {
    const read = await storedOrder(tables.bookings, 'expired', { dueShard: 'DUE#1', dueAt: now });
    await put(tables.bookings, { ...keyOfOrder(read.orderId), ...read, state: 'paid', paidBy: 'another' });
    await releaseDone(tables.bookings, read);
    expect(await found(tables.bookings, keyOfOrder(read.orderId))).toMatchObject({ dueShard: 'DUE#1' });
  });

  test('a release is not done of an issued order of which another ticket was given back since', async () => {
    const read = await storedOrder(tables.bookings, 'issued', { dueShard: 'DUE#1', dueAt: now });
    const history = [...read.history, { at: now, event: 'tickets-refunded' }];
    await put(tables.bookings, { ...keyOfOrder(read.orderId), ...read, history });
    await releaseDone(tables.bookings, read);
    expect(await found(tables.bookings, keyOfOrder(read.orderId))).toMatchObject({ dueShard: 'DUE#1' });
    await releaseDone(tables.bookings, { ...read, history } as typeof read);
    expect(await found(tables.bookings, keyOfOrder(read.orderId))).not.toHaveProperty('dueShard');
  });

  test('a token is kept on a held order, and on no other', async () => {
    const kept = await statesWritten(standingStates, async (state) => {
      const { orderId } = await storedOrder(tables.bookings, state);
      const keeping = await storeTaskToken(tables.bookings, orderId, 'token');
      const isKept = (await found(tables.bookings, keyOfOrder(orderId)))?.['taskToken'] === 'token';
      expect(keeping).toMatchObject(isKept ? { outcome: 'accepted' } : { order: { state } });
      return isKept;
    });
    expect(kept).toEqual(['held']);
  });

  test('a person is shown an order whose workflow has work left, and no other', async () => {
    const shown = await statesWritten(standingStates, async (state) => {
      const order = await storedOrder(tables.bookings, state);
      await flagOrder(tables.bookings, order, 'why', now);
      return (await found(tables.bookings, keyOfOrder(order.orderId)))?.['attention'] !== undefined;
    });
    expect(shown).toEqual(['held', 'closing', 'releasing', 'paid']);
  });

  test('of two who restart a workflow one is first', async () => {
    const { orderId } = await storedOrder(tables.bookings, 'held', { execution: 1 });
    expect(await raiseExecution(tables.bookings, orderId, 1)).toMatchObject({ outcome: 'accepted' });
    expect(await raiseExecution(tables.bookings, orderId, 1)).toMatchObject({ reason: 'raised-before' });
    expect(await found(tables.bookings, keyOfOrder(orderId))).toMatchObject({ execution: 2 });
  });
});
