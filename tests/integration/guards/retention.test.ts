import { setEnd } from '../../../shared/orders/partition-store.ts';
import type { Retention } from '../../../shared/orders/retention.ts';
import {
  markOver,
  lookAgain,
  markKeptOn,
  markLeaving,
  markStripped,
  putRetention,
  stripOrder,
} from '../../../shared/orders/retention-store.ts';
import { checkRefundAtRest, stripPayment } from '../../../shared/payments/retention-store.ts';
import type { Item, Table, TransactItem } from '../../../shared/platform/dynamo.ts';
import { stripTicket } from '../../../shared/tickets/store.ts';
import { sampleOrder, sampleTickets } from '../../support/sample-order.ts';
import { samplePayment } from '../../support/sample-payment.ts';
import { sampleRefund } from '../../support/sample-refund.ts';
import { testTables, type TestTables } from '../../support/dynamo.ts';
import { found, future, isWritten, keyOfOrder, newOrderId, now, past, put, storedOrder } from './stored.ts';

let tables: TestTables;
let bookings: Table;
beforeAll(async () => {
  tables = await testTables();
  ({ bookings } = tables);
});
afterAll(() => tables.stop());

const due = { dueShard: 'DUE#1', dueAt: now };
const asked = {
  attention: { kind: 'keeps-failing', why: 'a test', since: past },
  attentionShard: 'ATTENTION#0',
  attentionSince: past,
};
/** Which of the writes are taken: of an item as it was seen, in another state, due, and of one that asks for a person. */
const takenWhen = async (make: (more: Item) => Promise<TransactItem>, otherState: string) => {
  const taken: string[] = [];
  const ways = { 'as seen': {}, 'another state': { state: otherState }, due, asked };
  for (const [name, more] of Object.entries(ways))
    if (await isWritten(bookings, await make(more))) taken.push(name);
  return taken;
};

test('an order is stripped at rest and in the state in which it was seen alone', async () => {
  const make = async (more: Item) => {
    const order = await storedOrder(bookings, 'issued', more);
    return stripOrder(bookings, { ...order, state: 'issued' } as typeof order);
  };
  expect(await takenWhen(make, 'refunding')).toEqual(['as seen']);
});

test('a payment is stripped at rest and in the state in which it was seen alone', async () => {
  const make = async (more: Item) => {
    const payment = samplePayment('closed', { orderId: newOrderId() });
    const key = { pk: `ORDER#${payment.orderId}`, sk: `PAYMENT#${payment.paymentId}` };
    await put(bookings, { ...key, ...payment, ...more });
    return stripPayment(bookings, payment);
  };
  expect(await takenWhen(make, 'captured')).toEqual(['as seen']);
});

test('a refund must be at its end', async () => {
  const make = async (more: Item) => {
    const refund = sampleRefund('settled', { orderId: newOrderId() });
    const key = { pk: `ORDER#${refund.orderId}`, sk: `REFUND#${refund.refundNumber}` };
    await put(bookings, { ...key, ...refund, ...more });
    return checkRefundAtRest(bookings, refund);
  };
  expect(await takenWhen(make, 'failed')).toEqual(['as seen']);
});

test('any item is given an end at rest and as it was seen alone, and none that is not there', async () => {
  const make = async (more: Item) => {
    const key = keyOfOrder(newOrderId());
    await put(bookings, { ...key, state: 'issued', ...more });
    return setEnd(bookings, { ...key, state: 'issued' }, 1_900_000_000);
  };
  expect(await takenWhen(make, 'refunding')).toEqual(['as seen']);
  const withoutState = { ...keyOfOrder(newOrderId()), sk: 'SENT#1' };
  expect(await isWritten(bookings, setEnd(bookings, withoutState, 1_900_000_000))).toBe(false);
  await put(bookings, withoutState);
  expect(await isWritten(bookings, setEnd(bookings, withoutState, 1_900_000_000))).toBe(true);
});

test('a ticket keeps its seat and loses its passenger', async () => {
  const order = sampleOrder('issued', { orderId: newOrderId() });
  const [ticket] = sampleTickets(order);
  expect(await isWritten(bookings, stripTicket(bookings, ticket!, '张*'))).toBe(false);
  const key = { pk: `ORDER#${order.orderId}`, sk: 'TICKET#1' };
  const { code: _code, ...rest } = ticket!;
  await put(bookings, { ...key, ...ticket });
  expect(await isWritten(bookings, stripTicket(bookings, ticket!, '张*'))).toBe(true);
  expect(await found(bookings, key)).toEqual({ ...key, ...rest, passenger: { name: '张*' } });
});

describe('the end of an order’s data', () => {
  const stored = async (more: Item): Promise<{ seen: Retention; key: Item }> => {
    const orderId = newOrderId();
    const key = { pk: `ORDER#${orderId}`, sk: 'RETENTION' };
    const seen = { orderId, state: 'whole', dueAt: now } as const;
    await put(bookings, { ...key, ...seen, dueShard: 'DUE#1', documentKey: 'half', ...more });
    return { seen, key };
  };

  test.each([
    ['stripped', (seen: Retention) => markStripped(bookings, seen, future)],
    ['leaving', (seen: Retention) => markLeaving(bookings, seen, 1_900_000_000, future)],
    ['stripped', (seen: Retention) => markKeptOn(bookings, seen, future)],
  ])('becomes %s as it was seen alone, and stays due', async (state, step) => {
    for (const more of [{ state: 'over' }, { dueAt: past }]) {
      const { seen } = await stored(more);
      expect(await isWritten(bookings, step(seen))).toBe(false);
    }
    const { seen, key } = await stored(asked);
    expect(await isWritten(bookings, step(seen))).toBe(true);
    const stands = await found(bookings, key);
    expect(stands).toMatchObject({ state, dueAt: future, dueShard: expect.stringMatching(/^DUE#\d+$/) });
    for (const name of Object.keys(asked)) expect(stands).not.toHaveProperty(name);
  });

  test('is put off and let go while it is due as it was seen', async () => {
    const other = await stored({ dueAt: past });
    await lookAgain(bookings, other.seen, future);
    await markOver(bookings, other.seen, 1_900_000_000);
    expect(await found(bookings, other.key)).toMatchObject({ state: 'whole', dueAt: past });
    const { seen, key } = await stored({});
    await lookAgain(bookings, seen, future);
    expect(await found(bookings, key)).toMatchObject({ state: 'whole', dueAt: future, dueShard: 'DUE#1' });
    await markOver(bookings, { ...seen, dueAt: future }, 1_900_000_000);
    const stands = await found(bookings, key);
    expect(stands).toMatchObject({ state: 'over', ttl: 1_900_000_000 });
    expect(stands).not.toHaveProperty('dueAt');
    expect(stands).not.toHaveProperty('dueShard');
  });

  test('is committed due, in the shard of its order', async () => {
    const orderId = newOrderId();
    const write = putRetention(bookings, orderId, { documentKey: 'half', dueAt: future });
    expect(await isWritten(bookings, write)).toBe(true);
    expect(await found(bookings, { pk: `ORDER#${orderId}`, sk: 'RETENTION' })).toMatchObject({
      state: 'whole',
      documentKey: 'half',
      dueAt: future,
      dueShard: expect.stringMatching(/^DUE#\d+$/),
    });
  });
});
