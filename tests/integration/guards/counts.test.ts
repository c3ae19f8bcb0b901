import { noCounts, type UserCounts } from '../../../shared/orders/budgets.ts';
import {
  countEnded,
  countHeld,
  countPaid,
  countPaidLate,
  countRefunded,
  readCounts,
} from '../../../shared/orders/counts-store.ts';
import type { CommittedOrder } from '../../../shared/orders/model.ts';
import type { Item, TransactItem } from '../../../shared/platform/dynamo.ts';
import { runIdSchema, serviceDateSchema, userIdSchema } from '../../../shared/platform/ids.ts';
import { testTables, type TestTables } from '../../support/dynamo.ts';
import { sampleOrder } from '../../support/sample-order.ts';
import { found, isWritten, newOrderId, put } from './stored.ts';

let tables: TestTables;
beforeAll(async () => {
  tables = await testTables();
});
afterAll(() => tables.stop());

const runId = runIdSchema.parse('G1~2026-12-20');
const day = (text: string) => serviceDateSchema.parse(text);
const today = day('2026-12-01');
const budgets = { openOrdersMax: 10, endedOrdersPerDayMax: 3, seatsPerRunMax: 5 };

let users = 0;
/** A user whose item has these counts. */
const userWith = async (counts: Item) => {
  const userId = userIdSchema.parse(`counted-${(users += 1)}`);
  const key = { pk: `USER#${userId}`, sk: 'OPEN' };
  await put(tables.bookings, { ...key, ...counts });
  const stands = async () => {
    const { pk: _pk, sk: _sk, ttl: _ttl, ...item } = (await found(tables.bookings, key)) ?? {};
    return item;
  };
  const holds = (seats: number, counted: UserCounts = noCounts) =>
    isWritten(
      tables.bookings,
      countHeld(tables.bookings, userId, { wish: { runId, seats, today }, counts: counted, budgets }),
    );
  return { userId, stands, holds };
};

describe('T2, whatever was read before', () => {
  test('a user has no more seats on a run than the carrier allows: the whole party counts', async () => {
    const { holds, stands } = await userWith({});
    expect([await holds(3), await holds(3), await holds(2), await holds(1)]).toEqual([
      true,
      false,
      true,
      false,
    ]);
    expect(await stands()).toEqual({ openOrders: 2, [`seats#${runId}`]: 5 });
  });

  test('a user whose orders ended as often as they may that day holds nothing more, and did on another', async () => {
    const tired = await userWith({ [`ended#${today}`]: 3 });
    expect(await tired.holds(1)).toBe(false);
    const rested = await userWith({ [`ended#${today}`]: 2, 'ended#2026-11-30': 3 });
    expect(await rested.holds(1)).toBe(true);
  });

  test('takes away what is over and what is empty, and not what has come to be of use meanwhile', async () => {
    const other = 'seats#G2~2026-12-20';
    const { userId, holds, stands } = await userWith({ 'ended#2026-11-01': 1, [other]: 0 });
    const counted = await readCounts(tables.bookings, userId);
    await put(tables.bookings, { pk: `USER#${userId}`, sk: 'OPEN', 'ended#2026-11-01': 1, [other]: 1 });
    expect(await holds(1, counted)).toBe(false);
    expect(await stands()).toEqual({ 'ended#2026-11-01': 1, [other]: 1 });
    expect(await holds(1, await readCounts(tables.bookings, userId))).toBe(true);
    expect(await stands()).toEqual({ openOrders: 1, [`seats#${runId}`]: 1, [other]: 1 });
  });

  test('counts on where the user had seats of this very run before, and has none now', async () => {
    const { userId, holds, stands } = await userWith({ [`seats#${runId}`]: 0 });
    const counts = await readCounts(tables.bookings, userId);
    // DynamoDB refuses to add to what it takes away, and no emulator does.
    const write = countHeld(tables.bookings, userId, { wish: { runId, seats: 2, today }, counts, budgets });
    expect(write.Update?.UpdateExpression).not.toContain('REMOVE');
    expect(await holds(2, counts)).toBe(true);
    expect(await stands()).toEqual({ openOrders: 1, [`seats#${runId}`]: 2 });
  });

  test('takes away so much at once that one write can name it', async () => {
    const runs = Array.from({ length: 200 }, (_, n) => `seats#G${n + 10}~2026-12-20`);
    const { userId, holds, stands } = await userWith(Object.fromEntries(runs.map((run) => [run, 0])));
    expect(await holds(1, await readCounts(tables.bookings, userId))).toBe(true);
    const left = Object.keys(await stands()).filter((name) => runs.includes(name));
    expect(left).toHaveLength(160);
  });
});

describe('what an order counts for its user', () => {
  /** Two passengers. */
  const order = (userId: string): CommittedOrder =>
    ({
      ...sampleOrder('closing', { orderId: newOrderId() }),
      userId,
      runId,
      endsOn: today,
    }) as CommittedOrder;
  const before = { openOrders: 4, [`seats#${runId}`]: 4, [`ended#${today}`]: 1 };

  test.each<[string, (order: CommittedOrder) => TransactItem, Item]>([
    [
      'T8, ended',
      (each) => countEnded(tables.bookings, each),
      { openOrders: 3, [`seats#${runId}`]: 2, [`ended#${today}`]: 2 },
    ],
    ['T9, paid', (each) => countPaid(tables.bookings, each), { ...before, openOrders: 3 }],
    [
      'T10, paid late',
      (each) => countPaidLate(tables.bookings, each),
      { ...before, [`seats#${runId}`]: 6, [`ended#${today}`]: 0 },
    ],
    ['T16, goes back', (each) => countRefunded(tables.bookings, each), { ...before, [`seats#${runId}`]: 2 }],
  ])('%s', async (_, write, after) => {
    const { userId, stands } = await userWith(before);
    expect(await isWritten(tables.bookings, write(order(userId)))).toBe(true);
    expect(await stands()).toEqual(after);
  });
});
