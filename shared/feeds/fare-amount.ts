import { fromDecimal, minorUnitDigitsOf } from '../platform/money.ts';

/**
 * A price of a feed in minor units; undefined if the text could mean another amount. A comma before exactly the
 * currency's number of digits is clear, and so are extra zeros after them. Three digits after a point may be thousands,
 * and an exponent may have lost digits.
 */
export const fareAmount = (text: string, currency: string): number | undefined => {
  const digits = minorUnitDigitsOf(currency);
  const bare = text.replace(/^['’]/, '').trim();
  const match = /^(\d{1,9})(?:([.,])(\d+))?$/.exec(bare);
  if (!match) return undefined;
  const [, whole = '', separator, fraction = ''] = match;
  if (separator === ',' && (fraction.length !== digits || digits === 3)) return undefined;
  if (fraction.length === 3 && digits < 3) return undefined;
  const [kept, beyond] = [fraction.slice(0, digits), fraction.slice(digits)];
  if (/[^0]/.test(beyond)) return undefined;
  return fromDecimal(kept === '' ? whole : `${whole}.${kept}`, currency)?.amount;
};
