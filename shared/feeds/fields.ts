/*
 * Numbers and times as they occur in feeds. This accepts the forms that spreadsheets and programs make of them if they
 * can mean only one thing: `1.0`, `31.`, `-3.0E-4`, `+8`, `8:00`, `'08:00:00`. Anything else is undefined, never a
 * guess.
 */

/** Nobody travels longer than this; a longer time is a typing error. */
const hoursMax = 240;

/** Spreadsheets write an apostrophe before a value that is text. */
const bare = (text: string): string => text.replace(/^['’]/, '').trim();

/** `H:MM:SS` or `HH:MM:SS` → seconds; also past 24:00, without seconds, or with AM and PM. */
export const secondsOfTime = (text: string): number | undefined => {
  const match = /^(\d{1,3})\s*:\s*(\d{1,2})(?:\s*:\s*(\d{1,2})(?:\.0+)?)?(?:\s*([AP])\.?M\.?)?$/i.exec(
    bare(text),
  );
  if (!match) return undefined;
  const [minutes, seconds] = [Number(match[2]), Number(match[3] ?? 0)];
  const hours = hoursOf(Number(match[1]), match[4]?.toUpperCase());
  if (hours === undefined || hours > hoursMax || minutes > 59 || seconds > 59) return undefined;
  return hours * 3600 + minutes * 60 + seconds;
};

const hoursOf = (hours: number, half: string | undefined): number | undefined => {
  if (half === undefined) return hours;
  if (hours < 1 || hours > 12) return undefined;
  return (hours % 12) + (half === 'P' ? 12 : 0);
};

/**
 * Times past midnight go on after 24:00 in GTFS, and some feeds begin again at 00:00 instead. Such a step back leaves
 * less than this from one time to the next, in seconds; a slip of the keyboard leaves more.
 */
const stepMax = 3 * 3600;
export const daySeconds = 86_400;

/** Whether a time that comes before another can only be that of the next day. */
export const isPastMidnight = (before: number, after: number): boolean =>
  after < before && after + daySeconds - before <= stepMax;

/** Seconds of a service day → `HHMM`, the start time of a frequency's departure. Hours past 24 are kept. */
export const startTimeOf = (seconds: number): string =>
  String(Math.floor(seconds / 3600)).padStart(2, '0') +
  String(Math.floor((seconds % 3600) / 60)).padStart(2, '0');

/** A whole number of at most nine digits; not `1.000`, which could be a thousand. */
export const wholeNumber = (text: string): number | undefined => {
  const digits = bare(text);
  if (/^\d{1,9}$/.test(digits)) return Number(digits);
  if (!/^\+?\d{1,9}(?:\.0{0,2})?(?:E\+?\d)?$|^\d\.\d{1,8}E\+?\d$/i.test(digits)) return undefined;
  const value = Number(digits);
  return Number.isInteger(value) && value < 1e9 ? value : undefined;
};

/** Degrees within ±`limit`, also with a decimal comma: degrees never have thousands. */
export const degrees = (text: string, limit: 90 | 180): number | undefined => {
  const digits = bare(text).replace('\u{2212}', '-').replace(',', '.');
  if (!/^[+-]?(?:\d{1,3}\.?\d*|\.\d+)(?:E[+-]?\d{1,3})?$/i.test(digits)) return undefined;
  const value = Number(digits);
  return Math.abs(value) <= limit ? value : undefined;
};
