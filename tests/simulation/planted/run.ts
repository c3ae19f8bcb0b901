/**
 * The checker is checked: `npm run simulate:faults`. Plants one deliberate fault after the other in a copy of the
 * product and simulates it until it is caught. Fails when one is not, or when the code it was made for has changed.
 */
import { parseArgs } from 'node:util';
import { buildWhenStale } from '../../../infra/local/run/build.ts';
import { catchByTest, catchFault, type Caught } from './catch.ts';
import { plantedFaults } from './faults.ts';
import { makeGarden } from './plant.ts';

const { values } = parseArgs({
  options: {
    /** The first seed, and how many of them a fault may escape. */
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '80' },
    steps: { type: 'string', default: '1200' },
    /** Only faults whose name contains this. */
    only: { type: 'string', default: '' },
  },
});

const chosen = plantedFaults.filter(({ name }) => name.includes(values.only));
if (chosen.length === 0) throw new Error(`no deliberate fault has "${values.only}" in its name`);
const toldOf = ({ rule, seed, calls }: Caught): string =>
  seed === 0 ? rule : `${rule.padEnd(18)} seed ${seed}, ${calls} calls`;

// The simulation walks the state machine of the template, and the copy gets ours.
await buildWhenStale((line) => console.error(line));
const garden = makeGarden();
let escaped = 0;
try {
  // All of them fit the code as it is, or none is tried.
  for (const fault of chosen) garden.plant(fault)();
  for (const fault of chosen) {
    const takeOut = garden.plant(fault);
    const caught = fault.test
      ? await catchByTest(garden.folder, fault.test)
      : await catchFault(garden.folder, {
          seed: Number(values.seed),
          seeds: Number(values.seeds),
          steps: Number(values.steps),
          world: fault.world ?? [],
        });
    takeOut();
    if (!caught) escaped += 1;
    const by = caught ? toldOf(caught) : 'NOT CAUGHT';
    console.log(`${caught ? '✓' : '✗'} ${fault.name.padEnd(55)} ${by}`);
  }
} finally {
  garden.remove();
}
console.log(`${chosen.length - escaped} of ${chosen.length} deliberate faults were caught`);
if (escaped > 0) process.exitCode = 1;
