import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { ImportOptions } from '../../shared/feeds/import-report.ts';
import { importTimetable } from '../../shared/feeds/import-timetable.ts';
import { putInForce } from '../../shared/feeds/put-in-force.ts';
import { searchJourneys } from '../../shared/journeys/search-journeys.ts';
import {
  classSchema,
  orderIdSchema,
  runIdSchema,
  serviceDateSchema,
  stopIdSchema,
  userIdSchema,
} from '../../shared/platform/ids.ts';
import { instantSchema } from '../../shared/platform/time.ts';
import { cleanUp } from '../../shared/upkeep/clean-up.ts';
import { placeOrder } from '../../shared/selling/place-order.ts';
import { sweepRuns } from '../../shared/runs/sweep-runs.ts';
import { openSales } from '../../shared/timetable/open-sales.ts';
import {
  freezeRun,
  putVersion,
  readFrozenRun,
  readRun,
  readRunOfVersion,
  readState,
} from '../../shared/timetable/store.ts';
import { sampleLayouts } from '../support/sample-carrier.ts';
import { person } from '../support/person.ts';
import { purchaseWorld, type PurchaseWorld } from '../support/purchase-world.ts';
import { soundFeed, writeFeed, type FeedTexts } from '../support/sample-feed.ts';
import { dyingAt } from '../support/stopping-table.ts';
import { twoClassLayouts } from '../support/timetable-world.ts';
import { accepted, rejected } from '../../shared/platform/outcome.ts';

const runId = runIdSchema.parse('day~2027-06-15');
const day = serviceDateSchema.parse('2027-06-15');
const times = String(soundFeed['stop_times.txt']);
const wrongTimes = { 'stop_times.txt': times.replaceAll('16:00:00', '17:30:00') };
const withoutTrip = {
  'trips.txt': 'route_id,service_id,trip_id\nR2,daily,night\n',
  'stop_times.txt': times.replace(/^day,.*\n/gm, ''),
};
const withoutStop = { 'stop_times.txt': times.replace(/^day,.*,B,.*\n/gm, '') };

let world: PurchaseWorld;
beforeEach(async () => {
  world = await purchaseWorld();
  world.time.now = instantSchema.parse('2027-06-01T08:00:00.000Z');
  await openSales(
    world.timetable,
    { from: serviceDateSchema.parse('2027-06-01'), until: serviceDateSchema.parse('2027-06-20') },
    serviceDateSchema.parse('2027-06-01'),
  );
});
afterEach(() => world.stop());

const imported = async (changes: FeedTexts = {}, options: ImportOptions = { farePerKm: 10 }) => {
  const importFeed = importTimetable({
    ...world.tables,
    now: world.clock,
    carrier: world.carrier,
    carrierLayouts: sampleLayouts,
  });
  const result = await importFeed({ source: writeFeed(changes), options });
  if (result.outcome !== 'imported') throw new Error(JSON.stringify(result.refusals));
  return result.report;
};

const shown = async (from = 'A', to = 'C') => {
  const result = await searchJourneys(world.dependencies)({
    from: stopIdSchema.parse(from),
    to: stopIdSchema.parse(to),
    date: day,
    passengers: 1,
  });
  if (result.outcome === 'rejected') throw new Error(result.reason);
  const found = result.journeys.find((journey) => journey.runId === runId);
  return (
    found && {
      arrives: found.to.arrives.slice(11, 16),
      classes: found.classes.map(({ class: cls, fare }) => `${cls} ${fare?.amount}`),
    }
  );
};

const order = async (n: number, { from = 'A', to = 'C', cls = 'standard' } = {}) => {
  const userId = userIdSchema.parse(`user-${n}`);
  const placed = await placeOrder(world.dependencies)(
    {
      userId,
      runId,
      from: stopIdSchema.parse(from),
      to: stopIdSchema.parse(to),
      class: classSchema.parse(cls),
      passengers: [{ name: `旅客${n}`, type: 'adult', document: person(n) }],
      contact: { email: 'someone@example.com', locale: 'zh-CN' },
      wishes: {},
    },
    {
      scope: { userId, route: 'orders', key: `order-${n}`, bodyHash: `${n}` },
      answer: ({ orderId }) => orderId,
    },
  );
  if (placed.outcome === 'rejected') return placed.reason;
  await countSeats();
  return world.standing(orderIdSchema.parse(placed.answer), 'held');
};

