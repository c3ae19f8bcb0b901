import type { OrderIn } from '../../../shared/orders/model.ts';
import { grantOfOrder } from '../../../shared/orders/grant-store.ts';
import { testTables, type TestTables } from '../../support/dynamo.ts';
import { sampleOrder } from '../../support/sample-order.ts';
import { found, isWritten, keyOfOrder, now, standingStates, statesWritten, storedOrder } from './stored.ts';

let tables: TestTables;
beforeAll(async () => {
  tables = await testTables();
});
afterAll(() => tables.stop());

const grant = { grant: 'give_0123456789abcdef', now };

test('T40: money is given back of an issued order alone', async () => {
  const given = await statesWritten(standingStates, async (state) => {
    const { orderId, history } = await storedOrder(tables.bookings, state);
    const seen = { ...sampleOrder('issued', { orderId }), history };
    return isWritten(tables.bookings, grantOfOrder(tables.bookings, seen, grant));
  });
  expect(given).toEqual(['issued']);
});

test('T40: of several at once, one is given, and the others look again', async () => {
  const order = (await storedOrder(tables.bookings, 'issued')) as OrderIn<'issued'>;
  const write = () => isWritten(tables.bookings, grantOfOrder(tables.bookings, order, grant));
  expect([await write(), await write()]).toEqual([true, false]);
  const { history } = (await found(tables.bookings, keyOfOrder(order.orderId))) ?? {};
  expect(history).toEqual([
    ...order.history,
    { at: now, event: 'order-refund-granted', subject: grant.grant },
  ]);
});
