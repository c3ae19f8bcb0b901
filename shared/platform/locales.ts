import * as z from 'zod';

/** The languages that we have texts for (shared/notifications/texts), as BCP 47 tags. */
export const languages = ['de', 'en', 'zh-CN'] as const;
export type Language = (typeof languages)[number];

/**
 * One of these languages, which may name the region in whose form dates, times and amounts are written: `en-US`, `de-CH`.
 * Chinese names its region already.
 */
export const localeSchema = z
  .string()
  .regex(
    /^(?:(?:de|en)(?:-[A-Z]{2})?|zh-CN)$/,
    'must be de, en or zh-CN; de and en may name a region, such as en-US',
  );
export type Locale = z.infer<typeof localeSchema>;

/** The language of a locale. Throws for a text that is none. */
export const languageOf = (locale: Locale): Language => {
  const found = languages.find((language) => locale === language || locale.startsWith(`${language}-`));
  if (!found) throw new RangeError(`there are no texts in ${locale}`);
  return found;
};

/** The one of these locales that is wanted, or else the first of the same language; undefined if there is none. */
export const spokenLocale = (wanted: Locale, locales: readonly Locale[]): Locale | undefined =>
  locales.find((locale) => locale === wanted) ??
  locales.find((locale) => languageOf(locale) === languageOf(wanted));
