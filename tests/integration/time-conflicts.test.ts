import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { auditTables } from '../../shared/audit/scan.ts';
import { readCounts } from '../../shared/orders/counts-store.ts';
import { userIdSchema } from '../../shared/platform/ids.ts';
import { cancelOrder } from '../../shared/selling/cancel-order.ts';
import { cleanUp } from '../../shared/upkeep/clean-up.ts';
import { by } from '../support/faulty-table.ts';
import { orderFor } from '../support/order-for.ts';
import { purchaseWorld, type PurchaseWorld } from '../support/purchase-world.ts';

let world: PurchaseWorld;
beforeEach(async () => {
  world = await purchaseWorld();
});
afterEach(() => world.stop());

const user = 'curious';
const userId = userIdSchema.parse(user);
const counts = () => readCounts(world.bookings, userId);
const refusedFor = (reason: string) => ({ outcome: 'rejected', reason });
const expectClean = async (run: Awaited<ReturnType<PurchaseWorld['openRun']>>) => {
  await cleanUp(world.dependencies)({ hasTime: () => true });
  await world.count(run);
  expect((await auditTables({ ...world.dependencies, secondLookMilliseconds: 1 })).findings).toEqual([]);
};

describe('refusals because a passenger travels at that time', () => {
  const told = refusedFor('passenger-time-conflict');
  const unavailable = refusedFor('passenger-unavailable');
  const asked = async () => (await counts()).asked.get('2026-12-01')?.size ?? 0;

  test('are told five times a day; then every request is answered alike, whether the passenger travels or not', async () => {
    const run = await world.openRun('2026-12-20', 4);
    await world.held(run, [1, 2, 3, 4, 5, 6], { user: 'traveller' });
    for (const n of [1, 2, 3, 4, 5]) expect(await world.order(run, [n], { user })).toEqual(told);
    const before = await counts();
    expect(await world.order(run, [6], { user })).toEqual(unavailable);
    expect(await world.order(run, [7], { user })).toEqual(unavailable);
    expect(await counts()).toEqual(before);
    expect(await world.order(run, [7], { user: 'another' })).toMatchObject({ outcome: 'accepted' });
    world.pass(86_400);
    expect(await world.order(run, [6], { user })).toEqual(told);
    await expectClean(run);
  });

  test('are told no more often when they are asked for at once', async () => {
    const run = await world.openRun('2026-12-20', 4);
    const people = Array.from({ length: 9 }, (_, n) => n + 1);
    await world.held(run, people, { user: 'traveller' });
    const answers = await Promise.all(people.map((n) => world.order(run, [n], { user })));
    expect(answers.filter((each) => 'reason' in each && each.reason === told.reason)).toHaveLength(5);
  });

  test('count once for a question that is asked again and again, and once more for each other one', async () => {
    const run = await world.openRun('2026-12-20', 4);
    await world.held(run, [1, 2], { user: 'traveller' });
    for (let n = 0; n < 7; n += 1) expect(await world.order(run, [1, 2], { user })).toEqual(told);
    expect(await world.order(run, [2, 1], { user })).toEqual(told);
    expect(await asked()).toBe(1);
    expect(await world.order(run, [1], { user })).toEqual(told);
    expect(await asked()).toBe(2);
    // On the same run, and still another question: when on its way does he travel?
    expect(await world.order(run, [1], { user, to: 1 })).toEqual(told);
    expect(await asked()).toBe(3);
    expect(await world.order(run, [3], { user })).toMatchObject({ outcome: 'accepted' });
  });

  test('do not count where it is the user’s own order: its answer was lost, and it is asked for anew', async () => {
    const run = await world.openRun('2026-12-20', 4);
    const mine = await world.held(run, [1, 2], { user });
    for (const people of [[1], [2], [1, 2], [1, 3], [2, 3], [1, 4]])
      expect(await world.order(run, people, { user })).toEqual(told);
    expect(await asked()).toBe(0);
    await cancelOrder(world)(mine, userId);
    expect(await world.order(run, [1, 3], { user })).toMatchObject({ outcome: 'accepted' });
    await expectClean(run);
  });

  test('count where one of the passengers travels by an order of somebody else', async () => {
    const run = await world.openRun('2026-12-20', 4);
    await world.held(run, [1], { user });
    await world.held(run, [2], { user: 'traveller' });
    expect(await world.order(run, [1, 2], { user })).toEqual(told);
    expect(await asked()).toBe(1);
  });

  test('that the commit finds are counted as well, and one document twice is not', async () => {
    const run = await world.openRun('2026-12-20', 4);
    let isFirst = true;
    const bookings = by(world.bookings, async (command, send) => {
      if (command instanceof TransactWriteCommand && isFirst) {
        isFirst = false;
        await world.held(run, [1], { user: 'traveller' });
      }
      return send(command);
    });
    expect(await orderFor({ ...world.dependencies, bookings }, run, [1], { user })).toEqual(told);
    expect(await world.order(run, [2, 2], { user })).toEqual(told);
    expect(await asked()).toBe(1);
  });
});
