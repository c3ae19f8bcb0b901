import { checkProfile } from '../../../shared/carriers/check-profile.ts';
import { faultText } from '../../../shared/carriers/faults.ts';
import { shippedProfile } from '../../support/carrier-folder.ts';

const sound = shippedProfile('eu-coach');
const faultsWith = (settings: object): string[] =>
  checkProfile('profile.json', { ...sound, ...settings }).map((fault) => faultText(fault).slice(14));

const [adult, youth, child] = sound['passengerTypes'] as Record<string, unknown>[];
const types = (...changed: object[]) => ({ passengerTypes: [adult, ...changed] });

describe('a profile', () => {
  test('is sound as it is shipped', () => {
    expect(faultsWith({})).toEqual([]);
  });

  test.each<[string, object, string[]]>([
    ['a setting that has no effect', { rules: 'rules.json' }, ['rules: is not a known setting']],
    ['a missing setting', { salesOpenDays: undefined }, ['salesOpenDays: is missing']],
    ['a text for a number', { salesOpenDays: '15' }, ['salesOpenDays: must be a number']],
    ['parts of a year', { ordersKeptYears: 3.5 }, ['ordersKeptYears: must be a whole number']],
    [
      'data that is not kept at all',
      { personalDataKeptDays: 0 },
      ['personalDataKeptDays: must be more than 0'],
    ],
    ['a limit of none', { openOrdersMax: 0 }, ['openOrdersMax: must be more than 0']],
    [
      'a currency that does not exist',
      { currency: 'EUX' },
      ['currency: must be a currency of ISO 4217, such as EUR'],
    ],
    [
      'a zone that does not exist',
      { timeZone: 'Europe/Bonn' },
      ['timeZone: must be a zone of the IANA database, such as Europe/Berlin'],
    ],
    [
      'an offset for a zone',
      { timeZone: '+01:00' },
      ['timeZone: must be a zone of the IANA database, such as Europe/Berlin'],
    ],
    [
      'a default language that is not spoken',
      { defaultLocale: 'zh-CN' },
      ['defaultLocale: must be one of locales: en, de'],
    ],
    ['a language twice', { locales: ['en', 'de', 'en'] }, ['locales[2]: occurs twice']],
    [
      'a name that a language misses',
      { name: { en: 'Coach' } },
      ['name.de: is missing: de is one of locales'],
    ],
    [
      'a name that is never shown',
      { name: { en: 'Coach', de: 'Bus', 'zh-CN': '客运' } },
      ['name.zh-CN: is never shown: zh-CN is not one of locales'],
    ],
    ['a colour by name', { colour: 'green' }, ['colour: must be a colour such as #0b5cad']],
    [
      'documents that are needed and of no kind',
      { documents: { need: 'required', kinds: [] } },
      ['documents.kinds: must name at least one kind, or need must be not-asked'],
    ],
    [
      'documents that are not asked for and of a kind',
      { documents: { need: 'not-asked', kinds: ['passport'] } },
      ['documents.kinds: must be empty where documents are not asked for'],
    ],
    [
      'a hold too short to pay in',
      { holdSecondsMin: 89 },
      [
        'holdSecondsMin: must be at least paymentNeedsSeconds: the shortest hold must leave the time that a payment needs',
      ],
    ],
    [
      'personal data that outlasts its order',
      { personalDataKeptDays: 1095 },
      ['personalDataKeptDays: must be less than ordersKeptYears: personal data must end before its order'],
    ],
    [
      'orders that outlast their books',
      { booksKeptYears: 2 },
      [
        'booksKeptYears: must be at least ordersKeptYears: the books must be kept for as long as the orders in them',
      ],
    ],
  ])('is refused for %s', (_, settings, faults) => {
    expect(faultsWith(settings)).toEqual(faults);
  });

  test.each<[string, object, string]>([
    ['a hold that outlasts what the workflow asks a provider', { holdSeconds: 23 * 60 }, 'holdSeconds'],
    ['the same for runs that depart soon', { holdSecondsWhenSoon: 23 * 60 }, 'holdSecondsWhenSoon'],
  ])('is refused for %s', (_, settings, path) => {
    const message = 'with closingGraceSeconds at most 1620: no provider is asked about a payment for longer';
    expect(faultsWith(settings)).toEqual([`${path}: ${message}`]);
  });

  test('says of a contact what each line must be, and that there must be one', () => {
    const contact = { en: { email: 'nobody', phone: 'call me', url: 'coach.example' }, de: {} };
    expect(faultsWith({ contact })).toEqual([
      'contact.en.email: must be an e-mail address',
      'contact.en.phone: must be a telephone number such as +49 30 1234567',
      'contact.en.url: must be a web address such as https://example.com/help',
      'contact.de: must have at least one of postal, email, phone, url',
    ]);
  });
});

