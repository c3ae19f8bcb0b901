import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { putInForce } from '../../shared/feeds/put-in-force.ts';
import { runKeptUntil } from '../../shared/bookings/kept-until.ts';
import { plusSeconds } from '../../shared/platform/time.ts';
import { cleanUp } from '../../shared/upkeep/clean-up.ts';
import { noteRun, postponeNote, readNote, removeNote } from '../../shared/runs/due-store.ts';
import { followDue } from '../../shared/runs/follow-newest.ts';
import type { RunId } from '../../shared/platform/ids.ts';
import { freezeRun, putVersion, readState } from '../../shared/timetable/store.ts';
import { by } from '../support/faulty-table.ts';
import { trainDay } from '../support/train-version.ts';
import { runWorld, type RunWorld } from '../support/run-world.ts';
import { isFlip, stoppingAt } from '../support/stopping-table.ts';

let world: RunWorld;
beforeEach(async () => {
  world = await runWorld();
});
afterEach(() => world.stop());

const noteOf = async (runId: RunId) => {
  const { Item } = await world.bookings.client.send(
    new GetCommand({
      TableName: world.bookings.name,
      Key: { pk: `RUN#${runId}`, sk: 'CHANGE' },
      ConsistentRead: true,
    }),
  );
  return Item;
};
const note = (runId: RunId, seconds: number) =>
  noteRun(world.bookings, runId, { dueAt: plusSeconds(world.time.now, seconds), now: world.time.now });
const due = async (runId: RunId) => {
  const found = await noteOf(runId);
  return found?.['dueShard'] === undefined ? undefined : found['dueAt'];
};
const cleanedUp = () => cleanUp(world.dependencies)({ hasTime: () => true });

describe('a note', () => {
  test('that is due earlier stays so, and another one after it is not struck out with it', async () => {
    const runId = world.runIdOfTrain('A1');
    await note(runId, 60);
    const seen = await readNote(world.bookings, runId);
    await note(runId, 300);
    expect(await due(runId)).toBe(plusSeconds(world.time.now, 60));
    await removeNote(world.bookings, { runId, mark: seen!.mark });
    expect(await due(runId)).toBe(plusSeconds(world.time.now, 60));
    await note(runId, 30);
    expect(await due(runId)).toBe(plusSeconds(world.time.now, 30));
    const last = await readNote(world.bookings, runId);
    await removeNote(world.bookings, { runId, mark: last!.mark });
    expect(await due(runId)).toBeUndefined();
    await note(runId, 600);
    expect(await due(runId)).toBe(plusSeconds(world.time.now, 600));
  });

  test('keeps since when it was tried in vain', async () => {
    const { run } = await world.behind('A2');
    await note(run.runId, 0);
    const broken = { ...world.dependencies, timetable: { ...world.timetable, name: 'no-such-table' } };
    await cleanUp(broken)({ hasTime: () => true });
    const since = (await noteOf(run.runId))?.['postponedSince'];
    expect(since).toBe(world.time.now);
    await note(run.runId, 0);
    expect((await noteOf(run.runId))?.['postponedSince']).toBe(since);
  });

  test('that is put off falls due again, struck out before or not', async () => {
    const runId = world.runIdOfTrain('A3');
    await note(runId, 0);
    const { mark } = (await readNote(world.bookings, runId))!;
    await removeNote(world.bookings, { runId, mark });
    await postponeNote(world.bookings, { runId, mark }, plusSeconds(world.time.now, 90));
    expect(await due(runId)).toBe(plusSeconds(world.time.now, 90));
  });

  test('lasts as long as its run', async () => {
    const runId = world.runIdOfTrain('A4');
    await note(runId, 0);
    expect((await noteOf(runId))?.['ttl']).toBe(runKeptUntil(runId));
  });
});

