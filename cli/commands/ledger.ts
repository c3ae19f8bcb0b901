import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { csvOf } from '../../shared/ledger/csv.ts';
import type { JournalEntry } from '../../shared/ledger/model.ts';
import { readLedger, spanOf, watchingEntries, type LedgerDays } from '../../shared/ledger/read-ledger.ts';
import { listAnySpan } from '../../shared/ledger/scan-store.ts';
import { carrier } from '../../shared/platform/carrier-of-deployment.ts';
import { systemClock } from '../../shared/platform/clock.ts';
import type { Table } from '../../shared/platform/dynamo.ts';
import { serviceDateSchema, type ServiceDate } from '../../shared/platform/ids.ts';
import { localDateOf, plusDays } from '../../shared/platform/time.ts';
import { CommandFailure } from '../connect.ts';
import { printLedger, printLedgerJson, reportWrong } from '../print-ledger.ts';
import { withTables } from '../run-command.ts';

type Flags = { from?: ServiceDate; until?: ServiceDate; csv?: boolean; json?: boolean };

const daysUsually = 7;

const day = (text: string): ServiceDate => {
  const parsed = serviceDateSchema.safeParse(text);
  // A year 0 is none, and the days before it cannot be written.
  if (!parsed.success || text < '0001') throw new InvalidArgumentError('must be a day such as 2026-12-01');
  return parsed.data;
};

export const register = (program: Command): void => {
  program
    .command('ledger')
    .description('the balances of the books, by day and account; changes nothing')
    .option('--from <date>', `the first day (default: ${daysUsually} days up to the last)`, day)
    .option('--until <date>', 'the last day (default: today)', day)
    .addOption(new Option('--csv', 'print the journal as CSV, a row for each leg').conflicts('json'))
    .option('--json', 'print the balances as JSON')
    .action((flags: Flags) => withTables(({ tables }) => runLedger(tables.bookings, flags)));
};

/** Each day to come costs as many requests as a day of sales. */
const daysAheadMax = 366;

const daysOf = ({ from, until }: Flags): LedgerDays => {
  const { timeZone } = carrier();
  const today = localDateOf(systemClock()(), timeZone);
  const last = until ?? today;
  if (last > plusDays(today, daysAheadMax))
    throw new CommandFailure(`the last day, ${last}, is more than a year away`);
  const first = from ?? plusDays(last, 1 - daysUsually);
  if (first > last) throw new CommandFailure(`the first day, ${first}, is after the last, ${last}`);
  return { from: first, until: last, timeZone };
};

const runLedger = async (bookings: Table, flags: Flags): Promise<void> => {
  const days = daysOf(flags);
  if (flags.csv) return reportWrong(await printCsv(bookings, days));
  const ledger = await readLedger(bookings, days);
  if (flags.json) printLedgerJson(ledger, days);
  else printLedger(ledger, days);
  reportWrong(ledger.wrong);
};

/** Writes as fast as somebody reads. It ends early without a fault when nobody reads on, as with `| head`. */
const printCsv = async (bookings: Table, days: LedgerDays) => {
  const watch = watchingEntries();
  const entries = listAnySpan(bookings, spanOf(days), watch);
  async function* seen(): AsyncGenerator<JournalEntry> {
    for await (const entry of entries) {
      watch.see(entry);
      yield entry;
    }
  }
  try {
    await pipeline(Readable.from(csvOf(seen(), days)), process.stdout, { end: false });
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'EPIPE') throw error;
  }
  return watch.wrong;
};
