import * as z from 'zod';

/** ISO 4217 currencies whose minor unit is not a hundredth (source: ISO 4217 list one, "CcyMnrUnts"). */
const minorUnitDigits: Readonly<Record<string, number>> = {
  BHD: 3,
  CLP: 0,
  ISK: 0,
  JOD: 3,
  JPY: 0,
  KRW: 0,
  KWD: 3,
  OMR: 3,
  TND: 3,
  UGX: 0,
  VND: 0,
  XAF: 0,
  XOF: 0,
};

const currencyForm = /^[A-Z]{3}$/;

export const currencySchema = z.string().regex(currencyForm, 'must be an ISO 4217 code such as CNY');

/** An amount in minor units (fen, cents) with its currency. Never a fraction, never a bare number. */
export const moneySchema = z
  .object({
    amount: z.int(),
    currency: currencySchema,
  })
  .meta({ id: 'Money' });
export type Money = z.infer<typeof moneySchema>;

export const money = (amount: number, currency: string): Money => {
  if (!Number.isSafeInteger(amount)) throw new RangeError(`money needs whole minor units, got ${amount}`);
  // Such money could be stored, and never be read again.
  if (!currencyForm.test(currency)) throw new RangeError('money needs an ISO 4217 currency');
  return { amount, currency };
};

export const sameMoney = (a: Money, b: Money): boolean => a.amount === b.amount && a.currency === b.currency;

/** The sum of amounts of one currency. Throws for mixed currencies, which are a bug and not an input. */
export const sumMoney = (amounts: readonly Money[], currency: string): Money =>
  amounts.reduce(
    (total, each) => {
      if (each.currency !== total.currency) {
        throw new TypeError(`cannot add ${each.currency} to ${total.currency}`);
      }
      return money(total.amount + each.amount, total.currency);
    },
    money(0, currency),
  );

/** The number of decimals of a currency. */
export const minorUnitDigitsOf = (currency: string): number => minorUnitDigits[currency] ?? 2;

/** `{5330, CNY}` → `53.30`: the decimal text that payment providers and people read. */
export const toDecimal = ({ amount, currency }: { amount: number | bigint; currency: string }): string => {
  const digits = minorUnitDigitsOf(currency);
  const sign = amount < 0 ? '-' : '';
  const text = amount
    .toString()
    .replace('-', '')
    .padStart(digits + 1, '0');
  if (digits === 0) return sign + text;
  return `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
};

/**
 * `53.3`, CNY → 5330 minor units; undefined if the text is not such an amount (for example, if it has too many
 * decimals).
 */
export const fromDecimal = (text: string, currency: string): Money | undefined => {
  const match = /^(\d{1,12})(?:\.(\d+))?$/.exec(text.trim());
  const digits = minorUnitDigitsOf(currency);
  const fraction = match?.[2] ?? '';
  if (!match || fraction.length > digits) return undefined;
  return money(Number(match[1] + fraction.padEnd(digits, '0')), currency);
};
