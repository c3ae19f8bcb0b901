import { IntlMessageFormat } from 'intl-messageformat';
import type { Locale } from '../platform/locales.ts';

type Element = ReturnType<IntlMessageFormat['getAst']>[number];

const hasName = (element: Element): element is Element & { value: string } =>
  'value' in element && 'location' in element;

/** The parser's elements for plain text; all others with a name are placeholders. */
const literal = 0;

const namesIn = (elements: readonly Element[]): string[] =>
  elements.flatMap((element) => {
    const inner = 'options' in element ? Object.values(element.options) : [];
    const own = element.type !== literal && hasName(element) ? [element.value] : [];
    return [...own, ...inner.flatMap(({ value }) => namesIn(value))];
  });

/** The names of the placeholders in a text, in order. Throws if it is not a text in ICU message format. */
export const placeholdersOf = (text: string, locale: Locale): string[] => {
  const message = new IntlMessageFormat(text, locale, undefined, { ignoreTag: true, captureLocation: true });
  return [...new Set(namesIn(message.getAst()))].sort();
};
