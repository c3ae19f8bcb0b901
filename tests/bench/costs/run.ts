/**
 * `npm run costs`: counts one purchase and the idle sweeps on an emulator of its own, and prints what they cost at list prices.
 * `--write` also writes infra/costs/counted.json and the tables of README.md and docs/costs.md. `--log <file>` measures the log
 * anew, from logs/functions.log of a local run in which somebody has bought a ticket.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { costTables } from '../../../infra/costs/cost-tables.ts';
import { countedFile } from '../../../infra/costs/counted.ts';
import { readPrices } from '../../../infra/costs/prices.ts';
import { currentTemplates } from '../bench-tables.ts';
import { countAgain } from './count.ts';
import { logBytesOf } from './log-bytes.ts';
import { costPages, filledPage, writePage } from './pages.ts';

const { values } = parseArgs({
  options: { write: { type: 'boolean', default: false }, log: { type: 'string' } },
});

const templates = await currentTemplates();
const counts = await countAgain(templates);
const today = new Date().toISOString().slice(0, 10);
const logBytes = values.log
  ? logBytesOf(readFileSync(values.log, 'utf8'), counts.purchase.httpRequests, today)
  : counts.logBytes;
const counted = { ...counts, logBytes };
const { idle, tickets } = costTables(templates, counted, readPrices());
process.stdout.write(`${idle}\n\n${tickets}\n`);
if (values.write) {
  writeFileSync(countedFile, `${JSON.stringify(counted, null, 2)}\n`);
  for (const page of costPages) writePage(page, filledPage(page, templates, counted));
}
