import { birthDateInCitizenNumber, faultOfCitizenNumber } from './citizen-number.ts';
import { issuingCountries } from './countries.ts';
import type { NumberRule } from './number-rule.ts';

const unless = (isRight: boolean, fault: string): string | undefined => (isRight ? undefined : fault);

/** The first digits of numbers that look like a citizen's and belong to other cards. */
const isOfResidencePermit = (number: string): boolean => /^8[123]/.test(number);
const isOfPermanentResident = (number: string): boolean => number.startsWith('9');

/** The resident identity card of the mainland. Source: GB 11643-1999. */
const residentId: NumberRule = {
  faultOf: (number) =>
    faultOfCitizenNumber(number) ??
    unless(
      !isOfResidencePermit(number),
      'belongs to a residence permit: send the kind cn-residence-permit',
    ) ??
    unless(
      !isOfPermanentResident(number),
      'belongs to a permanent residence card: send the kind cn-permanent-residence-card',
    ),
  birthDateIn: birthDateInCitizenNumber,
  shown: [4, 3],
  description: 'As GB 11643, check digit included',
  examples: ['11010519491231002X'],
};

/**
 * The residence permit for residents of Hong Kong, Macao and Taiwan. It has a citizen's number whose first six digits
 * are 810000, 820000 or 830000. Source: the State Council's measures on applying for and issuing these permits (2018).
 */
const residencePermit: NumberRule = {
  faultOf: (number) =>
    faultOfCitizenNumber(number) ??
    unless(/^8[123]0000/.test(number), 'must begin with 810000, 820000 or 830000'),
  birthDateIn: birthDateInCitizenNumber,
  shown: [4, 3],
  description:
    'Residence permit for residents of Hong Kong (810000…), Macao (820000…) and Taiwan (830000…), check digit as GB 11643',
  examples: ['810000199408230021'],
};

/**
 * The mainland travel permit for residents of Hong Kong (H) and Macao (M). Eight digits are the holder's for life; older
 * cards put the number of replacements behind them as two digits, newer ones print it elsewhere. Source:
 * Ministry of Public Security, rules for the numbers of these permits (10 March 2010).
 */
const hongKongMacaoPermit: NumberRule = {
  faultOf: (number) =>
    unless(/^[HM]\d{8}(?:\d{2})?$/.test(number), 'must have the letter H or M, and then 8 or 10 digits'),
  holderIn: (number) => number.slice(0, 9),
  shown: [1, 2],
  description:
    'Mainland travel permit for residents of Hong Kong (H) and Macao (M): the letter and 8 or 10 digits',
  examples: ['H12345678', 'M1234567801'],
};

/** On an older permit the issuing office follows ten digits: a letter or a digit in brackets. */
const issuingOffice = /(?<=^\d{10})(?:\([A-Z\d]\)|[A-Z])$/;

/**
 * The mainland travel permit for residents of Taiwan. Eight digits are the holder's for life; booklets of before 2008
 * put the number of issues behind them as two digits, and the issuing office in brackets. Source: China News Service on
 * the change of 25 September 2008, after the exit and entry authorities.
 */
const taiwanPermit: NumberRule = {
  spell: (typed) => typed.replace(issuingOffice, ''),
  faultOf: (number) =>
    unless(
      /^\d{8}(?:\d{2})?$/.test(number),
      'must have 8 digits, or 10 on an older permit, with or without the letter in brackets',
    ),
  holderIn: (number) => number.slice(0, 8),
  shown: [1, 2],
  description:
    'Mainland travel permit for residents of Taiwan: 8 digits, or on older permits 10, with or without the letter in brackets',
  examples: ['12345678', '1234567801(B)'],
};

const olderPermanentResident = /^([A-Z]{3})\d{12}$/;

const faultOfPermanentResident = (number: string): string | undefined => {
  const [, country] = olderPermanentResident.exec(number) ?? [];
  if (country) {
    return unless(issuingCountries.has(country), 'must begin with a country code (ISO 3166-1), such as FRA');
  }
  if (!/^9.{17}$/.test(number))
    return 'must have 3 letters and 12 digits, or 18 characters that begin with 9';
  return faultOfCitizenNumber(number);
};

/**
 * The permanent residence card for foreigners. Until 2023 its number was the country and twelve digits; their rule is
 * not published, so we do not check them. Since 1 December 2023 it is a citizen's number that begins with 9. Source:
 * National Immigration Administration, machine-readable rules of the new card (2023).
 */
const permanentResidenceCard: NumberRule = {
  faultOf: faultOfPermanentResident,
  birthDateIn: (number) => (number.startsWith('9') ? birthDateInCitizenNumber(number) : undefined),
  shown: [3, 2],
  description:
    'Permanent residence card for foreigners: of before December 2023 the country and 12 digits, since then 18 digits that begin with 9, check digit as GB 11643',
  examples: ['FRA110012345678', '911124198108030024'],
};

/** The cards of mainland China, by kind. */
export const cardRules = {
  'cn-resident-id': residentId,
  'cn-residence-permit': residencePermit,
  'cn-hong-kong-macao-travel-permit': hongKongMacaoPermit,
  'cn-taiwan-travel-permit': taiwanPermit,
  'cn-permanent-residence-card': permanentResidenceCard,
} as const satisfies Record<string, NumberRule>;

export type CardKind = keyof typeof cardRules;

export const isCardKind = (kind: string): kind is CardKind => Object.hasOwn(cardRules, kind);
