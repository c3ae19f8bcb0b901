import { readKilometreRate, readPairFares } from '../../shared/fares/store.ts';
import { stopIdSchema } from '../../shared/platform/ids.ts';
import { importingWorld, type ImportingWorld } from '../support/importing-world.ts';
import { stoppingAt } from '../support/stopping-table.ts';

let world: ImportingWorld;
beforeEach(async () => {
  world = await importingWorld();
});
afterEach(() => world.stop());

test('that a pair has no fare is remembered only after a read that sees all that was written', async () => {
  const { version } = await world.imported();
  const reads: { consistent: unknown }[] = [];
  const { table } = stoppingAt(world.timetable, ({ input }) => {
    reads.push({ consistent: (input as { ConsistentRead?: unknown }).ConsistentRead });
    return false;
  });
  const [from, to] = [stopIdSchema.parse('A'), stopIdSchema.parse('C')];
  expect(await readPairFares(table, version, from, to)).toBeUndefined();
  expect(await readKilometreRate(table, version)).toMatchObject({ perKilometre: 10 });
  expect(reads).toEqual([{ consistent: true }, { consistent: true }]);
  expect(await readPairFares(table, version, from, to)).toBeUndefined();
  expect(reads).toHaveLength(2);
});
