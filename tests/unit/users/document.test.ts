import { travelDocumentCheck } from '../../../shared/users/check-digits.ts';
import { serviceDateSchema } from '../../../shared/platform/ids.ts';
import {
  documentSchema,
  isBornBy,
  maskDocument,
  maskName,
  type Document,
} from '../../../shared/users/document.ts';

const residentId = (number: string) => documentSchema.safeParse({ kind: 'cn-resident-id', number });
const passport = (number: string, country = 'DEU') =>
  documentSchema.safeParse({ kind: 'passport', number, country });

const messages = (result: ReturnType<typeof residentId>): string[] =>
  result.error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];

describe('a resident identity number', () => {
  test.each(['11010519491231002X', '440306199202294527', '51012320000229007X'])('%s is taken', (number) => {
    expect(residentId(number).data).toEqual({ kind: 'cn-resident-id', number });
  });

  test.each([
    [' 11010519491231002x ', 'a small x and blanks around'],
    ['110105 19491231 002x', 'blanks within'],
    ['110105-19491231-002X', 'hyphens'],
    ['110105–19491231−002X', 'dashes'],
    ['１１０１０５１９４９１２３１００２Ｘ', 'full-width characters'],
    ['110105　19491231\u00a0002ｘ', 'wide blanks'],
    ['\u202a11010519491231002X\u202c\u200b', 'what copying brings along'],
  ])('may be typed as %j: %s', (typed) => {
    expect(residentId(typed).data).toEqual({ kind: 'cn-resident-id', number: '11010519491231002X' });
  });

  test.each([
    ['110105194912310021', 'number: has a wrong check digit'],
    ['440306199302294527', 'number: contains a date of birth that cannot be right'],
    ['110105188812310023', 'number: contains a date of birth that cannot be right'],
    ['110105194913310026', 'number: contains a date of birth that cannot be right'],
    ['110105491231002', 'number: must have 17 digits, and then a digit or X'],
    ['1101051949123100²X', 'number: must have 17 digits, and then a digit or X'],
    ['810000199408230021', 'number: belongs to a residence permit: send the kind cn-residence-permit'],
    [
      '911124198108030024',
      'number: belongs to a permanent residence card: send the kind cn-permanent-residence-card',
    ],
    ['', 'number: must have 17 digits, and then a digit or X'],
  ])('%s is refused', (number, message) => {
    expect(messages(residentId(number))).toEqual([message]);
  });

  test('of somebody who is born tomorrow is seen', () => {
    const document: Document = { kind: 'cn-resident-id', number: '320506202406301184' };
    expect(isBornBy(document, serviceDateSchema.parse('2024-06-29'))).toBe(false);
    expect(isBornBy(document, serviceDateSchema.parse('2024-06-30'))).toBe(true);
  });
});

describe('a passport', () => {
  test.each([
    ['0123456789', 'TWN'],
    ['5202201234', 'BTN'],
  ])(
    '%s keeps its last digit: ten digits alone may be another document, so they are refused',
    (number, country) => {
      const body = number.slice(0, 9);
      const right = `${body}${travelDocumentCheck(body)}`;
      expect(messages(passport(right, country))).toEqual([
        'number: must have 6 to 9 letters and digits, without a check digit',
      ]);
    },
  );

  test.each([
    ['12345678', 'GBR', 9],
    ['E1234567', 'CHN', 9],
    ['EN1234567', 'BEL', 8],
  ])('%s is refused of %s, whose numbers have a published length', (number, country, length) => {
    expect(messages(passport(number, country))).toEqual([
      `number: must have ${length} letters and digits on a passport of ${country}`,
    ]);
  });

  test.each([
    ['123456789', 'GBR'],
    ['E12345678', 'CHN'],
    ['EN123456', 'BEL'],
    ['K12345678', 'HKG'],
  ])('%s of %s is taken', (number, country) => {
    expect(passport(number, country).data).toEqual({ kind: 'passport', number, country });
  });

  test.each([
    ['d', 'DEU'],
    ['D<<', 'DEU'],
    [' ｃｈｎ', 'CHN'],
  ])('of the country %j is one of %s', (typed, country) => {
    expect(passport('E12345678', typed).data).toMatchObject({ country });
  });

  test.each(['E12345678', 'C01X00T47', '123456'])('%s is taken', (number) => {
    expect(passport(number).data).toEqual({ kind: 'passport', number, country: 'DEU' });
  });

  test.each([
    ['l898902c36', 'L898902C3'],
    ['AB2134<<<5', 'AB2134'],
  ])('%s is checked by its tenth character and kept as %s', (typed, number) => {
    expect(passport(typed).data).toEqual({ kind: 'passport', number, country: 'DEU' });
  });

  test.each([
    ['L898902C37', 'number: has a wrong check digit'],
    ['12345', 'number: must have 6 to 9 letters and digits, or 9 and their check digit'],
    ['L898902C367', 'number: must have 6 to 9 letters and digits, or 9 and their check digit'],
    ['AB21<34<<5', 'number: must have 6 to 9 letters and digits, or 9 and their check digit'],
    ['ÄB2134567', 'number: must have 6 to 9 letters and digits, or 9 and their check digit'],
  ])('%s is refused', (number, message) => {
    expect(messages(passport(number))).toEqual([message]);
  });

  test('of a country that is none is refused', () => {
    expect(messages(passport('E12345678', 'GER'))).toEqual([
      'country: must be a country code of three letters (ISO 3166-1), such as CHN',
    ]);
  });
});

test('a document of an unknown kind is refused by its kind', () => {
  const result = documentSchema.safeParse({ kind: 'library-card', number: '123456' });
  expect(result.error?.issues[0]?.path).toEqual(['kind']);
});

test('what is said about a wrong number never repeats it', () => {
  for (const result of [residentId('110105194912310021'), passport('L898902C37')]) {
    expect(JSON.stringify(result.error?.issues)).not.toMatch(/1101|L898/);
  }
});

describe('a mask', () => {
  test.each<[Document, string]>([
    [{ kind: 'cn-resident-id', number: '11010519491231002X' }, '1101***********02X'],
    [{ kind: 'cn-residence-permit', number: '810000199408230021' }, '8100***********021'],
    [{ kind: 'cn-hong-kong-macao-travel-permit', number: 'H12345678' }, 'H******78'],
    [{ kind: 'cn-taiwan-travel-permit', number: '12345678' }, '1*****78'],
    [{ kind: 'cn-permanent-residence-card', number: 'FRA110012345678' }, 'FRA**********78'],
    [{ kind: 'cn-permanent-residence-card', number: '911124198108030024' }, '911*************24'],
    [{ kind: 'passport', number: 'E12345678', country: 'CHN' }, 'E******78'],
    [{ kind: 'passport', number: 'AB2134', country: 'DEU' }, 'A***34'],
  ])('of %j is %s', (document, masked) => {
    expect(maskDocument(document)).toBe(masked);
  });

  test.each([
    ['张三', '张*'],
    ['欧阳娜娜', '欧***'],
    ['买买提·阿不都', '买**·阿**'],
    ['Anna Schmidt', 'A*** S******'],
    ["Jean-Luc O'Neil", "J***-L** *'N***"],
    ['Li', 'L*'],
    ['𠮷野家', '𠮷**'],
    ['X', '*'],
    ['', ''],
  ])('of the name %s is %s', (name, masked) => {
    expect(maskName(name)).toBe(masked);
  });
});
