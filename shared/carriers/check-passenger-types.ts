import * as z from 'zod';
import { tellsBirthDate } from '../users/document.ts';
import { rule, twice, type Found } from './fault-rules.ts';

const soldType = z.looseObject({
  type: z.string(),
  percentOfAdult: z.number().optional().catch(undefined),
  reducedIn: z
    .looseObject({ classes: z.array(z.string()).optional(), dates: z.array(z.unknown()).optional() })
    .optional()
    .catch(undefined),
  ages: z.looseObject({ from: z.number().optional(), to: z.number().optional() }).optional().catch(undefined),
  agesByDocument: z.unknown().optional(),
  onlyWith: z.array(z.string()).optional().catch(undefined),
  perCompanion: z.unknown().optional(),
  withoutSeat: z.unknown().optional(),
});
type SoldType = z.output<typeof soldType>;

const agesFaults = ({ ages }: SoldType, path: string): Found[] => {
  if (!ages) return [];
  if (ages.from === undefined && ages.to === undefined)
    return [{ path, message: 'must say from, to or both' }];
  const isUpsideDown = (ages.from ?? 0) > (ages.to ?? Infinity);
  return isUpsideDown ? [{ path, message: 'ends before it begins' }] : [];
};

const companyFaults = (
  types: readonly SoldType[],
  { type, onlyWith = [] }: SoldType,
  path: string,
): Found[] =>
  onlyWith.flatMap((other, at) => {
    const company = types.find((each) => each.type === other);
    const place = `${path}[${at}]`;
    if (other === type || company?.onlyWith)
      return [{ path: place, message: `must be a type that may travel alone, and ${other} may not` }];
    return company ? [] : [{ path: place, message: `there is no passenger type ${other}` }];
  });

const reducedFaults = ({ reducedIn, percentOfAdult }: SoldType, path: string): Found[] => {
  if (!reducedIn) return [];
  const { classes, dates } = reducedIn;
  if (!classes && !dates) return [{ path, message: 'must say classes, dates or both' }];
  if (percentOfAdult === 100)
    return [{ path, message: 'has no effect: such a passenger pays the adult fare everywhere' }];
  return twice(classes ?? []).map((at) => ({ path: `${path}.classes[${at}]`, message: 'occurs twice' }));
};

const typeFaults = (types: readonly SoldType[], type: SoldType, path: string): Found[] => [
  ...agesFaults(type, `${path}.ages`),
  ...companyFaults(types, type, `${path}.onlyWith`),
  ...reducedFaults(type, `${path}.reducedIn`),
  ...(type.agesByDocument !== undefined && !type.ages
    ? [{ path: `${path}.agesByDocument`, message: 'has no effect without ages' }]
    : []),
  ...(type.perCompanion !== undefined && !type.onlyWith
    ? [{ path: `${path}.perCompanion`, message: 'has no effect without onlyWith' }]
    : []),
  ...(type.withoutSeat !== undefined && !type.onlyWith
    ? [{ path: `${path}.withoutSeat`, message: 'needs onlyWith: somebody must hold such a passenger' }]
    : []),
];

/** Types that name one another, and the terms of each. */
export const typesGoTogether = rule(
  z.looseObject({ passengerTypes: z.array(soldType) }),
  ({ passengerTypes: types }) => {
    const names = types.map(({ type }) => type);
    const seated = types.filter(({ withoutSeat }) => withoutSeat === undefined);
    const somebodyPays = seated.some(({ percentOfAdult = 1 }) => percentOfAdult > 0);
    return [
      ...twice(names).map((at) => ({
        path: `passengerTypes[${at}].type`,
        message: `${names[at]} occurs twice`,
      })),
      ...(somebodyPays || types.length === 0
        ? []
        : [
            {
              path: 'passengerTypes',
              message: 'one of them must pay something: a free order cannot be sold',
            },
          ]),
      ...types.flatMap((type, at) => typeFaults(types, type, `passengerTypes[${at}]`)),
    ];
  },
);

/** A type whose age a document must tell can be sold only if a document of the carrier tells it. */
export const agesCanBeTold = rule(
  z.looseObject({
    documents: z.looseObject({ kinds: z.array(z.string()) }),
    passengerTypes: z.array(
      z.looseObject({ ages: z.unknown().optional(), agesByDocument: z.unknown().optional() }),
    ),
  }),
  ({ documents: { kinds }, passengerTypes }) =>
    kinds.some(tellsBirthDate)
      ? []
      : passengerTypes.flatMap(({ ages, agesByDocument }, at) =>
          !ages || agesByDocument === undefined
            ? []
            : [
                {
                  path: `passengerTypes[${at}].agesByDocument`,
                  message: 'sells nothing: no kind of documents.kinds tells the date of birth',
                },
              ],
        ),
);
