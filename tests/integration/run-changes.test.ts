import { closeShard, reopenShard } from '../../shared/inventory/close-store.ts';
import { holdSeats } from '../../shared/inventory/hold-seats.ts';
import { shardsOfRun } from '../../shared/inventory/shards.ts';
import { closedForGood } from '../../shared/inventory/pieces.ts';
import { classSchema, orderIdSchema } from '../../shared/platform/ids.ts';
import { newUlid } from '../../shared/platform/random.ts';
import { changeRun, reopenLeftShards } from '../../shared/runs/change-run.ts';
import { closeRun } from '../../shared/runs/close-run.ts';
import { beginChange, flipRun, abandonChange } from '../../shared/timetable/change-store.ts';
import type { Run } from '../../shared/timetable/model.ts';
import { runWorld, type RunWorld } from '../support/run-world.ts';
import { isClose, isFlip, isGiveUp, isReopen, stoppingAt } from '../support/stopping-table.ts';
import { accepted, rejected } from '../../shared/platform/outcome.ts';

let world: RunWorld;
beforeAll(async () => {
  world = await runWorld();
});
afterAll(() => world.stop());

const hold = (run: Run, party = 1) =>
  holdSeats(world.dependencies)({
    orderId: orderIdSchema.parse(newUlid(world.time.now)),
    run,
    class: classSchema.parse('second'),
    stretch: { from: 0, to: 3 },
    party,
    wishes: {},
  });
const firstShard = (run: Run) => shardsOfRun(run)[0]!;
const close = (run: Run, closed: number) =>
  closeShard(world.inventory, firstShard(run), run.stops.length, closed);

describe('a run that nobody has bought', () => {
  test('becomes what the newest version has, as a generation of its own', async () => {
    const { run, newest, fresh } = await world.behind('A1');
    expect(await world.follow('A1')).toBe('changed');
    expect(await world.frozen('A1')).toEqual({ ...fresh, generation: 2, changes: 1 });
    expect((await world.frozen('A1')).version).toBe(newest.version);
    expect(await world.closedIn(run)).toEqual([1, 1]);
    expect(await hold(await world.frozen('A1'))).toMatchObject({ outcome: 'accepted' });
    expect(await world.follow('A1')).toBe('current');
  });

  test('does not change where the newest version has it just so', async () => {
    const { run } = await world.behind('A2', {});
    expect(await world.follow('A2')).toBe('current');
    expect(await world.frozen('A2')).toEqual(run);
  });

  test('is not changed when it has departed or is closed, and is left where the version lacks it', async () => {
    await world.behind('A3', { leaves: 10 });
    const before = world.time.now;
    world.pass(48 * 3600);
    expect(await world.follow('A3')).toBe('over');
    world.time.now = before;
    const { run } = await world.behind('A4');
    await closeRun(world.dependencies, run.runId);
    expect(await world.follow('A4')).toBe('over');
    await world.behind('A5', { isGone: true });
    expect(await world.follow('A5')).toBe('gone');
    expect((await world.frozen('A5')).generation).toBe(1);
  });

  test('takes no hold of an untouched shard once the change has looked at it', async () => {
    const { run, fresh } = await world.behind('A6');
    const { table, reached, goOn } = stoppingAt(world.timetable, isFlip);
    const change = changeRun({ ...world.dependencies, timetable: table }, run, fresh!);
    await reached;
    expect(await hold(run)).toEqual({ outcome: 'rejected', reason: 'closed' });
    goOn();
    expect(await change).toEqual(accepted({}));
    expect(await hold(run)).toEqual({ outcome: 'rejected', reason: 'closed' });
  });

  test('is not changed where a hold came before its shard was closed, though it was free when read', async () => {
    const { run, fresh } = await world.behind('A7', { leaves: 10 }, { coaches: [3] });
    const { table, reached, goOn } = stoppingAt(world.inventory, isClose);
    const change = changeRun({ ...world.dependencies, inventory: table }, run, fresh!);
    await reached;
    expect(await hold(run)).toMatchObject({ outcome: 'accepted' });
    goOn();
    expect(await change).toEqual(rejected('owned'));
    expect(await world.frozen('A7')).toEqual({ ...run, changes: 1 });
    expect(await world.closedIn(run)).toEqual([undefined]);
  });
});

