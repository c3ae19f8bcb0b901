import { runIdSchema, serviceDateSchema, type RunId } from '../../shared/platform/ids.ts';
import { millisecondsOf, instantOf, plusSeconds } from '../../shared/platform/time.ts';
import { cleanUp } from '../../shared/upkeep/clean-up.ts';
import { noteRun, readNote } from '../../shared/runs/due-store.ts';
import { datesToSweep } from '../../shared/runs/rules.ts';
import { sweepInTurn } from '../../shared/runs/sweep-runs.ts';
import { putSales, freezeRun } from '../../shared/timetable/store.ts';
import { by } from '../support/faulty-table.ts';
import { runWorld, type RunWorld } from '../support/run-world.ts';
import { trainDay } from '../support/train-version.ts';

let world: RunWorld;
beforeEach(async () => {
  world = await runWorld();
});
afterEach(() => world.stop());

const noted = (n: number): RunId => runIdSchema.parse(`T${n}~${trainDay}`);
const note = (runId: RunId, seconds = 0) =>
  noteRun(world.bookings, runId, { dueAt: plusSeconds(world.time.now, seconds), now: world.time.now });

/** Which runs were looked at, and which orders were written, one after the other. */
const watched = () => {
  const seen: string[] = [];
  const bookings = by(world.bookings, (command, send) => {
    const { input, constructor } = command as {
      input: { Key?: { pk?: string; sk?: string } };
      constructor: { name: string };
    };
    const { pk = '', sk } = input.Key ?? {};
    if (constructor.name === 'GetCommand' && sk === 'CHANGE') seen.push(pk.slice('RUN#'.length));
    if (constructor.name === 'GetCommand' && sk === 'ORDER') seen.push(pk);
    return send(command);
  });
  return { seen, dependencies: { ...world.dependencies, bookings } };
};

describe('the clean-up', () => {
  test('sees to all orders before any run, however long the runs have been due', async () => {
    const run = await world.runOf('A1', await world.inForce('A1'));
    for (let n = 0; n < 60; n += 1) await note(noted(n), -600);
    for (let n = 1; n <= 4; n += 1) await world.held(run, [n]);
    world.pass(1300);
    const { seen, dependencies } = watched();
    await cleanUp(dependencies)({ hasTime: () => true });
    const firstRun = seen.findIndex((each) => !each.startsWith('ORDER#'));
    expect(new Set(seen.slice(0, firstRun)).size).toBe(4);
    expect(seen.slice(firstRun).some((each) => each.startsWith('ORDER#'))).toBe(false);
    expect(new Set(seen.slice(firstRun)).size).toBe(60);
  });

  test('looks at so many runs in one call, those that have been due longest, and at the rest in the next', async () => {
    for (let n = 0; n < 8; n += 1) await note(noted(n), -n);
    const first = watched();
    await cleanUp(first.dependencies)({ hasTime: () => true, runsMax: 5 });
    expect(first.seen.sort()).toEqual([7, 6, 5, 4, 3].map(noted).sort());
    const second = watched();
    await cleanUp(second.dependencies)({ hasTime: () => true, runsMax: 5 });
    expect(second.seen.sort()).toEqual([2, 1, 0].map(noted).sort());
  });
});

describe('the sweep of the dates on sale', () => {
  const today = serviceDateSchema.parse('2026-12-01');
  const sales = { from: today, until: trainDay };
  const time = { timeLeft: () => 60_000, itemMilliseconds: 15_000 };
  const sweep = (dependencies = world.dependencies, more = {}) =>
    sweepInTurn(dependencies)('Asia/Shanghai', { ...time, ...more });

  /** A run that is behind and that nobody has noted, a minute before the turn of its date. */
  const unnoted = async (name: string) => {
    await putSales(world.timetable, sales);
    const old = await world.inForce(name);
    const run = await freezeRun(world.timetable, await world.runOf(name, old));
    await world.inForce(name, { leaves: 20 });
    const midnight = millisecondsOf(world.time.now);
    const turn = Array.from({ length: 1440 }, (_, minute) => instantOf(midnight + minute * 60_000)).find(
      (now) => datesToSweep(sales, today, { since: plusSeconds(now, -60), now }).includes(trainDay),
    );
    world.time.now = plusSeconds(turn!, -90);
    expect(await readNote(world.bookings, run.runId)).toBeUndefined();
    return run;
  };

  test('finds what nobody has noted in the minute of its date, once', async () => {
    const run = await unnoted('B1');
    expect((await sweep()).failed).toEqual([]);
    world.pass(90);
    expect(await sweep()).toEqual({ noted: 1, failed: [] });
    expect(await readNote(world.bookings, run.runId)).toBeDefined();
    world.pass(20);
    expect(await sweep()).toEqual({ noted: 0, failed: [] });
    world.pass(3600);
    expect(await sweep()).toEqual({ noted: 0, failed: [] });
  });

  test('does so later where that minute was skipped', async () => {
    await unnoted('B2');
    await sweep();
    world.pass(5 * 3600);
    expect(await sweep()).toEqual({ noted: 1, failed: [] });
  });

  test('does so in the next minute where there was no time', async () => {
    await unnoted('B3');
    await sweep();
    world.pass(90);
    expect(await sweep(world.dependencies, { timeLeft: () => 0 }).catch(() => 'no time')).toBe('no time');
    let left = 3;
    const running = await sweep(world.dependencies, { timeLeft: () => (left -= 1) * 10_000 });
    expect(running.noted).toBe(0);
    world.pass(60);
    expect(await sweep()).toEqual({ noted: 1, failed: [] });
  });

  test('does so in the next minute where the date could not be read, and the other dates meanwhile', async () => {
    await unnoted('B4');
    await sweep();
    world.pass(90);
    const timetable = by(world.timetable, (command, send) => {
      const { input } = command as { input: { ExpressionAttributeValues?: Record<string, unknown> } };
      const isDate = input.ExpressionAttributeValues?.[':pk'] === `frozen#${trainDay}`;
      return isDate ? Promise.reject(new Error('no answer')) : send(command);
    });
    const failing = { ...world.dependencies, timetable };
    expect((await sweep(failing)).failed).toMatchObject([{ key: trainDay }]);
    world.pass(86_400 - 3600);
    expect((await sweep(failing)).failed).toMatchObject([{ key: trainDay }]);
    world.pass(60);
    expect(await sweep()).toEqual({ noted: 1, failed: [] });
    world.pass(60);
    expect(await sweep()).toEqual({ noted: 0, failed: [] });
  });
});