describe('a passenger type', () => {
  test.each<[string, object, string]>([
    [
      'a share above the adult fare',
      types({ ...youth, percentOfAdult: 120 }),
      '[1].percentOfAdult: must be at most 100',
    ],
    [
      'a share in parts',
      types({ ...youth, percentOfAdult: 33.3 }),
      '[1].percentOfAdult: must be a whole number',
    ],
    [
      'a place without a seat, which no order can have',
      types({ ...youth, seat: false }),
      '[1].seat: is not a known setting',
    ],
    [
      'ages that end before they begin',
      types({ ...youth, ages: { from: 26, to: 15 } }),
      '[1].ages: ends before it begins',
    ],
    ['ages that say nothing', types({ ...youth, ages: {} }), '[1].ages: must say from, to or both'],
    ['a name that another has', types({ ...youth, type: 'adult' }), '[1].type: adult occurs twice'],
    [
      'a name with blanks',
      types({ ...youth, type: 'Young person' }),
      '[1].type: must be small letters, digits and hyphens, such as young-adult',
    ],
    [
      'company that is not sold',
      types({ ...child, onlyWith: ['guide'] }),
      '[1].onlyWith[0]: there is no passenger type guide',
    ],
    [
      'its own company',
      types({ ...child, onlyWith: ['child'] }),
      '[1].onlyWith[0]: must be a type that may travel alone, and child may not',
    ],
    [
      'a share that counts nowhere in particular',
      types({ ...youth, reducedIn: {} }),
      '[1].reducedIn: must say classes, dates or both',
    ],
    [
      'a class that occurs twice',
      types({ ...youth, reducedIn: { classes: ['second', 'second'] } }),
      '[1].reducedIn.classes[1]: occurs twice',
    ],
    [
      'a day that no year has',
      types({ ...youth, reducedIn: { dates: [{ from: '06-01', to: '06-31' }] } }),
      '[1].reducedIn.dates[0].to: must be a month and a day, such as 06-01',
    ],
    [
      'a reduction of nothing',
      types({ ...youth, percentOfAdult: 100, reducedIn: { classes: ['second'] } }),
      '[1].reducedIn: has no effect: such a passenger pays the adult fare everywhere',
    ],
    [
      'a number of those who need no company',
      types({ ...youth, perCompanion: 2 }),
      '[1].perCompanion: has no effect without onlyWith',
    ],
    ['a number of nobody', types({ ...child, perCompanion: 0 }), '[1].perCompanion: must be at least 1'],
    [
      'somebody without a seat whom nobody holds',
      types({ ...youth, withoutSeat: true }),
      '[1].withoutSeat: needs onlyWith: somebody must hold such a passenger',
    ],
    [
      'a proof of no age',
      types({ ...youth, ages: undefined, agesByDocument: true }),
      '[1].agesByDocument: has no effect without ages',
    ],
    [
      'a proof that no document of the carrier is',
      {
        ...types({ ...youth, agesByDocument: true }),
        documents: { need: 'required', kinds: ['passport'] },
      },
      '[1].agesByDocument: sells nothing: no kind of documents.kinds tells the date of birth',
    ],
    [
      'nobody who pays',
      { passengerTypes: [{ ...adult, percentOfAdult: 0 }] },
      ': one of them must pay something: a free order cannot be sold',
    ],
  ])('is refused for %s', (_, settings, fault) => {
    expect(faultsWith(settings)).toEqual([`passengerTypes${fault}`]);
  });
});
