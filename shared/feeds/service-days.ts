import { serviceDateSchema, type ServiceDate } from '../platform/ids.ts';
import type { ServiceDays } from '../timetable/model.ts';

/** Days since 1970-01-01, which was a Thursday. */
export const dayOf = (date: ServiceDate): number => Date.parse(date) / 86_400_000;
export const dateOf = (day: number): ServiceDate =>
  serviceDateSchema.parse(new Date(day * 86_400_000).toISOString().slice(0, 10));
const weekdayOf = (day: number): number => (day + 3) % 7;

/** A row of calendar.txt: from the first to the last day, on some weekdays, Monday first. */
export type Pattern = { first: number; last: number; weekdays: readonly boolean[] };
/** The days that calendar_dates.txt adds (true) or removes. */
export type Exceptions = ReadonlyMap<number, boolean>;
export type Span = { first: number; last: number };

/**
 * Calendars without an end often run until 2099 or 3000. Nobody sells a seat that far ahead, and every trip would carry
 * its list of days.
 */
const spanDaysMax = 10 * 366;
const aheadDaysMax = 3 * 366;

/** The days that services cover: all, or if these are too many, from ten years ago to three years from today. */
export const spanOf = (
  patterns: Iterable<Pattern>,
  exceptions: Iterable<Exceptions>,
  today: ServiceDate,
): (Span & { cut: Span | undefined }) | undefined => {
  let [first, last] = [Infinity, -Infinity];
  const include = (day: number): void => {
    first = Math.min(first, day);
    last = Math.max(last, day);
  };
  for (const pattern of patterns) [pattern.first, pattern.last].forEach(include);
  for (const days of exceptions) for (const [day, added] of days) if (added) include(day);
  if (first > last) return undefined;
  if (last - first <= spanDaysMax) return { first, last, cut: undefined };
  const end = Math.min(last, Math.max(first, dayOf(today)) + aheadDaysMax);
  return { first: Math.max(first, end - spanDaysMax), last: end, cut: { first, last } };
};

export const daysOfService = (
  pattern: Pattern | undefined,
  exceptions: Exceptions | undefined,
  { first, last }: Span,
): ServiceDays => {
  const days = new Uint8Array(((last - first) >> 3) + 1);
  const put = (day: number, runs: boolean): void => {
    // A day that an exception removes may lie outside the span: nothing ran then anyway.
    if (day < first || day > last) return;
    const at = day - first;
    const bit = 1 << (at & 7);
    days[at >> 3] = runs ? (days[at >> 3] ?? 0) | bit : (days[at >> 3] ?? 0) & ~bit;
  };
  if (pattern) {
    const until = Math.min(pattern.last, last);
    for (let day = Math.max(pattern.first, first); day <= until; day += 1) {
      if (pattern.weekdays[weekdayOf(day)]) put(day, true);
    }
  }
  for (const [day, added] of exceptions ?? []) put(day, added);
  return days;
};

/** The last day of any of these services, as a number after the first date; undefined when none ever runs. */
export const lastDayOf = (services: Iterable<ServiceDays>): number | undefined => {
  let last = -1;
  for (const days of services) {
    const byte = days.findLastIndex((bits) => bits !== 0);
    if (byte >= 0) last = Math.max(last, byte * 8 + 31 - Math.clz32(days[byte] ?? 0));
  }
  return last < 0 ? undefined : last;
};

/** The days of any of these services. */
export const unionOf = (services: Iterable<ServiceDays>): Uint8Array<ArrayBuffer> => {
  const all = [...services];
  const union = new Uint8Array(all.reduce((length, days) => Math.max(length, days.length), 0));
  for (const days of all) for (const [at, bits] of days.entries()) union[at] = (union[at] ?? 0) | bits;
  return union;
};
