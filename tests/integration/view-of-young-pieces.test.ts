import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { releasePieces } from '../../shared/inventory/store.ts';
import { holdSeats } from '../../shared/inventory/hold-seats.ts';
import { classSchema, orderIdSchema } from '../../shared/platform/ids.ts';
import { newUlid } from '../../shared/platform/random.ts';
import type { Run } from '../../shared/timetable/model.ts';
import { countingTables } from '../support/counting-table.ts';
import { orderFor } from '../support/order-for.ts';
import { purchaseWorld, type PurchaseWorld } from '../support/purchase-world.ts';

let world: PurchaseWorld;
beforeEach(async () => {
  world = await purchaseWorld();
});
afterEach(() => world.stop());

/** Seats that somebody has taken and not committed yet. */
const justTaken = async (run: Run, party: number, stretch = { from: 0, to: 3 }) => {
  const outcome = await holdSeats(world.dependencies)({
    orderId: orderIdSchema.parse(newUlid(world.time.now)),
    run,
    class: classSchema.parse('second'),
    stretch,
    party,
    wishes: {},
  });
  if (outcome.outcome === 'rejected') throw new Error(outcome.reason);
  return outcome.places;
};

const refused = (reason: string) => ({ outcome: 'rejected', reason });

test('who is refused by a view alone, for seats that may come free, is told to try again', async () => {
  const run = await world.openRun('2026-12-21', 1);
  await world.held(run, [1, 2, 3]);
  const places = await justTaken(run, 2);
  await world.count(run);
  expect(await world.order(run, [10])).toEqual(refused('busy'));
  expect(await world.order(run, [10, 11])).toEqual(refused('busy'));
  // Not even those would be enough.
  expect(await world.order(run, [10, 11, 12])).toEqual(refused('sold-out'));
  await releasePieces(world.inventory, places);
  await world.count(run);
  expect(await world.order(run, [10, 11])).toMatchObject({ outcome: 'accepted' });
});

test('they are sold out as soon as their orders live, or they are not young any more', async () => {
  const run = await world.openRun('2026-12-21', 1);
  await world.held(run, [1, 2, 3, 4]);
  await justTaken(run, 1);
  await world.count(run);
  expect(await world.order(run, [10])).toEqual(refused('busy'));
  world.pass(14);
  await world.count(run);
  expect(await world.order(run, [10])).toEqual(refused('busy'));
  world.pass(1);
  // The same view: what it has counted as uncertain has its end.
  expect(await world.order(run, [10])).toEqual(refused('sold-out'));
});

test('a view of seats that were sold a moment ago says sold out', async () => {
  const run = await world.openRun('2026-12-21', 1);
  await world.held(run, [1, 2, 3, 4, 5]);
  await world.count(run);
  expect(await world.order(run, [10])).toEqual(refused('sold-out'));
  const { Item } = await world.availability.client.send(
    new GetCommand({ TableName: world.availability.name, Key: { pk: run.runId } }),
  );
  expect(Object.keys(Item ?? {})).not.toContain('perhapsUntil');
});

test('what is uncertain on one part of the way says nothing of another', async () => {
  const run = await world.openRun('2026-12-21', 1);
  await world.held(run, [1, 2, 3, 4, 5], { from: 0, to: 1 });
  await justTaken(run, 5, { from: 1, to: 3 });
  await world.count(run);
  expect(await world.order(run, [10], { from: 0, to: 1 })).toEqual(refused('sold-out'));
  expect(await world.order(run, [10], { from: 1, to: 2 })).toEqual(refused('busy'));
});

test('it costs whoever is refused no more than before: no write, and no look at seats or at the orders of others', async () => {
  const run = await world.openRun('2026-12-21', 1);
  await justTaken(run, 5);
  await world.count(run);
  const { tables, sent, writes } = countingTables({
    inventory: world.inventory,
    availability: world.availability,
    bookings: world.bookings,
  });
  expect(await orderFor({ ...world.dependencies, ...tables }, run, [10])).toEqual(refused('busy'));
  expect(writes()).toEqual([]);
  expect(sent.sort()).toEqual(['BatchGet availability', 'Get bookings', 'Get bookings']);
});

test('a view that is too old is counted anew before anybody is told to try again', async () => {
  const run = await world.openRun('2026-12-21', 1);
  const places = await justTaken(run, 5);
  await world.count(run);
  await releasePieces(world.inventory, places);
  expect(await world.order(run, [10])).toEqual(refused('busy'));
  world.pass(6);
  expect(await world.order(run, [10])).toMatchObject({ outcome: 'accepted' });
});
