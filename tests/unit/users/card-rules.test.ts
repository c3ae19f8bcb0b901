import { serviceDateSchema } from '../../../shared/platform/ids.ts';
import { documentSchema, isBornBy } from '../../../shared/users/document.ts';

const parse = (kind: string, number: string) => documentSchema.safeParse({ kind, number });

const faults = (result: ReturnType<typeof parse>): string[] =>
  result.error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];

describe.each([
  {
    kind: 'cn-hong-kong-macao-travel-permit',
    taken: [
      ['H12345678', 'H12345678'],
      ['m1234567801', 'M1234567801'],
      ['Ｈ１２３４ ５６７８-００', 'H1234567800'],
    ],
    refused: ['C12345678', 'H1234567', 'H123456789', 'H12345678012', '12345678', 'HA1234567'],
    fault: 'must have the letter H or M, and then 8 or 10 digits',
  },
  {
    kind: 'cn-taiwan-travel-permit',
    taken: [
      ['12345678', '12345678'],
      ['0123456789', '0123456789'],
      ['1234567801(B)', '1234567801'],
      ['1234567801（b）', '1234567801'],
      ['1234567801 (1)', '1234567801'],
      ['1234567801B', '1234567801'],
    ],
    refused: ['1234567', '123456789', '12345678(B)', '12345678011', '1234567801BB', '1234567801(BC)'],
    fault: 'must have 8 digits, or 10 on an older permit, with or without the letter in brackets',
  },
])('$kind', ({ kind, taken, refused, fault }) => {
  test.each(taken)('%j is taken as %s', (typed, number) => {
    expect(parse(kind, typed).data).toEqual({ kind, number });
  });
  test.each(refused)('%s is refused', (number) => {
    expect(faults(parse(kind, number))).toEqual([`number: ${fault}`]);
  });
});

describe('a residence permit', () => {
  test.each(['810000199408230021', '820000200101010013', '830000199408230025'])('%s is taken', (number) => {
    expect(parse('cn-residence-permit', number).data).toEqual({ kind: 'cn-residence-permit', number });
  });

  test.each([
    ['11010519491231002X', 'must begin with 810000, 820000 or 830000'],
    ['810000199408230022', 'has a wrong check digit'],
    ['810000199413230021', 'contains a date of birth that cannot be right'],
    ['H12345678', 'must have 17 digits, and then a digit or X'],
  ])('%s is refused', (number, fault) => {
    expect(faults(parse('cn-residence-permit', number))).toEqual([`number: ${fault}`]);
  });
});

describe('a permanent residence card', () => {
  test.each([
    ['fra 1100 12345678', 'FRA110012345678'],
    ['911124198108030024', '911124198108030024'],
  ])('%s is taken', (typed, number) => {
    const kind = 'cn-permanent-residence-card';
    expect(parse(kind, typed).data).toEqual({ kind, number });
  });

  test.each([
    ['ZZZ110012345678', 'must begin with a country code (ISO 3166-1), such as FRA'],
    ['911124198108030025', 'has a wrong check digit'],
    ['911124198113030024', 'contains a date of birth that cannot be right'],
    ['11010519491231002X', 'must have 3 letters and 12 digits, or 18 characters that begin with 9'],
    ['FRA11001234567', 'must have 3 letters and 12 digits, or 18 characters that begin with 9'],
  ])('%s is refused', (number, fault) => {
    expect(faults(parse('cn-permanent-residence-card', number))).toEqual([`number: ${fault}`]);
  });
});

test.each([
  ['cn-residence-permit', '810000199408230021', '1994-08-23'],
  ['cn-permanent-residence-card', '911124198108030024', '1981-08-03'],
])('a %s tells the day of birth', (kind, number, born) => {
  const document = documentSchema.parse({ kind, number });
  expect(isBornBy(document, serviceDateSchema.parse(born))).toBe(true);
  expect(isBornBy(document, serviceDateSchema.parse(born.replace(/\d\d$/, '01')))).toBe(false);
});
