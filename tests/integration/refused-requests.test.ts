import { GetCommand, ScanCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Run } from '../../shared/timetable/model.ts';
import { orderIdSchema, userIdSchema } from '../../shared/platform/ids.ts';
import { cancelOrder } from '../../shared/selling/cancel-order.ts';
import { countingTables } from '../support/counting-table.ts';
import { by } from '../support/faulty-table.ts';
import { orderFor, type OrderWish } from '../support/order-for.ts';
import { purchaseWorld, type PurchaseWorld } from '../support/purchase-world.ts';

let world: PurchaseWorld;
beforeEach(async () => {
  world = await purchaseWorld();
});
afterEach(() => world.stop());

/** Places an order and says what was asked of the tables for it. */
const counted = async (run: Run, people: number[], more?: OrderWish) => {
  const counting = countingTables({
    timetable: world.timetable,
    inventory: world.inventory,
    availability: world.availability,
    bookings: world.bookings,
  });
  const outcome = await orderFor({ ...world.dependencies, ...counting.tables }, run, people, more);
  return { outcome, reads: counting.reads(), writes: counting.writes() };
};

const stored = async (): Promise<number> => {
  const { Count } = await world.bookings.client.send(new ScanCommand({ TableName: world.bookings.name }));
  return Count ?? 0;
};

test('one document for two passengers is refused without a write', async () => {
  const run = await world.openRun('2026-12-20', 1);
  const { outcome, writes } = await counted(run, [30, 30]);
  expect(outcome).toEqual({ outcome: 'rejected', reason: 'passenger-time-conflict' });
  expect(writes).toEqual([]);
  expect(await world.pieces(run)).toEqual([]);
  expect(await stored()).toBe(0);
});

test('an order too many is refused without a write', async () => {
  const run = await world.openRun('2026-12-20', 8);
  const other = await world.openRun('2026-12-21', 8);
  for (let n = 0; n < 10; n += 1) await world.held(run, [200 + n], { user: 'many' });
  const before = await stored();
  const { outcome, writes } = await counted(other, [300], { user: 'many' });
  expect(outcome).toEqual({ outcome: 'rejected', reason: 'too-many-open-orders' });
  expect(writes).toEqual([]);
  expect(await stored()).toBe(before);
});

test('a passenger who travels then already is refused before a seat is taken', async () => {
  const run = await world.openRun('2026-12-20', 2);
  await world.held(run, [40]);
  const pieces = await world.pieces(run);
  const { outcome, reads, writes } = await counted(run, [40, 41], { user: 'another' });
  expect(outcome).toEqual({ outcome: 'rejected', reason: 'passenger-time-conflict' });
  // The one write counts that it was told.
  expect(writes).toEqual(['Update bookings']);
  expect(reads.filter((request) => request.endsWith('inventory'))).toEqual([]);
  expect(await world.pieces(run)).toEqual(pieces);
});

test('refused requests of one user keep nobody from the last seats', async () => {
  const run = await world.openRun('2026-12-20', 1);
  const attack = async () => {
    for (let n = 0; n < 10; n += 1) await world.order(run, [31, 31, 32, 32, 33], { user: 'mallory' });
  };
  const attacks = Promise.all(Array.from({ length: 4 }, attack));
  const honest = [];
  for (let n = 0; n < 8; n += 1) {
    const user = `honest-${n}`;
    const placed = await world.order(run, [100 + n], { user });
    honest.push(placed.outcome);
    if (placed.outcome === 'accepted')
      await cancelOrder(world)(orderIdSchema.parse(placed.answer), userIdSchema.parse(user));
  }
  await attacks;
  expect(honest).toEqual(Array.from({ length: 8 }, () => 'accepted'));
});

