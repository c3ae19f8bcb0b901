import { holdSeats } from '../../shared/inventory/hold-seats.ts';
import { closedForGood } from '../../shared/inventory/pieces.ts';
import { classSchema, orderIdSchema, type RunId } from '../../shared/platform/ids.ts';
import { newUlid } from '../../shared/platform/random.ts';
import { changeRun } from '../../shared/runs/change-run.ts';
import { closeRun } from '../../shared/runs/close-run.ts';
import { beginChange } from '../../shared/timetable/change-store.ts';
import type { Run } from '../../shared/timetable/model.ts';
import { runWorld, type RunWorld } from '../support/run-world.ts';
import { isFlip, stoppingAt } from '../support/stopping-table.ts';
import { accepted, rejected } from '../../shared/platform/outcome.ts';

let world: RunWorld;
beforeAll(async () => {
  world = await runWorld();
});
afterAll(() => world.stop());

const hold = (run: Run) =>
  holdSeats(world.dependencies)({
    orderId: orderIdSchema.parse(newUlid(world.time.now)),
    run,
    class: classSchema.parse('second'),
    stretch: { from: 0, to: 3 },
    party: 1,
    wishes: {},
  });

const closedRun = async (runId: RunId): Promise<Run> => {
  const closed = await closeRun(world.dependencies, runId);
  if (closed.outcome === 'rejected') throw new Error(closed.reason);
  return closed.run;
};

describe('a run that is closed for good', () => {
  test('is closed in the generation it has come to, untouched shards included', async () => {
    const { run, fresh } = await world.behind('E1');
    await changeRun(world.dependencies, run, fresh!);
    // Whoever closes it has read it before it changed.
    const closed = await closedRun(run.runId);
    expect(closed).toMatchObject({ state: 'closed', generation: 2 });
    expect(await world.closedIn(closed)).toEqual([closedForGood]);
    expect(await hold(closed)).toEqual({ outcome: 'rejected', reason: 'closed' });
  });

  test('changes no more: a change that was about to end is overtaken', async () => {
    const { run, fresh } = await world.behind('E2');
    const { table, reached, goOn } = stoppingAt(world.timetable, isFlip);
    const change = changeRun({ ...world.dependencies, timetable: table }, run, fresh!);
    await reached;
    await closeRun(world.dependencies, run.runId);
    goOn();
    expect(await change).toEqual(rejected('overtaken'));
    expect(await world.frozen('E2')).toMatchObject({ generation: 1, state: 'closed' });
    expect(await world.closedIn(run)).toEqual([closedForGood, closedForGood]);
    expect(await beginChange(world.timetable, run, fresh!.version)).toEqual(rejected('overtaken'));
  });

  test('is closed in the very generation that its own write found', async () => {
    const { run, fresh } = await world.behind('E3');
    const { table, reached, goOn } = stoppingAt(
      world.timetable,
      ({ input }) => input.UpdateExpression?.startsWith('SET #state') ?? false,
    );
    const closing = closeRun({ ...world.dependencies, timetable: table }, run.runId);
    await reached;
    expect(await changeRun(world.dependencies, run, fresh!)).toEqual(accepted({}));
    goOn();
    expect(await closing).toMatchObject({ run: { generation: 2, state: 'closed' } });
    expect(await world.closedIn(await world.frozen('E3'))).toEqual([closedForGood]);
  });

  test('is there though nobody had touched it, and unknown where the timetable does not have it', async () => {
    await world.inForce('E4');
    const closed = await closedRun(world.runIdOfTrain('E4'));
    expect(await world.closedIn(closed)).toEqual([closedForGood, closedForGood]);
    expect(await world.order(closed, [90])).toMatchObject({ reason: 'not-on-sale' });
    expect(await closeRun(world.dependencies, world.runIdOfTrain('E5'))).toEqual(rejected('unknown-run'));
  });
});
