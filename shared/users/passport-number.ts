import { travelDocumentCheck } from './check-digits.ts';
import type { NumberRule } from './number-rule.ts';

/** Nine characters, filled up with `<`, then the check digit, as in the machine readable zone. */
const withCheck = /^(?=.{10}$)([A-Z0-9]{6,9})<*(\d)$/;

/**
 * A number of ten digits may as well be another document, such as a permit, and one in ten has a correct check digit by
 * chance. With a letter or `<` among them, somebody copied them from the machine readable zone.
 */
const isFromZone = (typed: string): boolean => withCheck.test(typed) && !/^\d+$/.test(typed);

/** Removes filler and check digit, so that one passport has one spelling and makes one claim. */
const withoutCheck = (typed: string): string =>
  isFromZone(typed) && travelDocumentCheck(typed.slice(0, 9)) === typed.charAt(9)
    ? typed.slice(0, 9).replaceAll('<', '')
    : typed;

const faultOf = (number: string): string | undefined => {
  if (/^[A-Z0-9]{6,9}$/.test(number)) return undefined;
  if (/^\d{10}$/.test(number)) return 'must have 6 to 9 letters and digits, without a check digit';
  return isFromZone(number)
    ? 'has a wrong check digit'
    : 'must have 6 to 9 letters and digits, or 9 and their check digit';
};

/**
 * The length of the numbers of some countries' passports, where published; other numbers have six to nine characters
 * (ICAO 9303-4 leaves room for nine). We check only the length: the characters change more often, and a passenger whose
 * passport we refuse cannot travel.
 * Sources: China: National Immigration Administration, on prefixes of ordinary passports (2020), and for Hong Kong and
 * Macao the same length. The others: Microsoft Purview, definitions of passport numbers (learn.microsoft.com/purview,
 * `sit-defn-…-passport-number`).
 */
const lengths: Readonly<Record<number, string>> = {
  8: 'AUT BEL',
  9: 'CHN HKG MAC DNK FIN FRA GBR GRC ITA JPN NLD POL RUS TWN USA',
};

const lengthOf: ReadonlyMap<string, number> = new Map(
  Object.entries(lengths).flatMap(([length, countries]) =>
    countries.split(' ').map((country) => [country, Number(length)] as const),
  ),
);

/** What is wrong with a number that would be right for another country; undefined if nothing is. */
export const faultForCountry = (number: string, country: string): string | undefined => {
  const length = lengthOf.get(country) ?? number.length;
  return number.length === length
    ? undefined
    : `must have ${length} letters and digits on a passport of ${country}`;
};

export const passportRule: NumberRule = {
  spell: withoutCheck,
  faultOf,
  shown: [1, 2],
  description:
    'As on the page with the photo. A check digit behind it (ICAO 9303) is checked and dropped. Some countries have a fixed length',
  examples: ['E12345678'],
};
