import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { putInForce } from '../../shared/feeds/put-in-force.ts';
import { runIdSchema, serviceDateSchema, stopIdSchema } from '../../shared/platform/ids.ts';
import { readNote } from '../../shared/runs/due-store.ts';
import { searchJourneys } from '../../shared/journeys/search-journeys.ts';
import { logger } from '../../shared/platform/log.ts';
import { sweepRuns } from '../../shared/runs/sweep-runs.ts';
import { listWhatNeedsAPerson } from '../../shared/upkeep/attention.ts';
import { cleanUp } from '../../shared/upkeep/clean-up.ts';
import { frozenKey } from '../../shared/timetable/store.ts';
import { freeOrphans } from '../../shared/upkeep/free-orphans.ts';
import { runWorld, type RunWorld } from '../support/run-world.ts';
import { trainDay } from '../support/train-version.ts';

/** A frozen run whose item cannot be read, before all others of its day. */
const bad = runIdSchema.parse(`A0~${trainDay}`);
const today = serviceDateSchema.parse('2026-12-01');

let world: RunWorld;
beforeEach(async () => {
  world = await runWorld();
  await world.timetable.client.send(
    new PutCommand({
      TableName: world.timetable.name,
      Item: { pk: frozenKey(trainDay), sk: bad, state: 'open', packed: new Uint8Array([1, 2, 3]) },
    }),
  );
});
afterEach(() => world.stop());

test('one that cannot be read is told by the sweep of orphans, which goes on with the others', async () => {
  const run = await world.runOf('B1', await world.inForce('B1'));
  await world.held(run, [1]);
  const report = await freeOrphans(world)({ hasTime: () => true, sweepEverySeconds: 0 });
  expect(report).toMatchObject({ runs: 1, done: true });
  expect(report.failed.map(({ key }) => key)).toEqual([bad]);
});

test('one that cannot be read is told by the sweep of its date, which notes the others', async () => {
  await world.behind('B2');
  const time = { timeLeft: () => 10_000, itemMilliseconds: 5000 };
  const swept = await sweepRuns(world.dependencies)(trainDay, time);
  expect(swept.noted).toBe(1);
  expect(swept.failed.map(({ key }) => key)).toEqual([bad]);
});

test('an unreadable run reaches a person after its date was swept, and until the clean-up can read it', async () => {
  await world.inForce('B4');
  await sweepRuns(world.dependencies)(trainDay, { timeLeft: () => 10_000, itemMilliseconds: 5000 });
  for (let minutes = 0; minutes < 75; minutes += 5) {
    world.pass(300);
    await cleanUp(world.dependencies)({ hasTime: () => true });
  }
  const { items } = await listWhatNeedsAPerson(world.bookings, { perShardMax: 10 });
  expect(items).toMatchObject([{ id: bad, attention: { kind: 'keeps-failing' } }]);
});

test('the search leaves an unreadable run out, says so, and shows the others', async () => {
  const [errors, informed] = [jest.spyOn(logger, 'error'), jest.spyOn(logger, 'info')];
  await world.inForce('A0');
  const searched = await searchJourneys(world.dependencies)({
    from: stopIdSchema.parse('S0'),
    to: stopIdSchema.parse('S3'),
    date: trainDay,
    passengers: 1,
  });
  expect(searched).toMatchObject({ outcome: 'accepted', journeys: [] });
  expect(errors.mock.calls).toMatchObject([['the search leaves out an unreadable run', { runId: bad }]]);
  expect(informed.mock.calls).toMatchObject([['unreadable runs', { UnreadableRuns: 1 }]]);
});

test('one that cannot be read keeps no timetable from its import, and is noted for whoever can tell a person', async () => {
  const { run, newest } = await world.behind('B3');
  expect(await putInForce(world.dependencies, newest, today)).toMatchObject({
    followed: { changedRuns: [{ runId: run.runId }] },
  });
  expect(await readNote(world.bookings, bad)).toBeDefined();
});
