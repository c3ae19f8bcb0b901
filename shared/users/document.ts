import * as z from 'zod';
import type { ServiceDate } from '../platform/ids.ts';
import { residentIdCheck, travelDocumentCheck } from './check-digits.ts';
import { issuingCountries } from './countries.ts';

/** The day of birth within a resident identity number: digits 7 to 14. */
const birthDateIn = (number: string): string =>
  `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`;

const isDay = (text: string): boolean => {
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
};

/**
 * Adds an issue that describes the fault and never repeats the number: messages end up in answers, logs and
 * screenshots.
 */
const complain = (context: z.core.ParsePayload<string>, message: string): void => {
  context.issues.push({ code: 'custom', message, input: undefined });
};

const residentIdNumber = z
  .string()
  .trim()
  .toUpperCase()
  .check((context) => {
    const number = context.value;
    if (!/^\d{17}[\dX]$/.test(number)) {
      return complain(context, 'must have 17 digits, and then a digit or X');
    }
    const birthDate = birthDateIn(number);
    if (!isDay(birthDate) || birthDate < '1900')
      return complain(context, 'contains a date of birth that cannot be right');
    if (residentIdCheck(number.slice(0, 17)) !== number.charAt(17)) {
      complain(context, 'has a wrong check digit');
    }
  })
  .meta({ description: 'As GB 11643, check digit included', examples: ['11010519491231002X'] });

/** Nine characters, filled up with `<`, then the check digit, as in the machine readable zone. */
const passportWithCheck = /^(?=.{10}$)([A-Z0-9]{6,9})<*(\d)$/;

const passportNumber = z
  .string()
  .trim()
  .toUpperCase()
  .check((context) => {
    const number = context.value;
    if (/^[A-Z0-9]{6,9}$/.test(number)) return;
    const [, , check] = passportWithCheck.exec(number) ?? [];
    if (!check) {
      return complain(context, 'must have 6 to 9 letters and digits, or 9 and their check digit');
    }
    if (travelDocumentCheck(number.slice(0, 9)) !== check)
      return complain(context, 'has a wrong check digit');
    // Removes filler and check digit, so that one passport has one spelling and makes one claim.
    context.value = number.slice(0, 9).replaceAll('<', '');
  })
  .meta({ description: 'With or without its check digit (ICAO 9303)', examples: ['E12345678'] });

/**
 * An identity document as a passenger types it. Parsing gives numbers one spelling: upper case, without surrounding
 * spaces, without a passport's check digit.
 */
export const documentSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('cn-resident-id'), number: residentIdNumber }),
  z.object({
    kind: z.literal('passport'),
    number: passportNumber,
    country: z
      .string()
      .trim()
      .toUpperCase()
      .refine(
        (code) => issuingCountries.has(code),
        'must be a country code of three letters (ISO 3166-1), such as CHN',
      ),
  }),
]);
export type Document = z.infer<typeof documentSchema>;

/** The kinds of documents that can be checked. Which of them a carrier takes, its profile says. */
export const documentKinds: readonly Document['kind'][] = documentSchema.options.flatMap(
  ({ shape: { kind } }): Document['kind'][] => [...kind.values],
);

/**
 * Whether the holder was born on `day` or before, as far as the document shows it. The schema cannot know today's date,
 * so this is a separate check.
 */
export const isBornBy = (document: Document, day: ServiceDate): boolean =>
  (birthDateOf(document) ?? '') <= day;

/** The date of birth, where the document's number tells it. */
export const birthDateOf = ({ kind, number }: Document): string | undefined =>
  kind === 'cn-resident-id' ? birthDateIn(number) : undefined;

/**
 * A document as its owner may see it: enough to recognise, too little to use. `11010519491231002X` →
 * `1101***********02X`, `E12345678` → `E******78`.
 */
export const maskDocument = (document: Document): string => {
  const { number } = document;
  const [first, last] = document.kind === 'cn-resident-id' ? [4, 3] : [1, 2];
  return number.slice(0, first) + '*'.repeat(number.length - first - last) + number.slice(-last);
};

/**
 * A name as others may see it: the first letter of each of its words. `张三` → `张*`, `Anna Schmidt` → `A*** S******`. It
 * hides a word of one letter, because the first letter would be the whole word.
 */
export const maskName = (name: string): string =>
  name.normalize('NFC').replace(/[^\s·•.'-]+/gu, (word) => {
    const [first = '', ...others] = [...new Intl.Segmenter().segment(word)].map(({ segment }) => segment);
    return others.length === 0 ? '*' : first + '*'.repeat(others.length);
  });
