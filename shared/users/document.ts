import * as z from 'zod';
import type { ServiceDate } from '../platform/ids.ts';
import { cardRules, isCardKind, type CardKind } from './card-rules.ts';
import { isCitizenNumber } from './citizen-number.ts';
import { issuerOf, issuingCountries, countryCode } from './countries.ts';
import { numberSchema, typedMax, type NumberRule } from './number-rule.ts';
import { faultForCountry, passportRule } from './passport-number.ts';

const card = <Kind extends CardKind>(kind: Kind) =>
  z.object({ kind: z.literal(kind), number: numberSchema(cardRules[kind]) });

const passport = z
  .object({
    kind: z.literal('passport'),
    number: numberSchema(passportRule),
    country: z
      .string()
      .max(typedMax, { abort: true })
      .overwrite(countryCode)
      .refine(
        (code) => issuingCountries.has(code),
        'must be a country code of three letters (ISO 3166-1), such as CHN',
      )
      .meta({ description: 'The country that issued it', examples: ['CHN'] }),
  })
  .check(({ value: { number, country }, issues }) => {
    const message = faultForCountry(number, country);
    if (message) issues.push({ code: 'custom', path: ['number'], message, input: undefined });
  });

/**
 * An identity document as a passenger types it: each kind that we can check. Parsing gives numbers one spelling:
 * half-width capitals without blanks and hyphens, without a passport's check digit.
 */
export const documentSchema = z.discriminatedUnion('kind', [
  card('cn-resident-id'),
  card('cn-residence-permit'),
  card('cn-hong-kong-macao-travel-permit'),
  card('cn-taiwan-travel-permit'),
  card('cn-permanent-residence-card'),
  passport,
]);
export type Document = z.infer<typeof documentSchema>;

/** The kinds of documents that we can check. The carrier's profile says which of them it accepts. */
export const documentKinds: readonly Document['kind'][] = documentSchema.options.flatMap(
  ({ shape: { kind } }): Document['kind'][] => [...kind.values],
);

/**
 * A document as an order stores it. The rules of its time have checked it, and later rules must not prevent us from
 * opening it.
 */
export const storedDocumentSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.enum(Object.keys(cardRules).filter(isCardKind)), number: z.string() }),
  z.object({ kind: z.literal('passport'), number: z.string(), country: z.string() }),
]);

const ruleOf = ({ kind }: Document): NumberRule => (kind === 'passport' ? passportRule : cardRules[kind]);

/** The holder's date of birth, `YYYY-MM-DD`, if the document's number contains it. */
export const birthDateOf = (document: Document): string | undefined =>
  ruleOf(document).birthDateIn?.(document.number);

/** Whether numbers of this kind contain the date of birth, at least some of them. */
export const tellsBirthDate = (kind: string): boolean =>
  isCardKind(kind) && cardRules[kind].birthDateIn !== undefined;

/**
 * Whether the holder was born on `day` or before, as far as the document shows it. The schema cannot know today's date,
 * so this is a separate check.
 */
export const isBornBy = (document: Document, day: ServiceDate): boolean =>
  (birthDateOf(document) ?? '') <= day;

/**
 * The identity of a document for claims: its kind, issuer and number. It stays the same after a replacement, and with
 * either of two names of its issuer. Cards that share one series of numbers share one kind.
 */
export const identityOf = (document: Document): string => {
  const { kind, number } = document;
  const holder = ruleOf(document).holderIn?.(number) ?? number;
  const series = kind !== 'passport' && isCitizenNumber(number) ? 'cn-resident-id' : kind;
  return `${series}\n${kind === 'passport' ? issuerOf(document.country) : 'CHN'}\n${holder}`;
};

/**
 * A document as its owner may see it: enough to recognise, too little to use. `11010519491231002X` →
 * `1101***********02X`, `E12345678` → `E******78`.
 */
export const maskDocument = (document: Document): string => {
  const { number } = document;
  const [first, last] = ruleOf(document).shown;
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
