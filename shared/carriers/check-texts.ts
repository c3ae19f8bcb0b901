import { placeholdersOf } from '../notifications/placeholders.ts';
import { isTextKey, ownTexts } from '../notifications/speak.ts';
import type { Locale } from '../platform/locales.ts';
import type { Fault } from './faults.ts';

/** A carrier's classes have the names that it gives them. */
const isClassName = (key: string): boolean => /^class\.[^.\s]+$/.test(key);

const listed = (names: readonly string[]): string =>
  names.length === 0 ? 'none' : names.map((name) => `{${name}}`).join(', ');

/** Why a text cannot replace ours; undefined if it can. */
const complaintAbout = (locale: Locale, key: string, text: unknown): string | undefined => {
  if (!isTextKey(key) && !isClassName(key)) return 'is not a text that we show';
  if (typeof text !== 'string' || text.trim() === '') return 'must be a text';
  const expected = isTextKey(key) ? placeholdersOf(ownTexts(locale)[key], locale) : [];
  try {
    const found = placeholdersOf(text, locale);
    return found.join() === expected.join()
      ? undefined
      : `must have the placeholders of our text: ${listed(expected)}, and has ${listed(found)}`;
  } catch (error) {
    return `is not in ICU message format: ${(error as Error).message}`;
  }
};

/**
 * The faults of a carrier's own texts in one language: keys that no message uses, and placeholders that no value fills.
 */
export const checkTexts = (file: string, locale: Locale, json: unknown): Fault[] => {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    return [{ file, path: '', message: 'must be an object of texts by key' }];
  return Object.entries(json).flatMap(([path, text]): Fault[] => {
    const message = complaintAbout(locale, path, text);
    return message ? [{ file, path, message }] : [];
  });
};
