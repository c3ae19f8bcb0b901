import { placeholdersOf } from '../../../shared/notifications/placeholders.ts';
import { ownTexts } from '../../../shared/notifications/speak.ts';
import type { TextKey } from '../../../shared/notifications/texts/en.ts';
import { languages, type Locale } from '../../../shared/platform/locales.ts';

const gapsIn = (locale: Locale) =>
  Object.entries(ownTexts(locale)).map(([key, text]) => [key, placeholdersOf(text, locale)] as const);

test.each(languages)('the texts in %s have the same placeholders as in English', (locale) => {
  const english = Object.fromEntries(gapsIn('en')) as Record<TextKey, string[]>;
  // A language without plurals may do without the number.
  const without = (gaps: readonly string[] = []) => gaps.filter((gap) => gap !== 'count');
  for (const [key, gaps] of gapsIn(locale)) {
    const expected = english[key as TextKey];
    expect([key, without(gaps)]).toEqual([key, without(expected)]);
    expect(expected).toEqual(expect.arrayContaining(gaps));
  }
});

test('placeholders are found within plurals as well, each once', () => {
  const text = '{count, plural, one {{name} alone} other {{name} and # others}} until {until}';
  expect(placeholdersOf(text, 'en')).toEqual(['count', 'name', 'until']);
});
