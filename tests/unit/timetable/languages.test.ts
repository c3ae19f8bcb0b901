import { readLanguages } from '../../../functions/middleware/read-languages.ts';
import { nameIn } from '../../../shared/platform/languages.ts';

const names = { de: 'Wien Hbf', en: 'Vienna', 'zh-Hans': '维也纳', 'zh-Hant': '維也納', 'pt-BR': 'Viena' };

describe('a name', () => {
  test.each([
    [['en'], 'Vienna'],
    [['en-US', 'de'], 'Vienna'],
    [['fr', 'zh-CN'], '维也纳'],
    [['zh'], '维也纳'],
    [['zh-TW'], '維也納'],
    [['zh-HK'], '維也納'],
    [['pt'], 'Viena'],
    [['de-AT', 'en'], 'Wien Hbf'],
    [['fr'], 'Wien Hbf'],
    [[], 'Wien Hbf'],
    [['not a tag', 'en'], 'Vienna'],
    [['__proto__', 'en'], 'Vienna'],
  ])('for a reader of %p is %p', (languages, name) => {
    expect(nameIn(languages, 'Wien Hbf', names)).toBe(name);
  });

  test('without translations is as the feed writes it', () => {
    expect(nameIn(['en'], 'Wien Hbf', undefined)).toBe('Wien Hbf');
  });
});

describe('Accept-Language', () => {
  test.each([
    ['en;q=0.5, zh-CN, *;q=0.1', ['zh-CN', 'en']],
    ['de-AT,de;q=0.9,en;q=0', ['de-AT', 'de']],
    ['*', []],
    [undefined, []],
    ['', []],
  ])('%p asks for %p', (header, languages) => {
    expect(readLanguages({ 'accept-language': header })).toEqual(languages);
  });
});
