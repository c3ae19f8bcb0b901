import { GetCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { ownerBytes, ownerOf } from '../../shared/inventory/owner.ts';
import { importTimetable } from '../../shared/feeds/import-timetable.ts';
import { keyOf } from '../../shared/inventory/store.ts';
import { dueShards } from '../../shared/bookings/due.ts';
import type { Table } from '../../shared/platform/dynamo.ts';
import { classSchema, orderIdSchema, runIdSchema, serviceDateSchema } from '../../shared/platform/ids.ts';
import { newNonce, newUlid } from '../../shared/platform/random.ts';
import type { StreamRecord } from '../../shared/platform/stream-records.ts';
import { cleanUp } from '../../shared/upkeep/clean-up.ts';
import { freeOrphans } from '../../shared/upkeep/free-orphans.ts';
import { watchHolds } from '../../shared/upkeep/watch-holds.ts';
import { sweepRuns } from '../../shared/runs/sweep-runs.ts';
import { instantSchema } from '../../shared/platform/time.ts';
import { freezeRun, readRun } from '../../shared/timetable/store.ts';
import { sampleLayouts } from '../support/sample-carrier.ts';
import { by } from '../support/faulty-table.ts';
import { writeFeed } from '../support/sample-feed.ts';
import { purchaseWorld, type PurchaseWorld } from '../support/purchase-world.ts';

/** Work over many things, in which the service stays silent about one: the others get their turn, and it is told. */

let world: PurchaseWorld;
beforeEach(async () => {
  world = await purchaseWorld();
});
afterEach(() => world.stop());

/** The table of a service that never answers certain requests. */
const silentAbout = (table: Table, isIt: (command: { input: object }) => boolean): Table =>
  by(table, (command, send) =>
    isIt(command as { input: object }) ? new Promise<never>(() => undefined) : send(command),
  );
const about =
  (text: string, ...kinds: (new (input: never) => object)[]) =>
  (command: { input: object }): boolean =>
    kinds.some((kind) => command instanceof kind) && JSON.stringify(command.input).includes(text);

const time = (milliseconds = 3000) => {
  const until = performance.now() + milliseconds;
  return { timeLeft: () => until - performance.now(), itemMilliseconds: 200 };
};

type Run = Awaited<ReturnType<PurchaseWorld['openRun']>>;

/** A seat that nobody's order names, as the stream tells of it. */
const takenIn = ({ runId }: Run, n: number): StreamRecord => {
  const pk = keyOf({ runId, generation: 1, class: classSchema.parse('second'), shard: 0 });
  const owner = ownerOf(orderIdSchema.parse(newUlid(world.time.now)), newNonce(), world.time.now);
  return {
    eventName: 'MODIFY',
    sequenceNumber: `${n}`,
    keys: { pk },
    newImage: { pk, '003': ownerBytes(owner) },
  };
};

test('the clean-up gets to all that is due, while one part of the index stays silent', async () => {
  const orders = [];
  for (let n = 1; n <= 6; n += 1)
    orders.push(await world.held(await world.openRun(`2026-12-0${n + 1}`, 1), [n]));
  world.pass(901);
  const [silent = ''] = dueShards;
  const bookings = silentAbout(world.bookings, about(`"${silent}"`, QueryCommand));
  const report = await cleanUp({ ...world.dependencies, bookings })({
    hasTime: () => true,
    itemMilliseconds: 2000,
  });
  expect(report.failed).toEqual([{ key: silent, why: 'TimeoutError' }]);
  const { seen } = await cleanUp(world.dependencies)({ hasTime: () => true });
  expect(report.seen + seen).toBeGreaterThanOrEqual(orders.length);
  expect(report.seen).toBeGreaterThan(0);
});

test('the clean-up ends in time when not even the bookkeeping of what hangs is answered', async () => {
  await world.held(await world.openRun('2026-12-20', 1), [1]);
  world.pass(901);
  const bookings = silentAbout(world.bookings, about('', GetCommand));
  const report = await cleanUp({ ...world.dependencies, bookings })({
    hasTime: () => true,
    itemMilliseconds: 200,
  });
  expect(report).toMatchObject({ seen: 1, failed: [{ why: 'TimeoutError' }] });
});

test('the sweep for orphans goes on to the other runs', async () => {
  const [silent, other] = [await world.openRun('2026-12-20', 1), await world.openRun('2026-12-21', 1)];
  for (const run of [silent, other]) await world.held(run, [run === silent ? 1 : 2]);
  const availability = silentAbout(world.availability, about(silent.runId, GetCommand));
  const report = await freeOrphans({ ...world, availability })({
    hasTime: () => true,
    sweepEverySeconds: 0,
    runMilliseconds: 300,
  });
  expect(report).toMatchObject({ runs: 1, failed: [{ key: silent.runId, why: 'TimeoutError' }] });
});

test('the sweep for runs that are behind goes on to the other runs of the date', async () => {
  world.time.now = instantSchema.parse('2027-06-01T08:00:00.000Z');
  const importFeed = importTimetable({
    ...world.tables,
    now: world.clock,
    carrier: world.carrier,
    carrierLayouts: sampleLayouts,
  });
  await importFeed({ source: writeFeed({}), options: { farePerKm: 10 } });
  const [silent, other] = ['day', 'night'].map((trip) => runIdSchema.parse(`${trip}~2027-06-15`));
  for (const runId of [silent, other]) {
    const run = await readRun(world.timetable, runId!);
    // As one whose change was left in the middle.
    await freezeRun(world.timetable, { ...run!, changes: 1 });
  }
  const bookings = silentAbout(world.bookings, about(silent!, PutCommand, UpdateCommand));
  const swept = await sweepRuns({ ...world, bookings })(serviceDateSchema.parse('2027-06-15'), time());
  expect(swept).toEqual({ noted: 1, failed: [{ key: silent, why: 'TimeoutError' }] });
});

test('what was taken in one shard is looked at again, and the suspicion of the others is kept', async () => {
  const [silent, other] = [await world.openRun('2026-12-20', 1), await world.openRun('2026-12-21', 1)];
  const records = [takenIn(other, 1), takenIn(silent, 2)];
  const bookings = silentAbout(world.bookings, about(silent.runId, PutCommand, UpdateCommand));
  const watched = await watchHolds({ ...world, bookings })(records, time());
  expect(watched).toMatchObject({ checked: 2, suspected: 2, failed: [{ record: { sequenceNumber: '2' } }] });
});
