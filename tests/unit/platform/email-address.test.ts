import * as fc from 'fast-check';
import { isSameAddress, readAddress } from '../../../shared/platform/email-address.ts';

describe('an e-mail address', () => {
  test.each([
    'zhang@example.com',
    'user@xn--fsqu00a.xn--fiqs8s',
    'a@b.xn--p1ai',
    'a&b@example.com',
    'a=b@example.com',
    'first/last@example.com',
    "o'brien+tag@example.co.uk",
    "!#$%&'*+/=?^_`{|}~-@example.com",
    'Zhang.San@example.com',
    'a@1-2.example.museum',
    'a@163.com',
    `${'a'.repeat(64)}@example.com`,
  ])('may be %s', (address) => {
    expect(readAddress(address)).toEqual({ address });
  });

  test.each([
    [' zhang@example.com\n', 'zhang@example.com'],
    ['Zhang@EXAMPLE.Com', 'Zhang@example.com'],
    ['zhang@例子.中国', 'zhang@xn--fsqu00a.xn--fiqs8s'],
    ['zhang@пример.рф', 'zhang@xn--e1afmkfd.xn--p1ai'],
    ['zhang@faß.de', 'zhang@xn--fa-hia.de'],
    ['ｚｈａｎｇ＠ｅｘａｍｐｌｅ．ｃｏｍ', 'zhang@example.com'],
    ['zhang@example。com', 'zhang@example.com'],
  ])('typed as %j is %s', (typed, address) => {
    expect(readAddress(typed)).toEqual({ address });
  });

  test.each([
    '',
    '@',
    'zhang',
    '@example.com',
    'zhang@',
    'zhang@localhost',
    'zhang@example..com',
    'zhang@.example.com',
    'zhang@example.com.',
    'zhang@-example.com',
    'zhang@example-.com',
    'zhang@ex_ample.com',
    'zhang@example.c',
    'zhang@example.123',
    'zhang@1.2.3.4',
    'zhang@0x7f.1',
    'zhang@[1.2.3.4]',
    'zhang@example.com:25',
    'zhang@example.com/b',
    'zhang@exa%41mple.com',
    `zhang@${'a'.repeat(64)}.com`,
    '.zhang@example.com',
    'zhang.@example.com',
    'zhang..san@example.com',
    '"zhang san"@example.com',
    'zhang san@example.com',
    'a@b@example.com',
    'Zhang <zhang@example.com>',
    'zhang@example.com,b@example.com',
    'zhang@example.com;b@example.com',
    'zhang@example.com\r\nBcc: b@example.com',
    'zhang\0@example.com',
    'zhang(me)@example.com',
  ])('may not be %j', (typed) => {
    expect(readAddress(typed)).toEqual({ fault: 'must be an e-mail address' });
  });

  test.each(['张@example.com', 'josé@example.com', '\u212aai@example.com', 'zhang\u200b@example.com'])(
    'may not have other characters before the @, which SES cannot send to: %j',
    (typed) => {
      expect(readAddress(typed)).toEqual({
        fault: 'must have only ASCII characters before the @, because we cannot send mail elsewhere',
      });
    },
  );

  test('has 64 characters before the @, and 254 in all, at most', () => {
    expect(readAddress(`${'a'.repeat(65)}@example.com`)).toEqual({
      fault: 'must have at most 64 characters before the @',
    });
    const longest = `a@${'b'.repeat(62)}.${'c'.repeat(62)}.${'d'.repeat(62)}.${'e'.repeat(59)}.com`;
    expect(longest).toHaveLength(254);
    expect(readAddress(longest)).toEqual({ address: longest });
    expect(readAddress(`a${longest}`)).toEqual({ fault: 'must have at most 254 characters' });
  });
});

test.each([
  ['zhang@example.com', 'Zhang@Example.COM', true],
  ['zhang@例子.中国', 'zhang@xn--fsqu00a.xn--fiqs8s', true],
  ['zhang@example.com', 'zhang+tag@example.com', false],
  // The sign of Kelvin becomes `k` as a small letter, and is another person's address.
  ['kai@example.com', '\u212aai@example.com', false],
  ['not an address', 'not an address', false],
])('%s and %s are the same address: %s', (one, other, isSame) => {
  expect(isSameAddress(one, other)).toBe(isSame);
});

test('whatever is typed, reading an address answers, and its spelling stays when read again', () => {
  const local = fc.oneof(fc.string({ unit: 'grapheme-ascii' }), fc.constantFrom('a', 'a&b', 'A.b', 'é'));
  const domain = fc.oneof(
    fc.domain(),
    fc.string({ unit: 'grapheme' }).map((label) => `${label}.com`),
    fc.constantFrom('例子.中国', 'EXAMPLE.com', 'xn--a.com'),
  );
  const typed = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.emailAddress(),
    fc.tuple(local, domain).map((parts) => parts.join('@')),
  );
  fc.assert(
    fc.property(typed, (text) => {
      const read = readAddress(text);
      if ('fault' in read) return;
      expect(readAddress(read.address)).toEqual(read);
      expect(read.address).toMatch(/^[\x21-\x7e]{1,64}@[a-z\d.-]+$/);
      expect(read.address).not.toMatch(/[\s,;:<>()[\]\\"]/);
    }),
    { numRuns: 2000 },
  );
});
