import type { ServiceDate } from '../platform/ids.ts';
import type { ServiceDays } from '../timetable/model.ts';
import { dateFault, datesOf } from './dates.ts';
import { wholeNumber } from './fields.ts';
import type { ProblemList } from './problems.ts';
import type { Row } from './read-table.ts';
import { dateOf, dayOf, daysOfService, spanOf, type Pattern } from './service-days.ts';

/** The days on which each service runs, as bits counted from `firstDate`, and the services that are left out. */
export type Services = {
  firstDate: ServiceDate;
  daysOf: ReadonlyMap<string, ServiceDays>;
  leftOut: ReadonlySet<string>;
};

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

export const calendarTable = {
  file: 'calendar.txt',
  required: ['service_id', ...weekdays, 'start_date', 'end_date'],
};
export const calendarDatesTable = {
  file: 'calendar_dates.txt',
  required: ['service_id', 'date', 'exception_type'],
};

type Read = {
  patterns: Map<string, Pattern & { line: number }>;
  exceptions: Map<string, Map<number, boolean>>;
  leftOut: Set<string>;
};

export const serviceReader = (problems: ProblemList, today: ServiceDate) => {
  const read: Read = { patterns: new Map(), exceptions: new Map(), leftOut: new Set() };
  return {
    onCalendarRow: calendarRows(read, problems),
    onCalendarDatesRow: exceptionRows(read, problems),
    finish: () => joinServices(read, today, problems),
  };
};

const noService = (file: string, line: number) => ({
  kind: 'no-id',
  file,
  line,
  reason: 'service_id is empty',
});

const calendarRows = ({ patterns, leftOut }: Read, problems: ProblemList) => {
  const { file } = calendarTable;
  return (row: Row): void => {
    const { line, text } = row;
    const service = text('service_id');
    if (!service) return problems.leaveOut('row', undefined, noService(file, line));
    if (leftOut.has(service)) return undefined;
    const first = patterns.get(service);
    const pattern = patternOf(row);
    if (typeof pattern !== 'string' && !first) return void patterns.set(service, { ...pattern, line });
    if (typeof pattern !== 'string' && first && isSame(first, pattern)) {
      const reason = `repeats service ${service} of line ${first.line}: it counts once`;
      return problems.warn({ kind: 'repeated-row', file, line, reason });
    }
    patterns.delete(service);
    leftOut.add(service);
    const [kind, reason] =
      typeof pattern === 'string'
        ? ['calendar', pattern]
        : ['contradicting-rows', `contradicts line ${first?.line}, which has the same service_id`];
    return problems.leaveOut('service', service, { kind, file, line, reason });
  };
};

const isSame = (a: Pattern, b: Pattern): boolean =>
  a.first === b.first && a.last === b.last && a.weekdays.join() === b.weekdays.join();

/** A row of calendar.txt, or why it is invalid. */
const patternOf = ({ text }: Row): Pattern | string => {
  const columns = ['start_date', 'end_date'] as const;
  const dates = columns.map((column) => datesOf(text(column)));
  const faulty = columns.find((_, at) => dates[at]?.length !== 1);
  if (faulty) return dateFault(faulty, text(faulty));
  const [first, last] = dates.map(([date]) => (date ? dayOf(date) : 0)) as [number, number];
  if (last < first) return `ends on ${dateOf(last)}, before it starts on ${dateOf(first)}`;
  const runs = weekdays.map((name) => wholeNumber(text(name)));
  const wrong = weekdays.find((_, at) => runs[at] !== 0 && runs[at] !== 1);
  if (wrong) return `${wrong}: ${text(wrong)} is neither 0 nor 1`;
  return { first, last, weekdays: runs.map((value) => value === 1) };
};

/**
 * The exceptions. If a row can mean a day without service, nothing runs on that day: the operator can correct a train
 * that is not on sale, but not one that does not come.
 */
const exceptionRows = ({ exceptions }: Read, problems: ProblemList) => {
  const { file } = calendarDatesTable;
  return ({ line, text }: Row): void => {
    const leaveOut = (kind: string, reason: string): void =>
      problems.leaveOut('row', undefined, { kind, file, line, reason });
    const service = text('service_id');
    if (!service) return problems.leaveOut('row', undefined, noService(file, line));
    const [type, dates] = [wholeNumber(text('exception_type')), datesOf(text('date'))];
    const ofService = exceptions.get(service) ?? new Map<number, boolean>();
    exceptions.set(service, ofService);
    const [date] = dates;
    const adds = type === 1;
    const fault = exceptionFault(text, dates.length, type);
    if (fault) {
      if (!adds) for (const each of dates) ofService.set(dayOf(each), false);
      const instead =
        dates.length > 0 && !adds ? `, and service ${service} does not run on ${dates.join(', ')}` : '';
      return leaveOut('calendar', `${fault}${instead}`);
    }
    if (!date) return undefined;
    const known = ofService.get(dayOf(date));
    ofService.set(dayOf(date), adds && known !== false);
    if (known === undefined) return undefined;
    if (known === adds) {
      const reason = `repeats ${date} of service ${service}: it counts once`;
      return problems.warn({ kind: 'repeated-row', file, line, reason });
    }
    const reason = `contradicts an earlier row: service ${service} does not run on ${date}`;
    return leaveOut('contradicting-rows', reason);
  };
};

const exceptionFault = (text: Row['text'], dates: number, type: number | undefined): string | undefined => {
  if (dates !== 1) return dateFault('date', text('date'));
  if (type === 1 || type === 2) return undefined;
  return `exception_type ${text('exception_type')} is neither 1 nor 2`;
};

const joinServices = (
  { patterns, exceptions, leftOut }: Read,
  today: ServiceDate,
  problems: ProblemList,
): Services => {
  const services = new Set([...patterns.keys(), ...exceptions.keys()].filter((id) => !leftOut.has(id)));
  const span = spanOf(patterns.values(), exceptions.values(), today);
  if (!span) {
    const none = new Map([...services].map((service) => [service, new Uint8Array()]));
    return { firstDate: dateOf(0), daysOf: none, leftOut };
  }
  if (span.cut) {
    const [from, to, first, last] = [span.cut.first, span.cut.last, span.first, span.last].map(dateOf);
    const reason = `services run from ${from} to ${to}: only the days from ${first} to ${last} are taken`;
    problems.warn({ kind: 'cut-calendar', file: calendarTable.file, reason });
  }
  const daysOf = new Map<string, ServiceDays>();
  for (const service of services) {
    daysOf.set(service, daysOfService(patterns.get(service), exceptions.get(service), span));
  }
  return { firstDate: dateOf(span.first), daysOf, leftOut };
};
