import type { Simulated } from './simulate.ts';
import { catchFault } from './planted/catch.ts';
import { plantedFaults } from './planted/faults.ts';
import { makeGarden } from './planted/plant.ts';

jest.setTimeout(120_000);

let simulate: (options: { seed: number; calls: number }) => Promise<Simulated>;
beforeAll(async () => {
  // Read when the logger is made, which is when it is imported.
  process.env['POWERTOOLS_LOG_LEVEL'] = 'SILENT';
  ({ simulate } = await import('./simulate.ts'));
});

const again = (seed: number, calls: number): string => `npm run simulate -- --seed ${seed} --steps ${calls}`;

describe('a world with faults', () => {
  test.each([3, 4])('comes to a correct rest, seed %i', async (seed) => {
    const { wrong, ends } = await simulate({ seed, calls: 600 });
    expect({ again: again(seed, 600), wrong }).toEqual({ again: again(seed, 600), wrong: [] });
    // A world in which nobody can buy has nothing to go wrong.
    expect(ends['issued']).toBeGreaterThan(0);
  });

  test('happens again exactly from its seed', async () => {
    const [once, twice] = [await simulate({ seed: 7, calls: 150 }), await simulate({ seed: 7, calls: 150 })];
    expect(once.trace.length).toBeGreaterThan(150);
    expect(twice.trace).toEqual(once.trace);
  });
});

describe('a deliberate fault', () => {
  const garden = makeGarden();
  afterAll(() => garden.remove());

  test('each has its code in the product', () => {
    for (const fault of plantedFaults) garden.plant(fault)();
  });

  test.each(['T1: a piece need not be free', 'T2: claims are not added'])('is caught: %s', async (name) => {
    const fault = plantedFaults.find((each) => each.name === name);
    if (!fault) throw new Error('no such fault is planted');
    const takeOut = garden.plant(fault);
    expect(await catchFault(garden.folder, { seed: 1, seeds: 6, steps: 600 })).toBeDefined();
    takeOut();
  });
});