/** What the stream's function does a moment after seats have changed hands. */
const countSeats = async () => {
  const run = await readFrozenRun(world.timetable, runId, { consistent: true });
  if (run) await world.count(run);
};

const cleanUpAfter = async (seconds: number) => {
  world.pass(seconds);
  await cleanUp(world.dependencies)({ hasTime: () => true });
  await countSeats();
};

/** Holds end after a quarter of an hour; a run that is held is looked at again within five minutes of it. */
const holdsEnd = async () => {
  await cleanUpAfter(1000);
  await cleanUpAfter(400);
};

const timesOf = (held: Awaited<ReturnType<typeof order>>) =>
  typeof held === 'string' ? held : [held.to.arrives.slice(11, 16), held.amount.amount];

test('a run is frozen once: the second to freeze it gets the first one’s', async () => {
  await imported();
  const run = await readRun(world.timetable, runId);
  expect(await readFrozenRun(world.timetable, runId)).toBeUndefined();
  expect(await freezeRun(world.timetable, run!)).toEqual(run);
  expect(await freezeRun(world.timetable, { ...run!, trip: 'other' })).toEqual(run);
  expect(await readFrozenRun(world.timetable, runId, { consistent: true })).toEqual(run);
});

describe('a run that was held and never paid', () => {
  test('has the new fare at once: search and sale agree, and what is held keeps its own', async () => {
    await imported({}, { farePerKm: 1 });
    const first = await order(1);
    expect(timesOf(first)).toEqual(['16:00', 761]);
    const report = await imported({}, { farePerKm: 20 });
    expect([report.changedRuns, report.waitingRuns, report.keptRuns]).toEqual([[], [], []]);
    expect(await shown()).toEqual({ arrives: '16:00', classes: ['standard 15212'] });
    expect(timesOf(await order(2))).toEqual(['16:00', 15_212]);
    if (typeof first !== 'string')
      expect((await world.standing(first.orderId, 'held')).amount.amount).toBe(761);
    await holdsEnd();
    expect(timesOf(await order(3))).toEqual(['16:00', 15_212]);
  });

  test('keeps wrong times while it is held, as search shows them, and has the right ones after', async () => {
    await imported(wrongTimes);
    await order(1);
    const report = await imported();
    expect(report.waitingRuns).toEqual([{ runId, trip: 'ICE 701', differs: 'times' }]);
    expect(await shown()).toMatchObject({ arrives: '17:30' });
    expect(timesOf(await order(2))).toEqual(['17:30', 7606]);
    await holdsEnd();
    expect(await shown()).toMatchObject({ arrives: '16:00' });
    expect(timesOf(await order(3))).toEqual(['16:00', 7606]);
    expect((await readRun(world.timetable, runId))?.stops[2]?.arrives).toBe('2027-06-15T14:00:00.000Z');
  });

  test('has the right seats when its hold ended before the import', async () => {
    await imported();
    await order(1);
    await holdsEnd();
    const report = await imported({}, { farePerKm: 10, layouts: twoClassLayouts() });
    expect(report.changedRuns).toEqual([{ runId, trip: 'ICE 701', differs: 'layout' }]);
    await countSeats();
    expect(await shown()).toEqual({ arrives: '16:00', classes: ['first 15212', 'second 7606'] });
    expect(await order(2)).toBe('unknown-class');
    expect(timesOf(await order(3, { cls: 'first' }))).toEqual(['16:00', 15_212]);
  });

  test('calls where the new timetable says', async () => {
    await imported(withoutStop);
    await order(1);
    const { waitingRuns } = await imported();
    expect(waitingRuns).toHaveLength(1);
    // Not sold before it is so: the seats that are held know no such stop.
    expect(await shown('A', 'B')).toBeUndefined();
    expect(await order(2, { to: 'B' })).toBe('unknown-stop');
    await holdsEnd();
    expect(await shown('A', 'B')).toMatchObject({ arrives: '12:00' });
    expect(timesOf(await order(3, { to: 'B' }))[0]).toBe('12:00');
  });

  test('is sold no more when its trip is gone, and again when it is back', async () => {
    await imported();
    await order(1);
    await holdsEnd();
    const { changedRuns } = await imported(withoutTrip);
    expect(changedRuns).toEqual([{ runId, trip: 'ICE 701', differs: 'gone' }]);
    expect(await shown()).toBeUndefined();
    expect(await order(2)).toBe('not-on-sale');
    await imported(wrongTimes);
    expect(await shown()).toMatchObject({ arrives: '17:30' });
    expect(timesOf(await order(3))).toEqual(['17:30', 7606]);
  });
});

