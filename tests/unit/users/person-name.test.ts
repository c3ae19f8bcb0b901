import * as fc from 'fast-check';
import { readPersonName } from '../../../shared/users/person-name.ts';

describe("a person's name", () => {
  test.each([
    '张三',
    '欧阳·娜娜',
    '阿卜杜拉·买买提',
    '〇',
    "O'Brien",
    'José',
    'Ng',
    'Å',
    'Nguyễn Văn A',
    'Anna-Lena Schmidt-Böll',
    'Sr. María de los Ángeles, 3rd',
    'عمر',
    'מֹשֶׁה',
    'क्षितिज',
    'นิรันดร์',
    'བསྟན་འཛིན',
    'ᠮᠣᠩᠭᠣᠯ',
    'נ',
    'نازی\u200cآباد',
    '葛\u{E0100}城',
    '김민준',
    'X Æ A-12',
    '𠮷野家',
  ])('may be %s', (name) => {
    expect(readPersonName(name)).toEqual({ name: name.normalize('NFC') });
  });

  test.each([
    ['e and its accent apart', 'Jose\u0301', 'José'],
    ['blanks of every width', ' \u3000Anna \u00a0 Schmidt\u2003', 'Anna Schmidt'],
    ['a filler like a blank', '김\u3164민준', '김 민준'],
    ['zero-width characters', '张\u200b三\ufeff\u2060', '张三'],
    ['soft hyphens', 'Schmidt\u00adBöll', 'SchmidtBöll'],
    ['marks of direction', '\u200fעמר\u200e', 'עמר'],
    ['joiners at the ends', '\u200d张三 \u200c', '张三'],
  ])('loses %s', (_, typed, name) => {
    expect(readPersonName(typed)).toEqual({ name });
  });

  test.each([
    ['nothing', ''],
    ['a blank', ' '],
    ['a zero-width blank', '\u200b'],
    ['a Hangul filler', '\u3164'],
    ['a half-width Hangul filler', '\uffa0'],
    ['a soft hyphen', '\u00ad'],
    ['a mark of direction', '\u200f'],
    ['a joiner', '\u200d'],
    ['a tag', '\u{E0041}'],
    ['a blank of braille', '\u2800'],
    ['a vowel that nobody sees', '\u17b4'],
    ['a middle dot', '·'],
    ['punctuation', '-.,'],
    ['digits', '123'],
    ['an emoji', '😀'],
    ['a variation selector', '\ufe0f'],
  ])('may not be %s alone', (_, typed) => {
    expect(readPersonName(typed)).toMatchObject({ fault: expect.any(String) });
  });

  test.each([
    ['a replacement character', '张\ufffd三'],
    ['a code point that is no character', '张\uffff三'],
    ['another that is none', '张\u{1fffe}三'],
    ['half a character', '张\ud842'],
    ['a private character', '张\ue000'],
    ['a zero byte', 'Anna\0'.concat('B')],
    ['a line break', 'Anna\r\nBcc: all@example.com'],
    ['a line separator', 'Anna\u2028B'],
    ['a tab', 'Anna\tB'],
    ['writing turned round', '\u202Etdimhcs anna'],
    ['an isolate', '\u2067anna\u2069'],
    ['a mark on nothing', '\u0301Anna'],
    ['a mark on a blank', 'Anna \u0301B'],
    ['a heap of marks', `Anna${'\u0301\u0316'.repeat(20)}`],
  ])('may not contain %s', (_, typed) => {
    expect(readPersonName(typed)).toEqual({ fault: 'contains a character that a name cannot have' });
  });
});

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc
    .array(
      fc.constantFrom(
        '张',
        'a',
        'é',
        'e\u0301',
        ' ',
        '\u3000',
        '\u200b',
        '\u200d',
        '\u00ad',
        '\ufeff',
        '\u3164',
        '·',
        '\u0301',
      ),
    )
    .map((parts) => parts.join('')),
);

test('whatever is typed, reading a name answers, and its spelling stays when read again', () => {
  fc.assert(
    fc.property(anyText, (typed) => {
      const read = readPersonName(typed);
      if ('fault' in read) return;
      expect(readPersonName(read.name)).toEqual(read);
      expect(read.name).toBe(read.name.normalize('NFC'));
      expect(read.name).not.toMatch(/^\s|\s$|\s\s|[\u200b\u00ad\ufeff]/);
    }),
    { numRuns: 2000 },
  );
});
