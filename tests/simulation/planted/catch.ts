import { spawn } from 'node:child_process';
import { join } from 'node:path';

export type Caught = { seed: number; rule: string; calls: number };

/** Simulates in a copy of the product until a seed finds something wrong; undefined when none of them does. */
export const catchFault = (
  folder: string,
  {
    seed,
    seeds,
    steps,
    world = [],
  }: { seed: number; seeds: number; steps: number; world?: readonly string[] },
): Promise<Caught | undefined> =>
  new Promise((resolve, reject) => {
    const options = [
      '--seed',
      String(seed),
      '--seeds',
      String(seeds),
      '--steps',
      String(steps),
      '--first',
      ...world,
    ];
    const child = spawn(process.execPath, [join(folder, 'tests/simulation/run.ts'), ...options], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => {
      const [, found, rule = '', calls] = /^caught seed (\d+) rule (\S+) calls (\d+)$/m.exec(output) ?? [];
      if (found) resolve({ seed: Number(found), rule, calls: Number(calls) });
      else if (code === 0) resolve(undefined);
      else reject(new Error(output));
    });
  });

/** Runs one file of tests in a copy of the product; undefined when they pass. */
export const catchByTest = (folder: string, test: string): Promise<Caught | undefined> =>
  new Promise((resolve, reject) => {
    const jest = join(folder, 'node_modules/jest/bin/jest.js');
    const child = spawn(process.execPath, [jest, '--rootDir', folder, test], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let output = '';
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(undefined);
      else if (/^Tests: +\d+ failed/m.test(output)) resolve({ seed: 0, rule: test, calls: 0 });
      else reject(new Error(output));
    });
  });
