import { Temporal } from 'temporal-polyfill';
import { LocalRunError } from '../infra/local/run/ports.ts';

const example = '2027-01-01T07:59:59+08:00';
const dateAndTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::[0-5]\d(?:\.\d{1,3})?)?/;

/** The demo timetables begin in the first of these years, and no feed has dates after the last. */
const years = { first: '2026', last: '2099' };

/**
 * How fast the clock of a run goes and where it begins (milliseconds since 1970), as the environment asks for it. Throws a
 * one-line error that says what is wrong.
 */
export const clockOfRun = (
  variables: Readonly<Record<string, string | undefined>>,
): { timeScale: number; startAt?: number } => {
  const timeScale = Number(variables['KEYUN_TIME_SCALE'] ?? 1);
  if (!Number.isFinite(timeScale) || timeScale <= 0)
    throw new LocalRunError('KEYUN_TIME_SCALE must be a number above 0');
  const { KEYUN_START_AT: text } = variables;
  return text ? { timeScale, startAt: readStart(text) } : { timeScale };
};

const readStart = (text: string): number => {
  const [matched] = dateAndTime.exec(text) ?? [];
  if (matched === undefined)
    throw new LocalRunError(
      `KEYUN_START_AT must be a date and a time with an offset, such as ${example}; it is "${text}"`,
    );
  if (!/^(?:Z|[+-]\d{2}:\d{2})$/.test(text.slice(matched.length)))
    throw new LocalRunError(
      `KEYUN_START_AT must end with the offset from UTC, such as ${example}, or with Z; it is "${text}"`,
    );
  const start = millisecondsOf(text);
  if (start === undefined) throw new LocalRunError(`KEYUN_START_AT: there is no such time as ${text}`);
  const year = new Date(start).toISOString().slice(0, 4);
  if (year < years.first || year > years.last)
    throw new LocalRunError(
      `KEYUN_START_AT must be in the years ${years.first} to ${years.last} (UTC); it is ${text}`,
    );
  return start;
};

const millisecondsOf = (text: string): number | undefined => {
  try {
    return Temporal.Instant.from(text).epochMilliseconds;
  } catch {
    return undefined;
  }
};
