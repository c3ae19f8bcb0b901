import { serviceDateSchema, type ServiceDate } from '../platform/ids.ts';
import { wholeNumber } from './fields.ts';

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** No date is longer, with a time and blanks. Without a limit, a line of blanks would keep us for minutes. */
const textMax = 60;

const dateOfParts = (year: string, month: string, day: string): ServiceDate | undefined =>
  serviceDateSchema.safeParse(`${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`).data;

/**
 * The days that a date of a feed can mean. One: for `YYYYMMDD`, as GTFS writes it, and for the forms that spreadsheets
 * make of it if the year comes first, the month is a word, or one of the numbers cannot be a month. Two: for
 * `12/1/2026`. None: for anything else.
 */
export const datesOf = (text: string): ServiceDate[] => {
  if (text.length > textMax) return [];
  const bare = text
    .replace(/^['’]/, '')
    .replace(/[T\s]+0{1,2}:00(?::00(?:\.0+)?)?Z?$/i, '')
    .trim();
  const digits = /^\d{8}$/.test(bare) ? bare : String(wholeNumber(bare) ?? '');
  const plain = /^(\d{4})(\d{2})(\d{2})$/.exec(digits) ?? /^(\d{4})([-/. ])(\d{1,2})\2(\d{1,2})$/.exec(bare);
  if (plain) return found(dateOfParts(plain[1] ?? '', plain.at(-2) ?? '', plain.at(-1) ?? ''));
  const worded = /^(\d{1,2})[-/. ]([a-z]{3})[a-z]*\.?[-/. ](\d{4})$/i.exec(bare);
  if (worded) {
    const month = months.indexOf((worded[2] ?? '').toLowerCase()) + 1;
    return found(dateOfParts(worded[3] ?? '', String(month), worded[1] ?? ''));
  }
  const either = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4})$/.exec(bare);
  if (!either) return [];
  const [, a = '', , b = '', year = ''] = either;
  return [...new Set([...found(dateOfParts(year, a, b)), ...found(dateOfParts(year, b, a))])];
};

const found = (date: ServiceDate | undefined): ServiceDate[] => (date ? [date] : []);

/** Why a text is not a date of a feed. */
export const dateFault = (column: string, text: string): string => {
  const [one, other] = datesOf(text);
  return one && other
    ? `${column}: ${text} can be ${one} or ${other}`
    : `${column}: ${text} is not a date in the form YYYYMMDD`;
};