/** Bookings where whoever commits waits until it is let go. */
const waitingCommit = () => {
  const [reached, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const bookings = by(world.bookings, async (command, send) => {
    if (command instanceof TransactWriteCommand) {
      reached.resolve();
      await released.promise;
    }
    return send(command);
  });
  return { bookings, reached: reached.promise, release: () => released.resolve() };
};

describe('seats that somebody has only just taken', () => {
  test('are busy while that one has not committed, and sold out when it has', async () => {
    const run = await world.openRun('2026-12-20', 1);
    const { bookings, reached, release } = waitingCommit();
    const first = orderFor({ ...world.dependencies, bookings }, run, [1, 2, 3]);
    await reached;
    expect(await world.order(run, [11, 12, 13])).toEqual({ outcome: 'rejected', reason: 'busy' });
    await world.held(run, [14, 15]);
    release();
    expect(await first).toMatchObject({ outcome: 'accepted' });
    expect(await world.order(run, [11])).toEqual({ outcome: 'rejected', reason: 'sold-out' });
  });

  test('are busy while that one is refused and gives them back', async () => {
    const run = await world.openRun('2026-12-20', 1);
    const reached = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    const inventory = by(world.inventory, async (command, send) => {
      const givesBack =
        command instanceof UpdateCommand && command.input.UpdateExpression === 'SET #piece = :free';
      if (givesBack) {
        reached.resolve();
        await released.promise;
      }
      return send(command);
    });
    const bookings = by(world.bookings, (command, send) =>
      command instanceof TransactWriteCommand ? Promise.reject(new Error('no answer')) : send(command),
    );
    const refused = orderFor({ ...world.dependencies, bookings, inventory }, run, [1, 2, 3, 4, 5]);
    await reached.promise;
    expect(await world.order(run, [11])).toEqual({ outcome: 'rejected', reason: 'busy' });
    released.resolve();
    expect(await refused).toEqual({ outcome: 'rejected', reason: 'busy' });
    expect(await world.order(run, [11])).toMatchObject({ outcome: 'accepted' });
  });

  test('are sold out for a party that would be too large without them as well', async () => {
    const run = await world.openRun('2026-12-20', 1);
    for (const n of [1, 2, 3]) await world.held(run, [n]);
    world.pass(60);
    const { bookings, reached, release } = waitingCommit();
    const first = orderFor({ ...world.dependencies, bookings }, run, [4]);
    await reached;
    expect(await world.order(run, [11, 12, 13])).toEqual({ outcome: 'rejected', reason: 'sold-out' });
    release();
    await first;
  });

  test('of a hold that died are sold out once they are not young any more', async () => {
    const run = await world.openRun('2026-12-20', 1);
    const { bookings, reached, release } = waitingCommit();
    const dead = orderFor({ ...world.dependencies, bookings }, run, [1, 2, 3, 4, 5]);
    await reached;
    world.pass(20);
    expect(await world.order(run, [11])).toEqual({ outcome: 'rejected', reason: 'sold-out' });
    release();
    await dead;
  });
});

test('a copy of a request that is read for while the other commits is answered as the other is', async () => {
  const run = await world.openRun('2026-12-20', 1);
  const once = { user: 'twice', key: 'once' };
  const [reached, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const bookings = by(world.bookings, async (command, send) => {
    const isCount = command instanceof GetCommand && command.input.Key?.['sk'] === 'OPEN';
    if (isCount) {
      reached.resolve();
      await released.promise;
    }
    return send(command);
  });
  const copy = orderFor({ ...world.dependencies, bookings }, run, [50], once);
  await reached.promise;
  const orderId = await world.held(run, [50], once);
  released.resolve();
  expect(await copy).toEqual({ outcome: 'accepted', answer: orderId });
});

test('what came to nothing is swept: void orders and requests that were given up', async () => {
  const run = await world.openRun('2026-12-20', 1);
  const bookings = by(world.bookings, (command, send) =>
    command instanceof TransactWriteCommand ? Promise.reject(new Error('no answer')) : send(command),
  );
  expect(await orderFor({ ...world.dependencies, bookings }, run, [1])).toMatchObject({ reason: 'busy' });
  const { Items = [] } = await world.bookings.client.send(
    new ScanCommand({ TableName: world.bookings.name }),
  );
  const now = Date.parse(world.clock()) / 1000;
  const kept = Object.fromEntries(Items.map((item) => [String(item['sk']), Number(item['ttl']) - now]));
  expect(kept).toEqual({ ORDER: 30 * 86_400, RECORD: 15 + 3600 });
  expect(orderIdSchema.safeParse(String(Items.find(({ sk }) => sk === 'ORDER')?.['orderId'])).success).toBe(
    true,
  );
});
