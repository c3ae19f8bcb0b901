import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { buyFromFeed } from './buy-from-feed.ts';
import { makeFeed } from './make-feed.ts';

/*
 * Imports feeds and buys a seat from each, under each carrier:
 *
 *   node tests/bench/feeds/run.ts [--carrier <name>]… [--tolerate <percent>] [--make <stop times>] [<feed>…]
 *
 * `--make` makes a feed of that many stop times. It prints a line for each import, and ends with 1 if one failed. Give it
 * one feed and one carrier to measure memory: the peak is that of the whole process.
 */

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    carrier: { type: 'string', multiple: true },
    tolerate: { type: 'string' },
    make: { type: 'string' },
  },
});

const folder = mkdtempSync(join(tmpdir(), 'keyun-feeds-'));
try {
  const made = values.make === undefined ? [] : [makeFeed(join(folder, 'made'), Number(values.make))];
  const tolerate = values.tolerate === undefined ? undefined : Number(values.tolerate);
  for (const source of [...made, ...positionals]) {
    for (const carrier of values.carrier ?? ['cn-rail', 'eu-coach', 'us-rail']) {
      const line = await buyFromFeed(source, carrier, tolerate).catch((error: unknown) => {
        process.exitCode = 1;
        return `FAILED ${error instanceof Error ? error.message : String(error)}`;
      });
      process.stdout.write(`${basename(source)}, ${carrier}: ${line}\n`);
    }
  }
} finally {
  rmSync(folder, { recursive: true });
}
