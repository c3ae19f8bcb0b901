import { PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { fareItems } from '../../shared/fares/store.ts';
import { readRun } from '../../shared/timetable/store.ts';
import { purchaseWorld, type PurchaseWorld } from '../support/purchase-world.ts';

let world: PurchaseWorld;
beforeAll(async () => {
  world = await purchaseWorld();
});
afterAll(() => world.stop());

test('a fare of nothing, as an earlier import may have stored it, is never held: there is no fare', async () => {
  const run = await world.openRun('2026-12-20', 2);
  const [from, , , to] = run.stops.map(({ stopId }) => stopId);
  const fares = { currency: 'CNY', byTrip: { '*': { second: 0 } } };
  for (const Item of fareItems(run.version, { pairs: [{ from: from!, to: to!, fares }], rate: undefined })) {
    await world.timetable.client.send(new PutCommand({ TableName: world.timetable.name, Item }));
  }
  expect(await readRun(world.timetable, run.runId)).toMatchObject({ state: 'open' });
  expect(await world.order(run, [1])).toEqual({ outcome: 'rejected', reason: 'no-fare' });
  expect(await world.order(run, [1, 2, 3])).toEqual({ outcome: 'rejected', reason: 'no-fare' });
  expect(await world.pieces(run)).toEqual([]);
  const { Items } = await world.bookings.client.send(new ScanCommand({ TableName: world.bookings.name }));
  expect(Items).toEqual([]);
});
