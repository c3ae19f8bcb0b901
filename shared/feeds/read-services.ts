import type { ServiceDate } from '../platform/ids.ts';
import { serviceDateSchema } from '../platform/ids.ts';
import type { ServiceDays } from '../timetable/model.ts';
import { dateOfDigits } from './fields.ts';
import type { ProblemList } from './problems.ts';
import type { Row } from './read-table.ts';

/** The days on which each service runs, as bits counted from `firstDate`. */
export type Services = { firstDate: ServiceDate; daysOf: ReadonlyMap<string, ServiceDays> };

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
/** Without this limit, a calendar until 9999 would make every trip's list of days half a megabyte. */
const spanDaysMax = 30 * 366;

export const calendarTable = {
  file: 'calendar.txt',
  required: ['service_id', ...weekdays, 'start_date', 'end_date'],
};
export const calendarDatesTable = {
  file: 'calendar_dates.txt',
  required: ['service_id', 'date', 'exception_type'],
};

/** Days since 1970-01-01, which was a Thursday. */
const dayOf = (date: ServiceDate): number => Date.parse(date) / 86_400_000;
const dateOf = (day: number): ServiceDate =>
  serviceDateSchema.parse(new Date(day * 86_400_000).toISOString().slice(0, 10));
const weekdayOf = (day: number): number => (day + 3) % 7;

type Pattern = { first: number; last: number; weekdays: readonly boolean[] };

export const serviceReader = (problems: ProblemList) => {
  const patterns = new Map<string, Pattern>();
  const exceptions = new Map<string, Map<number, boolean>>();

  const onCalendarRow = (row: Row): void => {
    const { line, text } = row;
    const service = text('service_id');
    const report = (reason: string): void => problems.report(calendarTable.file, line, reason);
    if (!service) return report('service_id is empty');
    if (patterns.has(service)) return report(`the service_id ${service} occurs twice`);
    const pattern = patternOf(row, report);
    if (pattern) patterns.set(service, pattern);
    return undefined;
  };

  const onCalendarDatesRow = ({ line, text }: Row): void => {
    const report = (reason: string): void => problems.report(calendarDatesTable.file, line, reason);
    const [service, type] = [text('service_id'), text('exception_type')];
    const date = dateOfDigits(text('date'));
    if (!service) return report('service_id is empty');
    if (!date) return report(`date: ${text('date')} is not a day written YYYYMMDD`);
    if (type !== '1' && type !== '2') return report(`exception_type ${type} is neither 1 nor 2`);
    const ofService = exceptions.get(service) ?? new Map<number, boolean>();
    exceptions.set(service, ofService);
    if (ofService.has(dayOf(date))) return report(`service ${service} has ${date} twice`);
    ofService.set(dayOf(date), type === '1');
    return undefined;
  };

  return { onCalendarRow, onCalendarDatesRow, finish: () => joinServices(patterns, exceptions, problems) };
};

const patternOf = ({ text }: Row, report: (reason: string) => void): Pattern | undefined => {
  const [first, last] = [dateOfDigits(text('start_date')), dateOfDigits(text('end_date'))];
  if (!first) return void report(`start_date: ${text('start_date')} is not a day written YYYYMMDD`);
  if (!last) return void report(`end_date: ${text('end_date')} is not a day written YYYYMMDD`);
  if (last < first) return void report(`ends on ${last}, before it starts on ${first}`);
  const wrong = weekdays.find((name) => !/^[01]$/.test(text(name)));
  if (wrong) return void report(`${wrong}: ${text(wrong)} is neither 0 nor 1`);
  return { first: dayOf(first), last: dayOf(last), weekdays: weekdays.map((name) => text(name) === '1') };
};

const joinServices = (
  patterns: ReadonlyMap<string, Pattern>,
  exceptions: ReadonlyMap<string, ReadonlyMap<number, boolean>>,
  problems: ProblemList,
): Services => {
  let [first, last] = [Infinity, -Infinity];
  const include = (day: number): void => {
    first = Math.min(first, day);
    last = Math.max(last, day);
  };
  for (const pattern of patterns.values()) [pattern.first, pattern.last].forEach(include);
  for (const days of exceptions.values()) for (const [day, added] of days) if (added) include(day);
  const services = new Set([...patterns.keys(), ...exceptions.keys()]);
  if (first > last) return { firstDate: dateOf(0), daysOf: empty(services) };
  if (last - first > spanDaysMax) {
    problems.report(
      calendarTable.file,
      undefined,
      `services from ${dateOf(first)} to ${dateOf(last)}: at most 30 years`,
    );
    return { firstDate: dateOf(first), daysOf: empty(services) };
  }
  const size = ((last - first) >> 3) + 1;
  const daysOf = new Map<string, ServiceDays>();
  for (const service of services) {
    daysOf.set(service, daysOfService(patterns.get(service), exceptions.get(service), first, size));
  }
  return { firstDate: dateOf(first), daysOf };
};

const empty = (services: ReadonlySet<string>): Map<string, ServiceDays> =>
  new Map([...services].map((service) => [service, new Uint8Array()]));

const daysOfService = (
  pattern: Pattern | undefined,
  exceptions: ReadonlyMap<number, boolean> | undefined,
  first: number,
  size: number,
): ServiceDays => {
  const days = new Uint8Array(size);
  const put = (day: number, runs: boolean): void => {
    const at = day - first;
    // A removed day may lie outside the span: the service did not run then anyway.
    if (at < 0 || at >= size * 8) return;
    const bit = 1 << (at & 7);
    days[at >> 3] = runs ? (days[at >> 3] ?? 0) | bit : (days[at >> 3] ?? 0) & ~bit;
  };
  if (pattern) {
    for (let day = pattern.first; day <= pattern.last; day += 1) {
      if (pattern.weekdays[weekdayOf(day)]) put(day, true);
    }
  }
  for (const [day, added] of exceptions ?? []) put(day, added);
  return days;
};

/**
 * The last day on which any of these services runs, as a number counted from the first date; undefined if none ever
 * runs.
 */
export const lastDayOf = (services: Iterable<ServiceDays>): number | undefined => {
  let last = -1;
  for (const days of services) {
    const byte = days.findLastIndex((bits) => bits !== 0);
    if (byte >= 0) last = Math.max(last, byte * 8 + 31 - Math.clz32(days[byte] ?? 0));
  }
  return last < 0 ? undefined : last;
};
