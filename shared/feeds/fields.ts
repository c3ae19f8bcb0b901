import { serviceDateSchema, type ServiceDate } from '../platform/ids.ts';

/** Nobody travels longer than this; a later time is a typing error. */
const hoursMax = 240;

/** `H:MM:SS` or `HH:MM:SS`, past 24:00 allowed → seconds; undefined for anything else. */
export const secondsOfTime = (text: string): number | undefined => {
  const match = /^(\d{1,3}):([0-5]\d):([0-5]\d)$/.exec(text);
  if (!match) return undefined;
  const [hours, minutes, seconds] = [Number(match[1]), Number(match[2]), Number(match[3])];
  return hours > hoursMax ? undefined : hours * 3600 + minutes * 60 + seconds;
};

/** Seconds of a service day → `HHMM`, the start time of a frequency's departure. Hours go past 24. */
export const startTimeOf = (seconds: number): string =>
  String(Math.floor(seconds / 3600)).padStart(2, '0') +
  String(Math.floor((seconds % 3600) / 60)).padStart(2, '0');

/** `YYYYMMDD` → a date; undefined if no such day exists. */
export const dateOfDigits = (text: string): ServiceDate | undefined => {
  const match = /^(\d{4})(\d{2})(\d{2})$/.exec(text);
  return match ? serviceDateSchema.safeParse(`${match[1]}-${match[2]}-${match[3]}`).data : undefined;
};

export const wholeNumber = (text: string): number | undefined =>
  /^\d{1,9}$/.test(text) ? Number(text) : undefined;

/** Degrees within ±`limit`; undefined for anything else. */
export const degrees = (text: string, limit: 90 | 180): number | undefined => {
  if (!/^[+-]?\d{1,3}(?:\.\d+)?$/.test(text)) return undefined;
  const value = Number(text);
  return Math.abs(value) <= limit ? value : undefined;
};
