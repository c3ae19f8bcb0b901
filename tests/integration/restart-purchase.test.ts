import { restartPurchase } from '../../shared/upkeep/restart-purchase.ts';
import { readOrder } from '../../shared/orders/store.ts';
import { cancelOrder } from '../../shared/selling/cancel-order.ts';
import { userIdSchema } from '../../shared/platform/ids.ts';
import { purchaseWorld, type PurchaseWorld } from '../support/purchase-world.ts';

let world: PurchaseWorld;
beforeAll(async () => {
  world = await purchaseWorld();
});
afterAll(() => world.stop());

describe('a workflow that died', () => {
  test('is started again under the next number, by whoever is first and as often as it is asked', async () => {
    const orderId = await world.held(await world.openRun('2026-12-03', 1), [1]);
    const outcomes = await Promise.all([1, 2, 3].map(() => restartPurchase(world)(orderId, 1)));
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['accepted', 'accepted', 'accepted']);
    expect(new Set(world.woken)).toEqual(new Set([`start ${orderId}-2`]));
    expect(await restartPurchase(world)(orderId, 2)).toMatchObject({ outcome: 'accepted' });
    expect(await restartPurchase(world)(orderId, 1)).toMatchObject({ reason: 'not-needed' });
    expect(world.woken.at(-1)).toBe(`start ${orderId}-3`);
  });

  test('stays dead where nothing is left to do', async () => {
    const orderId = await world.held(await world.openRun('2026-12-04', 1), [2], { user: 'u' });
    await cancelOrder(world)(orderId, userIdSchema.parse('u'));
    expect(await restartPurchase(world)(orderId, 1)).toMatchObject({ reason: 'not-needed' });
  });

  test('is shown to a person when it dies again and again', async () => {
    const orderId = await world.held(await world.openRun('2026-12-05', 1), [3]);
    for (const ended of [1, 2, 3, 4]) await restartPurchase(world)(orderId, ended);
    expect(await restartPurchase(world)(orderId, 5)).toMatchObject({ reason: 'died-too-often' });
    expect(await readOrder(world.bookings, orderId, { consistent: true })).toMatchObject({
      state: 'held',
      attention: { kind: 'workflow-died', why: expect.stringContaining('died 5 times') },
    });
  });
});
