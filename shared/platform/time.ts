import { Temporal } from 'temporal-polyfill';
import * as z from 'zod';
import { serviceDateSchema, type ServiceDate } from './ids.ts';

/**
 * A point in time, as the product stores and compares it: RFC 3339 in UTC with milliseconds, always 24 characters. The
 * order of the texts is therefore the order of the times, in memory and in a condition of DynamoDB.
 */
export const instantSchema = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/, 'must be a UTC instant with milliseconds')
  .brand<'Instant'>();
export type Instant = z.infer<typeof instantSchema>;

/** Returns the current time. It is an argument, so that rules stay pure and tests choose the moment. */
export type Clock = () => Instant;

export const instantOf = (epochMilliseconds: number): Instant =>
  new Date(epochMilliseconds).toISOString() as Instant;

export const millisecondsOf = (instant: Instant): number => Date.parse(instant);

export const plusSeconds = (instant: Instant, seconds: number): Instant =>
  instantOf(millisecondsOf(instant) + seconds * 1000);

/** Seconds from `from` to `to`, with fractions; negative when `to` is earlier. */
export const secondsBetween = (from: Instant, to: Instant): number =>
  (millisecondsOf(to) - millisecondsOf(from)) / 1000;

export const earlier = (a: Instant, b: Instant): Instant => (a < b ? a : b);
export const later = (a: Instant, b: Instant): Instant => (a > b ? a : b);

/** RFC 3339 with the zone's own offset, without fractions: `2026-12-01T09:00:00+08:00`. */
export const inZone = (instant: Instant, timeZone: string): string =>
  Temporal.Instant.from(instant)
    .toZonedDateTimeISO(timeZone)
    .toString({ timeZoneName: 'never', fractionalSecondDigits: 0 });

export const localDateOf = (instant: Instant, timeZone: string): ServiceDate =>
  serviceDateSchema.parse(
    Temporal.Instant.from(instant).toZonedDateTimeISO(timeZone).toPlainDate().toString(),
  );

export const plusDays = (date: ServiceDate, days: number): ServiceDate =>
  serviceDateSchema.parse(Temporal.PlainDate.from(date).add({ days }).toString());

/** Whole days from `from` to `to`. */
export const daysBetween = (from: ServiceDate, to: ServiceDate): number =>
  Temporal.PlainDate.from(from).until(Temporal.PlainDate.from(to), { largestUnit: 'days' }).days;

/**
 * The instant of a timetable time. GTFS counts seconds from "noon minus 12 hours" of the service day in the agency's
 * zone, which is midnight except on days when clocks change (source: GTFS reference, `stop_times.txt`).
 */
export const instantOfServiceTime = (date: ServiceDate, secondsOfDay: number, timeZone: string): Instant => {
  const noon = Temporal.PlainDate.from(date).toZonedDateTime({
    timeZone,
    plainTime: Temporal.PlainTime.from('12:00'),
  });
  return instantOf(noon.epochMilliseconds + (secondsOfDay - 43_200) * 1000);
};

/** The first instant of a local day; days last 23 or 25 hours when clocks change. */
export const startOfDay = (date: ServiceDate, timeZone: string): Instant =>
  instantOf(Temporal.PlainDate.from(date).toZonedDateTime(timeZone).epochMilliseconds);

/**
 * The moment that lies this time before another, such as `P8D` or `PT48H`: days are days of the calendar in this zone, so
 * the clock there shows the same time of day; hours and minutes always have the same length.
 */
export const beforeBy = (instant: Instant, span: string, timeZone: string): Instant =>
  instantOf(Temporal.Instant.from(instant).toZonedDateTimeISO(timeZone).subtract(span).epochMilliseconds);

/** The same, after the other. */
export const afterBy = (instant: Instant, span: string, timeZone: string): Instant =>
  instantOf(Temporal.Instant.from(instant).toZonedDateTimeISO(timeZone).add(span).epochMilliseconds);

/** The seconds of a time such as `P8D`, if each day has 24 hours. */
export const usualSecondsOf = (span: string): number => Temporal.Duration.from(span).total('seconds');

/** Zones of the tz database whose names Americans use for a zone with summer time; these have none. */
const halfNames = new Set(['EST', 'MST']);

/**
 * The name of a time zone as the tz database spells it; undefined for a text that names none, or could name several.
 * Both libraries for time zones must know it: they disagree about abbreviations such as PST.
 */
export const timeZoneOf = (text: string): string | undefined => {
  const name = text.replaceAll(' ', '_');
  if (!/^[A-Za-z]/.test(name) || halfNames.has(name.toUpperCase())) return undefined;
  try {
    const { timeZoneId } = Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    new Intl.DateTimeFormat('en', { timeZone: timeZoneId }).format(0);
    return timeZoneId;
  } catch {
    return undefined;
  }
};
