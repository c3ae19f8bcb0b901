import * as z from 'zod';
import { durationFaults } from '../platform/carrier.ts';
import { agesCanBeTold, typesGoTogether } from './check-passenger-types.ts';
import { faultsOfFile, rule, twice, type Found, type Rule } from './fault-rules.ts';
import type { Fault } from './faults.ts';
import { profileSchema } from './profile-schema.ts';

const texts = z.record(z.string(), z.unknown());
const languages = { locales: z.array(z.string()), defaultLocale: z.string() };

const localesGoTogether = rule(z.looseObject(languages), ({ locales, defaultLocale }) => [
  ...twice(locales).map((at) => ({ path: `locales[${at}]`, message: 'occurs twice' })),
  ...(locales.some((locale) => locale === defaultLocale)
    ? []
    : [{ path: 'defaultLocale', message: `must be one of locales: ${locales.join(', ')}` }]),
]);

/** A text must exist in each language of the profile, and in no other. */
const inEachLanguage = (
  locales: readonly string[],
  path: string,
  found: Record<string, unknown>,
): Found[] => [
  ...locales
    .filter((locale) => !(locale in found))
    .map((locale) => ({ path: `${path}.${locale}`, message: `is missing: ${locale} is one of locales` })),
  ...Object.keys(found)
    .filter((locale) => !locales.includes(locale))
    .map((locale) => ({
      path: `${path}.${locale}`,
      message: `is never shown: ${locale} is not one of locales`,
    })),
];

const looseType = z.looseObject({ name: texts.optional(), note: texts.optional() });
const isEveryLanguageSpoken = rule(
  z.looseObject({
    locales: z.array(z.string()),
    name: texts.optional(),
    contact: texts.optional(),
    passengerTypes: z.array(looseType.catch({})).catch([]),
  }),
  ({ locales, name, contact, passengerTypes }) => [
    ...(name ? inEachLanguage(locales, 'name', name) : []),
    ...(contact ? inEachLanguage(locales, 'contact', contact) : []),
    ...passengerTypes.flatMap((type, at) =>
      (['name', 'note'] as const).flatMap((field) =>
        type[field] ? inEachLanguage(locales, `passengerTypes[${at}].${field}`, type[field]) : [],
      ),
    ),
  ],
);

const documentsGoTogether = rule(
  z.looseObject({ documents: z.looseObject({ need: z.string(), kinds: z.array(z.string()) }) }),
  ({ documents: { need, kinds } }) => [
    ...twice(kinds).map((at) => ({ path: `documents.kinds[${at}]`, message: 'occurs twice' })),
    ...(need === 'not-asked' && kinds.length > 0
      ? [{ path: 'documents.kinds', message: 'must be empty where documents are not asked for' }]
      : []),
    ...(need !== 'not-asked' && kinds.length === 0
      ? [{ path: 'documents.kinds', message: 'must name at least one kind, or need must be not-asked' }]
      : []),
  ],
);

const contactSaysSomething = rule(
  z.looseObject({ contact: z.record(z.string(), z.looseObject({}).catch({ sound: false })) }),
  ({ contact }) =>
    Object.entries(contact).flatMap(([locale, lines]) =>
      Object.keys(lines).length > 0
        ? []
        : [{ path: `contact.${locale}`, message: 'must have at least one of postal, email, phone, url' }],
    ),
);

const durationsGoTogether = rule(z.record(z.string(), z.unknown()), durationFaults);

const rules: readonly Rule[] = [
  localesGoTogether,
  isEveryLanguageSpoken,
  documentsGoTogether,
  typesGoTogether,
  agesCanBeTold,
  contactSaysSomething,
  durationsGoTogether,
];

/** Every fault of a profile. */
export const checkProfile = (file: string, json: unknown): Fault[] =>
  faultsOfFile({ file, json }, profileSchema, rules);
