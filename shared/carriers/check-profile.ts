import * as z from 'zod';
import { durationFaults } from '../platform/carrier.ts';
import { faultsOfFile, rule, type Found, type Rule } from './fault-rules.ts';
import type { Fault } from './faults.ts';
import { profileSchema } from './profile-schema.ts';

const texts = z.record(z.string(), z.unknown());
const languages = { locales: z.array(z.string()), defaultLocale: z.string() };

const twice = (values: readonly string[]): number[] =>
  values.flatMap((value, at) => (values.indexOf(value) < at ? [at] : []));

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

const soldTypes = z.looseObject({
  passengerTypes: z.array(
    z.looseObject({
      type: z.string(),
      percentOfAdult: z.number().optional().catch(undefined),
      ages: z
        .looseObject({ from: z.number().optional(), to: z.number().optional() })
        .optional()
        .catch(undefined),
      onlyWith: z.array(z.string()).optional().catch(undefined),
    }),
  ),
});

const agesFaults = (ages: { from?: number | undefined; to?: number | undefined }, path: string): Found[] => {
  if (ages.from === undefined && ages.to === undefined)
    return [{ path, message: 'must say from, to or both' }];
  const isUpsideDown = (ages.from ?? 0) > (ages.to ?? Infinity);
  return isUpsideDown ? [{ path, message: 'ends before it begins' }] : [];
};

const companyFaults = (
  types: z.output<typeof soldTypes>['passengerTypes'],
  { type, onlyWith = [] }: z.output<typeof soldTypes>['passengerTypes'][number],
  path: string,
): Found[] =>
  onlyWith.flatMap((other, at) => {
    const company = types.find((each) => each.type === other);
    const place = `${path}[${at}]`;
    if (other === type || company?.onlyWith)
      return [{ path: place, message: `must be a type that may travel alone, and ${other} may not` }];
    return company ? [] : [{ path: place, message: `there is no passenger type ${other}` }];
  });

const typesGoTogether = rule(soldTypes, ({ passengerTypes: types }) => {
  const names = types.map(({ type }) => type);
  const somebodyPays = types.some(({ percentOfAdult = 1 }) => percentOfAdult > 0);
  return [
    ...twice(names).map((at) => ({
      path: `passengerTypes[${at}].type`,
      message: `${names[at]} occurs twice`,
    })),
    ...(somebodyPays || types.length === 0
      ? []
      : [{ path: 'passengerTypes', message: 'one of them must pay something: a free order cannot be sold' }]),
    ...types.flatMap((type, at) => [
      ...(type.ages ? agesFaults(type.ages, `passengerTypes[${at}].ages`) : []),
      ...companyFaults(types, type, `passengerTypes[${at}].onlyWith`),
    ]),
  ];
});

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
  contactSaysSomething,
  durationsGoTogether,
];

/** Every fault of a profile. */
export const checkProfile = (file: string, json: unknown): Fault[] =>
  faultsOfFile({ file, json }, profileSchema, rules);
