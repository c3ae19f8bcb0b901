import { readAvailability, writeAvailability } from '../../shared/inventory/availability-store.ts';
import type { Availability } from '../../shared/inventory/model.ts';
import { seatsLeft, viewOf } from '../../shared/inventory/rules.ts';
import { keyOf, shardOfKey } from '../../shared/inventory/store.ts';
import { classSchema } from '../../shared/platform/ids.ts';
import { purchaseWorld, type PurchaseWorld } from '../support/purchase-world.ts';
import { rejected } from '../../shared/platform/outcome.ts';

const second = classSchema.parse('second');
const stretch = { from: 0, to: 3 };

let world: PurchaseWorld;
beforeAll(async () => {
  world = await purchaseWorld();
});
afterAll(() => world.stop());

test('a shard has another key in each generation of its run, and the first is as it always was', () => {
  const key = shardOfKey('G1~2026-12-01#second#3');
  expect(key).toMatchObject({ generation: 1, class: 'second', shard: 3 });
  expect(keyOf(key)).toBe('G1~2026-12-01#second#3');
  expect(keyOf({ ...key, generation: 2 })).toBe('G1~2026-12-01#second#3#2');
  expect(shardOfKey('G1~2026-12-01#second#3#2')).toEqual({ ...key, generation: 2 });
});

test('the seats of a run that has changed are counted anew, however often the old ones were', async () => {
  const run = await world.openRun('2026-12-03', 2);
  for (let n = 0; n < 3; n += 1) await world.count(run);
  const changed = { ...run, generation: 2, version: 'w' };
  expect(await world.count(changed)).toMatchObject({ generation: 2, version: 1, feedVersion: 'w' });
  // Whoever read the run before it changed comes late: nothing is overwritten, and nothing fails.
  expect(await world.count(run)).toBeUndefined();
  const views = await readAvailability(world.availability, [run.runId]);
  expect(views.get(run.runId)).toMatchObject({ generation: 2, version: 1 });
  const late = { ...(views.get(run.runId) as Availability), generation: 1, version: 99 };
  expect(await writeAvailability(world.availability, late)).toEqual(rejected('counted-meanwhile'));
});

test('a view of an earlier generation refuses nobody', async () => {
  const run = await world.openRun('2026-12-04', 1);
  const order = await world.held(run, [1, 2, 3, 4, 5]);
  await world.count(run);
  const view = (await readAvailability(world.availability, [run.runId])).get(run.runId);
  const left = (generation: number) =>
    seatsLeft(viewOf(view, { ...run, generation }), run.layout, second, 4, stretch);
  expect(order).toBeDefined();
  expect([left(1), left(2)]).toEqual([0, 5]);
});
