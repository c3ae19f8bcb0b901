import { InvalidArgumentError, type Command } from 'commander';
import { carrier } from '../../shared/platform/carrier-of-deployment.ts';
import { systemClock } from '../../shared/platform/clock.ts';
import type { Table } from '../../shared/platform/dynamo.ts';
import { serviceDateSchema, type ServiceDate } from '../../shared/platform/ids.ts';
import { daysBetween, localDateOf, plusDays } from '../../shared/platform/time.ts';
import { openSales } from '../../shared/timetable/open-sales.ts';
import { readState } from '../../shared/timetable/store.ts';
import { CommandFailure } from '../connect.ts';
import { print, printJson, withTables } from '../run-command.ts';

type Flags = { from?: ServiceDate; days?: number; json?: boolean };

const daysMax = 3660;

const serviceDate = (text: string): ServiceDate => {
  const parsed = serviceDateSchema.safeParse(text);
  if (!parsed.success) throw new InvalidArgumentError('must be a day such as 2026-12-01');
  return parsed.data;
};

const days = (text: string): number => {
  if (!/^[1-9]\d{0,3}$/.test(text) || Number(text) > daysMax) {
    throw new InvalidArgumentError(`must be a whole number from 1 to ${daysMax}`);
  }
  return Number(text);
};

export const register = (program: Command): void => {
  program
    .command('sales')
    .description('what is on sale')
    .command('open')
    .description('open service dates for sale')
    .option('--from <date>', 'the first date (default: today)', serviceDate)
    .option('--days <n>', "how many dates (default: from the carrier's profile)", days)
    .option('--json', 'print the result as JSON')
    .action((flags: Flags) => withTables(({ tables }) => run(tables.timetable, flags)));
};

const run = async (timetable: Table, flags: Flags): Promise<void> => {
  const { version } = await readState(timetable);
  const { timeZone, salesOpenDays } = carrier();
  const today = localDateOf(systemClock()(), version?.timeZone ?? timeZone);
  const from = flags.from ?? today;
  const until = plusDays(from, (flags.days ?? salesOpenDays) - 1);
  const result = await openSales(timetable, { from, until }, today);
  if (result.outcome === 'rejected') {
    throw new CommandFailure(
      `sales are open from ${result.current?.from} to ${result.current?.until}: choose dates that adjoin or overlap them`,
    );
  }
  const { sales } = result;
  if (flags.json) return printJson(sales);
  print(`On sale: runs of ${sales.from} to ${sales.until}, ${daysBetween(sales.from, sales.until) + 1} days`);
  if (!version) print('There is no timetable yet: run keyun timetable import');
  else if (version.lastDate < sales.from) print(`The timetable ends on ${version.lastDate}`);
  return undefined;
};
