import { auditTables } from '../../shared/audit/scan.ts';
import { itemsOf } from '../../shared/orders/model.ts';
import { cancelOrder } from '../../shared/selling/cancel-order.ts';
import type { OrderId } from '../../shared/platform/ids.ts';
import { userIdSchema } from '../../shared/platform/ids.ts';
import { purchaseWorld, type PurchaseWorld } from '../support/purchase-world.ts';

let world: PurchaseWorld;
beforeAll(async () => {
  world = await purchaseWorld();
});
afterAll(() => world.stop());

const seatsOf = async (orderId: OrderId) =>
  itemsOf(await world.standing(orderId, 'held')).map(({ place }) => place.seat);

describe('wishes', () => {
  test('for letters, a window or an aisle are met, while there is such a seat', async () => {
    const run = await world.openRun('2026-12-20', 4);
    for (const n of [1, 2, 3, 4]) {
      expect(await seatsOf(await world.held(run, [n], { wishes: { letters: ['B'] } }))).toEqual([
        expect.stringMatching(/B$/),
      ]);
    }
    const [window] = await seatsOf(await world.held(run, [5], { wishes: { position: 'window' } }));
    expect(window).toMatch(/[AF]$/);
    const [aisle] = await seatsOf(await world.held(run, [6], { wishes: { position: 'aisle' } }));
    expect(aisle).toMatch(/[CD]$/);
    // No B is left: a seat all the same.
    expect(await seatsOf(await world.held(run, [7], { wishes: { letters: ['B'] } }))).toHaveLength(1);
  });

  test('a party sits side by side unless it would rather not, and apart where nothing else is left', async () => {
    const run = await world.openRun('2026-12-21', 2);
    const together = await seatsOf(await world.held(run, [11, 12, 13]));
    expect(new Set(together.map((seat) => seat.slice(0, -1))).size).toBe(1);
    const rest = await seatsOf(await world.held(run, [14, 15, 16, 17, 18, 19, 20]));
    expect(new Set([...together, ...rest]).size).toBe(10);
  });
});

describe('seats without numbers', () => {
  test('are sold once each on every stretch, given back, and sold again', async () => {
    const run = await world.openRun('2026-12-22', { count: 60 });
    const parties = Array.from({ length: 20 }, (_, party) => [0, 1, 2].map((n) => 100 + 3 * party + n));
    const orderIds = await Promise.all(parties.map((people) => world.held(run, people)));
    for (const orderId of orderIds) expect(await seatsOf(orderId)).toEqual(['', '', '']);
    expect(await world.order(run, [200])).toEqual({ outcome: 'rejected', reason: 'sold-out' });
    await cancelOrder(world.dependencies)(orderIds[0]!, userIdSchema.parse('user-100'));
    // As the event of the seats that came back does it.
    await world.count(run);
    await world.held(run, [201, 202], { from: 0, to: 1 });
    await world.held(run, [203, 204, 205], { from: 1, to: 3 });
    await world.held(run, [206], { from: 0, to: 1 });
    expect(await world.order(run, [207], { from: 0, to: 1 })).toMatchObject({ reason: 'sold-out' });
    await world.count(run);
    const report = await auditTables({ ...world.dependencies, secondLookMilliseconds: 1 });
    expect(
      report.findings.filter(({ subject }) => subject.kind === 'run' && subject.runId === run.runId),
    ).toEqual([]);
  });
});