describe('a note for a version that is not in force yet', () => {
  /** An import that stands still before, or after, its version is in force, while the clean-up is quicker. */
  const importing = async (name: string) => {
    const old = await world.inForce(name);
    const run = await freezeRun(world.timetable, await world.runOf(name, old));
    const newest = await world.written(name, { leaves: 10, coaches: [2] });
    const { table, reached, goOn } = stoppingAt(
      world.timetable,
      ({ input }) => input.Item?.['sk'] === 'version',
    );
    const done = putInForce({ ...world.dependencies, timetable: table }, newest, trainDay);
    await reached;
    return { run, newest, done, goOn };
  };

  test('is not struck out because the run is not behind yet', async () => {
    const { run, newest } = await importing('B1');
    world.pass(121);
    await cleanedUp();
    expect(await due(run.runId)).toBeDefined();
    // The importer wrote its version, and died.
    await putVersion(world.timetable, newest);
    world.pass(301);
    await cleanedUp();
    expect(await world.frozen('B1')).toMatchObject({ version: newest.version, generation: 2 });
    expect(await due(run.runId)).toBeUndefined();
  });

  test('falls due again where somebody holds the run when the version comes', async () => {
    const { run, newest, done, goOn } = await importing('B2');
    world.pass(121);
    await cleanedUp();
    await world.held(run, [1]);
    goOn();
    expect(await done).toMatchObject({ followed: { waitingRuns: [expect.anything()] } });
    expect(await due(run.runId)).toBeDefined();
    for (const seconds of [1000, 400]) {
      world.pass(seconds);
      await cleanedUp();
    }
    expect(await world.frozen('B2')).toMatchObject({ version: newest.version, generation: 2 });
  });

  test('ends, within hours, where that never comes, however often the run is noted meanwhile', async () => {
    const { run } = await importing('B3');
    world.pass(121);
    await cleanedUp();
    for (let looks = 0; looks < 20; looks += 1) {
      await note(run.runId, 0);
      world.pass(600);
      await cleanedUp();
    }
    expect(await due(run.runId)).toBeUndefined();
    expect(await world.frozen('B3')).toEqual(run);
  });
});

describe('who follows', () => {
  test('looks at what is in force now, not at what the process remembers', async () => {
    const old = await world.inForce('C1');
    const run = await freezeRun(world.timetable, await world.runOf('C1', old));
    // A process of its own, which has read the timetable just before the import.
    const timetable = by(world.timetable, (command, send) => send(command));
    await readState(timetable);
    await world.inForce('C1', { leaves: 10 });
    await note(run.runId, 0);
    expect(await followDue({ ...world.dependencies, timetable })(run.runId)).toBe('changed');
  });

  test('reads what is in force consistently', async () => {
    const asked: object[] = [];
    const { run } = await world.behind('C2');
    const timetable = by(world.timetable, (command, send) => {
      const { input } = command as { input: { ExpressionAttributeValues?: Record<string, unknown> } };
      if (input.ExpressionAttributeValues?.[':pk'] === 'timetable') asked.push(input);
      return send(command);
    });
    await followDue({ ...world.dependencies, timetable })(run.runId);
    expect(asked.length).toBeGreaterThan(0);
    for (const input of asked) expect(input).toMatchObject({ ConsistentRead: true });
  });

  test('notes a run that he has changed again where a yet newer version came meanwhile', async () => {
    const { run } = await world.behind('C3', { leaves: 10 });
    await note(run.runId, 0);
    const { table, reached, goOn } = stoppingAt(world.timetable, isFlip);
    const following = followDue({ ...world.dependencies, timetable: table })(run.runId);
    await reached;
    // The next version has the run as it was before: its importer finds nothing that would be behind.
    const back = await world.written('C3', {});
    await putInForce(world.dependencies, back, trainDay);
    goOn();
    await following;
    expect(await due(run.runId)).toBeDefined();
    world.pass(301);
    await cleanedUp();
    expect(await world.frozen('C3')).toMatchObject({ version: back.version, generation: 3 });
  });
});
