import { InvalidArgumentError, Option, type Command } from 'commander';
import { carrier } from '../../shared/platform/carrier-of-deployment.ts';
import { systemClock } from '../../shared/platform/clock.ts';
import { serviceDateSchema, type ServiceDate } from '../../shared/platform/ids.ts';
import { localDateOf, plusDays } from '../../shared/platform/time.ts';
import { isSame, type SalesCommand } from '../../shared/timetable/decide-sales.ts';
import type { SaleSubject, Sales } from '../../shared/timetable/model.ts';
import { changeSales, type SalesResult } from '../../shared/timetable/open-sales.ts';
import { readState, type TimetableState } from '../../shared/timetable/store.ts';
import { readTrips } from '../../shared/timetable/version-store.ts';
import { CommandFailure, type Tables } from '../connect.ts';
import { printSales } from '../print-sales.ts';
import { printJson, withTables } from '../run-command.ts';

type Flags = { from?: ServiceDate; days?: number; trip?: string; route?: string; json?: boolean };

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

const withDates = (command: Command, daysDefault: string): Command =>
  command
    .option('--from <date>', 'the first date of departure (default: today)', serviceDate)
    .option('--days <n>', `how many dates (default: ${daysDefault})`, days)
    .addOption(
      new Option('--trip <trip>', 'only this trip, by its public name or trip_id').conflicts('route'),
    )
    .option('--route <route>', 'only the trips of this route, by its route_id')
    .option('--json', 'print the result as JSON');

export const register = (program: Command): void => {
  const sales = program.command('sales').description('what is on sale');
  sales
    .command('show')
    .description('show what is on sale')
    .option('--json', 'print the result as JSON')
    .action((flags: Flags) => withTables(({ tables }) => runShow(tables, flags)));
  const open = sales
    .command('open')
    .description('open dates for sale, or end the exception of a trip or route');
  withDates(open, "from the carrier's profile").action((flags: Flags) =>
    withTables(({ tables }) => runChange(tables, flags, openCommand)),
  );
  const close = sales.command('close').description('close the sale of dates, of a trip or of a route');
  withDates(close, 'without an end').action((flags: Flags) =>
    withTables(({ tables }) => runChange(tables, flags, closeCommand)),
  );
};

const todayOf = ({ version }: TimetableState): ServiceDate =>
  localDateOf(systemClock()(), version?.timeZone ?? carrier().timeZone);

const runShow = async ({ timetable }: Tables, { json }: Flags): Promise<void> => {
  const state = await readState(timetable);
  show(state.sales, state, json ?? false);
};

const show = (sales: Sales | undefined, state: TimetableState, json: boolean): void => {
  const today = todayOf(state);
  if (!json) return printSales(sales, state.version, today);
  const { from, until, exceptions = [] } = sales ?? {};
  const { firstDate, lastDate } = state.version ?? {};
  return printJson({ today, from, until, exceptions, timetable: state.version && { firstDate, lastDate } });
};

type MakeCommand = (flags: Flags, subject: SaleSubject, today: ServiceDate) => SalesCommand;

const openCommand: MakeCommand = ({ from, days: count }, subject, today) => {
  const begin = from ?? today;
  const dates = { from: begin, until: plusDays(begin, (count ?? carrier().salesOpenDays) - 1) };
  if (subject.kind === 'all') return { what: 'open', subject, dates };
  return { what: 'open', subject, dates: from === undefined && count === undefined ? undefined : dates };
};

const closeCommand: MakeCommand = ({ from, days: count }, subject, today) => {
  const begin = from ?? today;
  const until = count === undefined ? undefined : plusDays(begin, count - 1);
  return { what: 'close', subject, dates: { from: begin, until } };
};

const runChange = async ({ timetable }: Tables, flags: Flags, make: MakeCommand): Promise<void> => {
  const state = await readState(timetable);
  const subject = subjectOf(flags);
  await checkSubject({ timetable }, state, subject);
  const today = todayOf(state);
  const result = await changeSales(timetable, make(flags, subject, today), today);
  if (result.outcome === 'rejected') throw new CommandFailure(whyNot(result));
  show(result.sales, state, flags.json ?? false);
};

const subjectOf = ({ trip, route }: Flags): SaleSubject => {
  if (trip !== undefined) return { kind: 'trip', id: trip };
  return route === undefined ? { kind: 'all' } : { kind: 'route', id: route };
};

/** A typing error must not look like a closed trip. What has an exception already can also be gone from the timetable. */
const checkSubject = async (
  { timetable }: Pick<Tables, 'timetable'>,
  { version, sales }: TimetableState,
  subject: SaleSubject,
): Promise<void> => {
  if (subject.kind === 'all' || sales?.exceptions?.some((each) => isSame(each.subject, subject))) return;
  const trips = version ? await readTrips(timetable, version) : [];
  const isKnown = trips.some(({ tripId, name, routeId }) =>
    subject.kind === 'trip' ? subject.id === tripId || subject.id === name : subject.id === routeId,
  );
  if (!isKnown) throw new CommandFailure(`the timetable in force has no ${subject.kind} ${subject.id}`);
};

const whyNot = ({ reason, current }: Extract<SalesResult, { outcome: 'rejected' }>): string =>
  ({
    gap: `sales are open from ${current?.from} to ${current?.until}: choose dates that adjoin or overlap them`,
    'too-many-exceptions': 'there are too many exceptions: end some, with keyun sales open --trip or --route',
    busy: 'somebody else is changing the sale: try again',
  })[reason];