describe('a run that somebody has bought', () => {
  const bought = async () => {
    const held = await order(1);
    if (typeof held === 'string') throw new Error(held);
    const payment = await world.pay(held.orderId);
    world.buyerPays(payment);
    await cleanUpAfter(1000);
    await world.standing(held.orderId, 'issued');
  };

  test('stays as it was sold, is reported, and costs what the new timetable says', async () => {
    await imported(wrongTimes);
    await bought();
    const report = await imported({}, { farePerKm: 20 });
    expect(report.keptRuns).toEqual([{ runId, trip: 'ICE 701', differs: 'times' }]);
    await holdsEnd();
    expect(await shown()).toEqual({ arrives: '17:30', classes: ['standard 15212'] });
    expect(timesOf(await order(2))).toEqual(['17:30', 15_212]);
    const gone = await imported(withoutTrip);
    expect(gone.keptRuns).toEqual([{ runId, trip: 'ICE 701', differs: 'gone' }]);
    expect(await order(3)).toBe('not-on-sale');
  });
});

describe('an import', () => {
  test.each(
    [1, 2, 3, 4, 5, 6].flatMap(
      (n) =>
        [
          [n, 'before' as const],
          [n, 'after' as const],
        ] as const,
    ),
  )('that dies at its write %i, %s it, leaves nothing that the clean-up does not end', async (n, when) => {
    await imported(wrongTimes);
    const before = await readState(world.timetable, { afresh: true });
    await imported();
    const { version } = await readState(world.timetable, { afresh: true });
    // As it was when the rows of the second were all written: the first is in force, and the run frozen from it.
    await world.timetable.client.send(
      new PutCommand({
        TableName: world.timetable.name,
        Item: { ...before.version, pk: 'timetable', sk: 'version' },
      }),
    );
    await freezeRun(world.timetable, (await readRunOfVersion(world.timetable, before.version!, runId))!);
    const tables = [world.timetable, world.inventory, world.bookings] as const;
    const { tables: dying, death } = dyingAt(tables, n, when);
    const [timetable, inventory, bookings] = dying;
    const dependencies = {
      timetable: timetable!,
      inventory: inventory!,
      bookings: bookings!,
      clock: world.clock,
    };
    await Promise.race([putInForce(dependencies, version!, day), death]);
    const after = await readState(world.timetable, { afresh: true });
    await cleanUpAfter(200);
    await cleanUpAfter(200);
    const run = await readFrozenRun(world.timetable, runId, { consistent: true });
    expect(run).toMatchObject({ version: after.version!.version, state: 'open' });
    expect(run?.changing).toBeUndefined();
    expect(await order(1)).toMatchObject({ state: 'held' });
  });

  test('that began earlier than the one in force is refused, and changes nothing', async () => {
    await imported();
    const { version } = await readState(world.timetable, { afresh: true });
    const older = { ...version!, version: '00000000000000000000000000' };
    expect(await putInForce({ ...world.dependencies }, older, day)).toEqual(rejected('newer-in-force'));
    expect(await putVersion(world.timetable, version!)).toEqual(accepted({}));
    // A machine whose clock is behind imports what is newer all the same.
    world.time.now = instantSchema.parse('2027-05-01T08:00:00.000Z');
    const report = await imported(wrongTimes);
    expect(report.version > version!.version).toBe(true);
  });
});

test('a run that nobody noted is found by the sweep of its date', async () => {
  await imported(wrongTimes);
  const stale = await readRun(world.timetable, runId);
  await imported();
  // Frozen late, by somebody who died before he could note it.
  await freezeRun(world.timetable, stale!);
  await cleanUpAfter(200);
  expect(await readFrozenRun(world.timetable, runId)).toMatchObject({ generation: 1 });
  const time = { timeLeft: () => 10_000, itemMilliseconds: 5000 };
  expect(await sweepRuns(world.dependencies)(day, time)).toEqual({ noted: 1, failed: [] });
  await cleanUpAfter(60);
  expect(await readFrozenRun(world.timetable, runId)).toMatchObject({ generation: 2 });
});
