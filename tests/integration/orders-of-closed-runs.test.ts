import { auditTables } from '../../shared/audit/scan.ts';
import { readCounts } from '../../shared/orders/counts-store.ts';
import { userIdSchema } from '../../shared/platform/ids.ts';
import { closeRun } from '../../shared/runs/close-run.ts';
import { cancelOrder } from '../../shared/selling/cancel-order.ts';
import { purchaseWorld, type PurchaseWorld } from '../support/purchase-world.ts';

/** Orders that are held on a run which the carrier then closes: nobody pays for it, and nobody pays for that. */
let world: PurchaseWorld;
beforeEach(async () => {
  world = await purchaseWorld();
});
afterEach(() => world.stop());

const user = 'patient';
const userId = userIdSchema.parse(user);
const counts = () => readCounts(world.bookings, userId);

test('they may expire or be cancelled as often as it happens, and the user buys another run', async () => {
  const closed = await world.openRun('2026-12-20', 2);
  const other = await world.openRun('2026-12-21', 2);
  const orders = [];
  for (const n of [1, 2, 3]) orders.push(await world.held(closed, [n], { user }));
  await closeRun(world.dependencies, closed.runId);
  await cancelOrder(world)(orders[0]!, userId);
  world.pass(1300);
  await world.sweep();
  for (const orderId of orders.slice(1))
    expect((await world.standing(orderId, 'expired')).endsOn).toBeUndefined();
  expect(await counts()).toMatchObject({ openOrders: 0, ended: new Map() });
  await world.held(other, [4], { user });
  const { findings } = await auditTables({ ...world.dependencies, secondLookMilliseconds: 1 });
  expect(findings.filter(({ invariant }) => invariant === 'ended-count')).toEqual([]);
});

test('no payment is begun for them, and none more for one whose payment was begun before', async () => {
  const run = await world.openRun('2026-12-20', 2);
  const [first, second] = [await world.held(run, [1], { user }), await world.held(run, [2], { user })];
  await world.pay(first);
  await closeRun(world.dependencies, run.runId);
  await expect(world.pay(second)).rejects.toThrow('not-on-sale');
  await expect(world.pay(first)).rejects.toThrow('not-on-sale');
});
