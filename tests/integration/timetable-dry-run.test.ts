import { everythingIn } from '../support/everything-in.ts';
import {
  importingWorld,
  lastYear,
  late,
  runOfTrain,
  withoutDay,
  type ImportingWorld,
} from '../support/importing-world.ts';
import type { FeedTexts } from '../support/sample-feed.ts';

let world: ImportingWorld;
beforeEach(async () => {
  world = await importingWorld();
});
afterEach(() => world.stop());

const foreseen = async (changes: FeedTexts) => {
  const result = await world.tryForesee(changes);
  if (result.outcome !== 'would-import') throw new Error(JSON.stringify(result.refusals));
  return result;
};

describe('a dry run', () => {
  test('says what would change for runs that orders have touched, and writes nothing', async () => {
    await world.imported();
    const sold = await world.boughtBy(1, 'day');
    await world.heldBy(2, 'night');
    const before = await everythingIn(world.tables);
    const changed = await foreseen(late);
    expect(await everythingIn(world.tables)).toEqual(before);
    expect(changed).toMatchObject({
      doubts: [],
      report: {
        trips: 2,
        firstDate: '2027-01-01',
        lastDate: '2027-12-31',
        pairsWithoutFare: 0,
        tripsWithoutLayout: 0,
        changedRuns: [],
        waitingRuns: [{ runId: runOfTrain('night'), differs: 'times' }],
        keptRuns: [{ runId: runOfTrain('day'), differs: 'times' }],
      },
    });
    expect((await foreseen(withoutDay)).report).toMatchObject({
      waitingRuns: [],
      keptRuns: [{ runId: runOfTrain('day'), differs: 'gone' }],
    });
    // The import does what the dry run has said.
    const { changedRuns, waitingRuns, keptRuns } = await world.imported(late);
    expect({ changedRuns, waitingRuns, keptRuns }).toEqual({
      changedRuns: changed.report.changedRuns,
      waitingRuns: changed.report.waitingRuns,
      keptRuns: changed.report.keptRuns,
    });
    await world.standing(sold.orderId, 'issued');
  });

  test('says that a run which nobody holds any more would follow, or be off sale', async () => {
    await world.imported();
    await world.heldBy(1, 'day');
    await world.cleanUpAfter(1000);
    await world.cleanUpAfter(400);
    expect((await foreseen(late)).report.changedRuns).toMatchObject([
      { runId: runOfTrain('day'), differs: 'times' },
    ]);
    expect((await foreseen(withoutDay)).report.changedRuns).toMatchObject([{ differs: 'gone' }]);
  });

  test('of a feed that would be refused, or doubted, says so', async () => {
    await world.imported();
    const before = await everythingIn(world.tables);
    expect((await foreseen(lastYear)).doubts.map(({ kind }) => kind)).toEqual(['in-the-past']);
    const result = await world.tryForesee({ 'stops.txt': undefined });
    expect(result).toMatchObject({ outcome: 'refused', refusals: [expect.anything()] });
    expect(await everythingIn(world.tables)).toEqual(before);
  });
});

describe('an import that looks like a mistake', () => {
  test('is refused if nobody says yes, and has written nothing', async () => {
    await world.imported();
    const before = await everythingIn(world.tables);
    expect(await world.tryImport(lastYear)).toMatchObject({
      outcome: 'refused',
      refusals: [{ kind: 'in-the-past', listed: [{ reason: expect.stringContaining('--yes') }] }],
    });
    expect(await world.tryImport({}, { options: {} })).toMatchObject({
      outcome: 'refused',
      refusals: [{ kind: 'no-fares' }],
    });
    expect(await everythingIn(world.tables)).toEqual(before);
    expect(await world.tryImport(lastYear, { yes: true })).toMatchObject({ outcome: 'imported' });
    expect(await world.journeys()).toEqual([]);
  });
});
