#!/usr/bin/env node
/**
 * The start of every npm script, in plain JavaScript without dependencies: it must run in a fresh clone, under the Node that the
 * machine has (20 or newer).
 *
 *   node cli/bootstrap.js <command …>     the command line (cli/keyun.ts)
 *   node cli/bootstrap.js --test [part …] all checks (tests/run.ts), or parts of them
 *   node cli/bootstrap.js --jest …        jest only, on a file or a folder of tests
 *   node cli/bootstrap.js --simulate …    simulations from a seed (tests/simulation/run.ts)
 *   node cli/bootstrap.js --plant …       simulations with deliberate faults (tests/simulation/planted/run.ts)
 *   node cli/bootstrap.js --bench …       the cost of a booking (tests/bench/run.ts)
 *   node cli/bootstrap.js --soak …        a local run under many purchases (tests/bench/soak/run.ts)
 *   node cli/bootstrap.js --costs …       what a deployment costs at list prices (tests/bench/costs/run.ts)
 *
 * It writes nothing to stdout itself, so that you can pipe `npm run -s keyun -- … --json`.
 */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** An older Node may not even parse the files below, so they are loaded after this check. */
const oldestNode = 20;

try {
  if (Number(process.versions.node.split('.')[0]) < oldestNode)
    throw new Error(
      `Node ${oldestNode} or newer is needed to begin, and this is ${process.version}: install one from nodejs.org`,
    );
  const { installPackages } = await import('./install-packages.js');
  const { findNode, runUntilItEnds } = await import('./run-under-node-24.js');
  await installPackages(root);
  const [first, ...rest] = process.argv.slice(2);
  const other = {
    '--test': 'tests/run.ts',
    '--jest': 'node_modules/jest/bin/jest.js',
    '--simulate': 'tests/simulation/run.ts',
    '--plant': 'tests/simulation/planted/run.ts',
    '--bench': 'tests/bench/run.ts',
    '--soak': 'tests/bench/soak/run.ts',
    '--costs': 'tests/bench/costs/run.ts',
  }[first];
  const script = other
    ? [join(root, other), ...rest]
    : [join(root, 'cli/keyun.ts'), ...process.argv.slice(2)];
  runUntilItEnds(root, findNode(root), script);
} catch (error) {
  process.stderr.write(`keyun: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
