/**
 * The checker is checked: `npm run simulate:faults`. Plants one deliberate fault after the other in a copy of the
 * product and simulates it until it is caught. Fails when one is not, or when the code it was made for has changed.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { plantedFaults, type PlantedFault } from './faults.ts';
import { makeGarden } from './plant.ts';

const { values } = parseArgs({
  options: {
    /** The first seed, and how many of them a fault may escape. */
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '20' },
    steps: { type: 'string', default: '1500' },
    /** Only faults whose name contains this. */
    only: { type: 'string', default: '' },
  },
});

type Caught = { seed: number; rule: string; calls: number } | undefined;

const simulateIn = (folder: string): Promise<Caught> =>
  new Promise((resolve, reject) => {
    const options = ['--seed', values.seed, '--seeds', values.seeds, '--steps', values.steps, '--first'];
    const child = spawn(process.execPath, [join(folder, 'tests/simulation/run.ts'), ...options], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => {
      const [, seed, rule = '', calls] = /^caught seed (\d+) rule (\S+) calls (\d+)$/m.exec(output) ?? [];
      if (seed) resolve({ seed: Number(seed), rule, calls: Number(calls) });
      else if (code === 0) resolve(undefined);
      else reject(new Error(output));
    });
  });

const garden = makeGarden();
const escaped: PlantedFault[] = [];
try {
  for (const fault of plantedFaults.filter(({ name }) => name.includes(values.only))) {
    const takeOut = garden.plant(fault);
    const caught = await simulateIn(garden.folder);
    takeOut();
    if (!caught) escaped.push(fault);
    const by = caught ? `${caught.rule.padEnd(18)} seed ${caught.seed}, ${caught.calls} calls` : 'NOT CAUGHT';
    console.log(`${caught ? '✓' : '✗'} ${fault.name.padEnd(55)} ${by}`);
  }
} finally {
  garden.remove();
}
if (escaped.length > 0) process.exitCode = 1;
