import { minorUnitDigitsOf, money, type Money } from '../platform/money.ts';
import { unreadableBill, type BillPlace } from './bill.ts';

/** Bills write costs with up to five decimals. */
const unitDigits = 5;

/** A decimal text in hundred-thousandths, which are exact: `-0.0594` → -5940. Undefined for anything else. */
const unitsOf = (text: string): number | undefined => {
  const match = /^(-?)(\d{1,9})(?:\.(\d{1,5}))?$/.exec(text);
  if (!match) return undefined;
  const [, sign, whole, fraction = ''] = match;
  const units = Number(`${whole}${fraction.padEnd(unitDigits, '0')}`);
  return sign && units > 0 ? -units : units;
};

/** A number of a bill, in hundred-thousandths. Throws if the text is none. */
export const numberIn = (text: string, name: string, place: BillPlace): number => {
  const units = unitsOf(text);
  if (units === undefined) throw unreadableBill(place, `${name} is no amount`);
  return units;
};

const minorUnitIn = (currency: string): number => 10 ** (unitDigits - minorUnitDigitsOf(currency));

/** An amount of a bill. Throws if it has fractions of the smallest unit. */
export const moneyIn = (text: string, currency: string, name: string, place: BillPlace): Money => {
  const units = numberIn(text, name, place);
  const unit = minorUnitIn(currency);
  if (units % unit !== 0) throw unreadableBill(place, `${name} has fractions of the smallest unit`);
  return money(units / unit, currency);
};

/** What a provider kept, rounded to whole minor units, a half away from zero. */
export const costIn = (text: string, currency: string, name: string, place: BillPlace): number => {
  const units = numberIn(text, name, place);
  const whole = Math.round(Math.abs(units) / minorUnitIn(currency));
  return units < 0 && whole > 0 ? -whole : whole;
};
