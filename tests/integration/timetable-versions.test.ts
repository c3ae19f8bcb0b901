import { rejected } from '../../shared/platform/outcome.ts';
import { instantSchema } from '../../shared/platform/time.ts';
import { everythingIn } from '../support/everything-in.ts';
import {
  importingWorld,
  late,
  runOfTrain,
  withoutDay,
  type ImportingWorld,
} from '../support/importing-world.ts';
import { stoppingAt } from '../support/stopping-table.ts';

let world: ImportingWorld;
beforeEach(async () => {
  world = await importingWorld();
});
afterEach(() => world.stop());

describe('a rollback', () => {
  test('puts an earlier timetable in force: its times, its trips and its fares', async () => {
    const first = await world.imported({}, { farePerKm: 10 });
    const second = await world.imported({ ...withoutDay }, { farePerKm: 20 });
    expect(await world.journeys()).toEqual(['Nachtzug 06:10 15212']);
    expect(await world.rolledBack(first.version)).toMatchObject({
      version: first.version,
      firstDate: '2027-01-01',
    });
    expect(await world.journeys()).toEqual(['ICE 701 16:00 7606', 'Nachtzug 06:10 7606']);
    expect(await world.listed()).toMatchObject([
      { version: second.version, inForce: false },
      { version: first.version, inForce: true, trips: 2, source: expect.stringMatching(/^keyun-feed-/) },
    ]);
    // And back again, however often.
    expect(await world.rolledBack(second.version)).toMatchObject({ version: second.version });
    expect(await world.journeys()).toEqual(['Nachtzug 06:10 15212']);
    expect((await world.listed()).map(({ inForce }) => inForce)).toEqual([true, false]);
    // An import after it is newer, as after any other.
    await world.imported(late);
    expect(await world.journeys()).toEqual(['ICE 701 17:30 7606', 'Nachtzug 07:10 7606']);
    expect(await world.listed()).toHaveLength(3);
  });

  test('changes nothing that is sold, and what is held follows after its hold', async () => {
    const first = await world.imported();
    await world.imported(late, { farePerKm: 20 });
    const sold = await world.boughtBy(1, 'day');
    const waiting = await world.heldBy(2, 'night');
    const result = await world.rolledBack(first.version);
    expect(result).toMatchObject({
      changedRuns: [],
      waitingRuns: [{ runId: runOfTrain('night'), trip: 'Nachtzug', differs: 'times' }],
      keptRuns: [{ runId: runOfTrain('day'), trip: 'ICE 701', differs: 'times' }],
    });
    // What is sold or held stays as it is, at the fare of the timetable in force.
    expect(await world.journeys()).toEqual(['ICE 701 17:30 7606', 'Nachtzug 07:10 7606']);
    expect(await world.standing(waiting.orderId, 'held')).toMatchObject({ amount: { amount: 15_212 } });
    await world.cleanUpAfter(1000);
    await world.cleanUpAfter(400);
    expect(await world.journeys()).toEqual(['ICE 701 17:30 7606', 'Nachtzug 06:10 7606']);
    expect(await world.standing(sold.orderId, 'issued')).toMatchObject({ amount: { amount: 15_212 } });
    // A run that the first version has just so is not touched.
    expect((await world.heldBy(3, 'night')).amount.amount).toBe(7606);
    const back = await world.frozen('night');
    expect(back).toMatchObject({ generation: 2, state: 'open' });
    const [day, night] = await Promise.all((['day', 'night'] as const).map((trip) => world.frozen(trip)));
    await world.expectClean(day!, night!);
  });

  test('leaves alone a run that orders froze in the very version that comes back', async () => {
    const first = await world.imported();
    await world.heldBy(1, 'day');
    await world.imported(late);
    expect(await world.rolledBack(first.version)).toMatchObject({
      changedRuns: [],
      waitingRuns: [],
      keptRuns: [],
    });
    await world.cleanUpAfter(1000);
    await world.cleanUpAfter(400);
    expect(await world.frozen('day')).toMatchObject({
      generation: 1,
      version: first.version,
    });
    expect(await world.journeys()).toEqual(['ICE 701 16:00 7606', 'Nachtzug 06:10 7606']);
  });

  test('is refused for a version that is in force, or that nobody knows, and asks about one that is over', async () => {
    const first = await world.imported();
    const second = await world.imported(late);
    expect(await world.rolledBack(second.version)).toEqual(rejected('in-force-already'));
    for (const typed of ['01AAAAAAAAAAAAAAAAAAAAAAAA', '', '~', `${first.version}~`, 'x'.repeat(2000)]) {
      expect(await world.rolledBack(typed)).toEqual(rejected('unknown-version'));
    }
    const before = await everythingIn(world.tables);
    world.time.now = instantSchema.parse('2028-01-15T08:00:00.000Z');
    expect(await world.rolledBack(first.version)).toEqual(rejected('needs-yes'));
    expect(await everythingIn(world.tables)).toEqual(before);
    expect(await world.rolledBack(first.version, { yes: true })).toMatchObject({ outcome: 'accepted' });
    // The rows of a version are deleted ninety days after its last day.
    world.time.now = instantSchema.parse('2028-04-15T08:00:00.000Z');
    expect(await world.rolledBack(second.version, { yes: true })).toEqual(rejected('unknown-version'));
  });
});

describe('an import and a rollback at once', () => {
  /** Stands still just before the write that puts a version in force. */
  const standingStill = () => {
    const isInForce = (item: { sk?: unknown } | undefined) => item?.sk === 'version';
    return stoppingAt(
      world.timetable,
      ({ input }) =>
        isInForce(input.Item) ||
        ((input as { TransactItems?: { Put?: { Item?: { sk?: unknown } } }[] }).TransactItems ?? []).some(
          ({ Put }) => isInForce(Put?.Item),
        ),
    );
  };

  test('have one winner: an import that comes second is refused, and its version is not kept', async () => {
    const first = await world.imported();
    await world.imported(late);
    const { table, reached, goOn } = standingStill();
    const importing = world.tryImport(withoutDay, { timetable: table });
    await reached;
    expect(await world.rolledBack(first.version)).toMatchObject({ outcome: 'accepted' });
    goOn();
    expect(await importing).toMatchObject({ outcome: 'refused', refusals: [{ kind: 'overtaken' }] });
    expect(await world.journeys()).toEqual(['ICE 701 16:00 7606', 'Nachtzug 06:10 7606']);
    expect(await world.listed()).toHaveLength(2);
  });

  test('have one winner: a rollback that comes second is refused', async () => {
    const first = await world.imported();
    await world.imported(late);
    const { table, reached, goOn } = standingStill();
    const rolling = world.rolledBack(first.version, { timetable: table });
    await reached;
    await world.imported(withoutDay);
    goOn();
    expect(await rolling).toEqual(rejected('newer-in-force'));
    expect(await world.journeys()).toEqual(['Nachtzug 06:10 7606']);
  });
});
