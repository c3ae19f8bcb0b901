#!/usr/bin/env node
/**
 * The way in for every npm script, in plain JavaScript without a dependency, because it must run before there
 * is anything else: under the Node that the machine happens to have (20 or newer) and in a fresh clone.
 *
 *   node cli/bootstrap.js <command …>     the command line (cli/keyun.ts)
 *   node cli/bootstrap.js --test [part …] the whole check (tests/run.ts), or parts of it
 *   node cli/bootstrap.js --jest …        jest alone, on a file or a folder of tests
 *   node cli/bootstrap.js --simulate …    simulations from a seed (tests/simulation/run.ts)
 *   node cli/bootstrap.js --plant …       the same over deliberate faults (tests/simulation/planted/run.ts)
 *   node cli/bootstrap.js --bench …       what a booking costs (tests/bench/run.ts)
 *   node cli/bootstrap.js --soak …        a local run under many purchases (tests/bench/soak/run.ts)
 *
 * It writes nothing of its own to stdout, so that `npm run -s keyun -- … --json` can be piped.
 */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installPackages } from './install-packages.js';
import { findNode, runUntilItEnds } from './run-under-node-24.js';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

try {
  await installPackages(root);
  const [first, ...rest] = process.argv.slice(2);
  const other = {
    '--test': 'tests/run.ts',
    '--jest': 'node_modules/jest/bin/jest.js',
    '--simulate': 'tests/simulation/run.ts',
    '--plant': 'tests/simulation/planted/run.ts',
    '--bench': 'tests/bench/run.ts',
    '--soak': 'tests/bench/soak/run.ts',
  }[first];
  const script = other
    ? [join(root, other), ...rest]
    : [join(root, 'cli/keyun.ts'), ...process.argv.slice(2)];
  runUntilItEnds(root, findNode(root), script);
} catch (error) {
  process.stderr.write(`keyun: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