describe('two changes of a run', () => {
  test('do not both come about: the one that was overtaken changes nothing, and its shards open again', async () => {
    const { run, newest, fresh } = await world.behind('B1');
    const { table, reached, goOn } = stoppingAt(world.timetable, isFlip);
    const first = changeRun({ ...world.dependencies, timetable: table }, run, fresh!);
    await reached;
    expect(await beginChange(world.timetable, run, newest.version)).toMatchObject({ changing: 2 });
    // A sweep in between finds shards closed by a change that is not the one under way, and opens them.
    const changing = await world.frozen('B1');
    await reopenLeftShards(world.dependencies, { ...changing, changing: undefined });
    expect(await hold(run)).toMatchObject({ outcome: 'accepted' });
    goOn();
    expect(await first).toEqual(rejected('overtaken'));
    expect(await world.frozen('B1')).toMatchObject({ generation: 1, changing: 2 });
    expect(await world.follow('B1')).toBe('held');
    expect(await world.closedIn(run)).toEqual([undefined, undefined]);
  });

  test('have numbers of their own, so that a late request of one is no word of the other', async () => {
    const { run, newest, fresh } = await world.behind('B2');
    expect(await beginChange(world.timetable, run, newest.version)).toMatchObject({ changing: 1 });
    expect(await abandonChange(world.timetable, run, 1)).toMatchObject({ outcome: 'accepted' });
    expect(await hold(run)).toMatchObject({ outcome: 'accepted' });
    for (const shard of shardsOfRun(run)) await closeShard(world.inventory, shard, run.stops.length, 1);
    expect(await flipRun(world.timetable, run, 1, fresh!)).toEqual(rejected('overtaken'));
    expect(await beginChange(world.timetable, run, newest.version)).toMatchObject({ changing: 2 });
    expect(await flipRun(world.timetable, run, 1, fresh!)).toEqual(rejected('overtaken'));
    expect(await changeRun(world.dependencies, run, fresh!)).toEqual(rejected('owned'));
  });

  test('leave a shard closed by the later of them, whose change alone may open it', async () => {
    const { run } = await world.behind('B3');
    await close(run, 2);
    expect((await close(run, 1)).closed).toBe(2);
    await reopenShard(world.inventory, firstShard(run).key, 1);
    expect((await world.closedIn(run))[0]).toBe(2);
    await close(run, closedForGood);
    expect((await close(run, 3)).closed).toBe(closedForGood);
    await reopenShard(world.inventory, firstShard(run).key, 2);
    expect((await world.closedIn(run))[0]).toBe(closedForGood);
  });

  test('by two importers at once end in one', async () => {
    const { run, fresh } = await world.behind('B4');
    const both = await Promise.all([1, 2].map(() => changeRun(world.dependencies, run, fresh!)));
    expect(both).toContainEqual(rejected('overtaken'));
    // Each may have taken over from the other; whoever comes next ends it.
    await world.follow('B4');
    expect(await world.frozen('B4')).toMatchObject({ generation: 2 });
    expect((await world.frozen('B4')).changing).toBeUndefined();
  });
});

describe('a change that is given up', () => {
  test('is given up before its shards are opened, so that nobody ends it meanwhile', async () => {
    const { run, fresh } = await world.behind('C1');
    await hold(run);
    const { table, reached, goOn } = stoppingAt(world.timetable, isGiveUp);
    const change = changeRun({ ...world.dependencies, timetable: table }, run, fresh!);
    await reached;
    expect(await world.closedIn(run)).toEqual([1, 1]);
    // Somebody else's change began: what the first has closed is not its own to open any more.
    await beginChange(world.timetable, run, fresh!.version);
    goOn();
    expect(await change).toEqual(rejected('overtaken'));
    expect(await world.closedIn(run)).toEqual([1, 1]);
  });

  test('by one who died before he had opened the shards leaves them to the clean-up', async () => {
    const { run, fresh } = await world.behind('C2');
    await hold(run);
    const { table, reached } = stoppingAt(world.inventory, isReopen);
    void changeRun({ ...world.dependencies, inventory: table }, run, fresh!);
    await reached;
    expect((await world.frozen('C2')).changing).toBeUndefined();
    expect(await world.closedIn(run)).toContain(1);
    expect(await world.follow('C2')).toBe('held');
    expect(await world.closedIn(run)).toEqual([undefined, undefined]);
  });

  test('by one who died on the way is ended by the next, whatever he had come to', async () => {
    const { run, newest } = await world.behind('C3');
    await beginChange(world.timetable, run, newest.version);
    await close(run, 1);
    expect(await world.follow('C3')).toBe('changed');
    const { run: held, newest: after } = await world.behind('C4');
    await beginChange(world.timetable, held, after.version);
    await hold(held);
    for (const shard of shardsOfRun(held)) await closeShard(world.inventory, shard, 4, 1);
    expect(await world.follow('C4')).toBe('held');
    expect(await world.frozen('C4')).toMatchObject({ generation: 1, changes: 1 });
    expect((await world.frozen('C4')).changing).toBeUndefined();
    expect(await world.closedIn(held)).toEqual([undefined, undefined]);
  });

  test('and whose late request closes a shard again does not keep it closed', async () => {
    const { run, fresh } = await world.behind('C5');
    await hold(run);
    expect(await changeRun(world.dependencies, run, fresh!)).toEqual(rejected('owned'));
    await close(run, 1);
    await reopenLeftShards(world.dependencies, await world.frozen('C5'));
    expect(await world.closedIn(run)).toEqual([undefined, undefined]);
  });
});

describe('a sweep that opens shards', () => {
  const sweepStopped = async (name: string) => {
    const { run, newest, fresh } = await world.behind(name);
    await beginChange(world.timetable, run, newest.version);
    await abandonChange(world.timetable, run, 1);
    for (const shard of shardsOfRun(run)) await closeShard(world.inventory, shard, run.stops.length, 1);
    return { run, fresh: fresh!, seen: await world.frozen(name) };
  };
  /** Only whoever has read shards and run, in this order, opens anything. */
  const isReadOfRun = ({ constructor, input }: Parameters<typeof isFlip>[0]) =>
    constructor.name === 'GetCommand' && (input.Key?.pk ?? '').startsWith('frozen#');

  test('opens none that a change has closed which began after its look at them', async () => {
    const { run, fresh, seen } = await sweepStopped('D1');
    const sweeping = stoppingAt(world.timetable, isReadOfRun);
    const sweep = reopenLeftShards({ ...world.dependencies, timetable: sweeping.table }, seen);
    await sweeping.reached;
    const changing = stoppingAt(world.timetable, isFlip);
    const change = changeRun({ ...world.dependencies, timetable: changing.table }, run, fresh);
    await changing.reached;
    sweeping.goOn();
    await sweep;
    expect(await world.closedIn(run)).toEqual([2, 2]);
    changing.goOn();
    expect(await change).toEqual(accepted({}));
    expect(await hold(run)).toEqual({ outcome: 'rejected', reason: 'closed' });
  });

  test('opens none that a change closes before its look at them, though it saw none under way', async () => {
    const { run, fresh, seen } = await sweepStopped('D4');
    const isLook = ({ constructor }: { constructor: { name: string } }) =>
      constructor.name === 'BatchGetCommand';
    const sweeping = stoppingAt(world.inventory, isLook);
    const sweep = reopenLeftShards({ ...world.dependencies, inventory: sweeping.table }, seen);
    await sweeping.reached;
    const changing = stoppingAt(world.timetable, isFlip);
    const change = changeRun({ ...world.dependencies, timetable: changing.table }, run, fresh);
    await changing.reached;
    sweeping.goOn();
    await sweep;
    expect(await world.closedIn(run)).toEqual([2, 2]);
    changing.goOn();
    expect(await change).toEqual(accepted({}));
  });

  test('opens none between the first look and the write', async () => {
    const { run, fresh, seen } = await sweepStopped('D2');
    const sweeping = stoppingAt(world.inventory, isReopen);
    const sweep = reopenLeftShards({ ...world.dependencies, inventory: sweeping.table }, seen);
    await sweeping.reached;
    expect(await changeRun(world.dependencies, run, fresh)).toEqual(accepted({}));
    sweeping.goOn();
    await sweep;
    expect(await world.closedIn(run)).toEqual([2, 2]);
  });

  test('opens none of a generation that the run has left', async () => {
    const { run, fresh, seen } = await sweepStopped('D3');
    await changeRun(world.dependencies, run, fresh);
    await reopenLeftShards(world.dependencies, seen);
    await reopenLeftShards(world.dependencies, await world.frozen('D3'));
    expect(await world.closedIn(run)).toEqual([2, 2]);
    expect(await hold(run)).toEqual({ outcome: 'rejected', reason: 'closed' });
  });
});
