/** The languages that we have texts for (shared/notifications/texts), as BCP 47 tags. */
export const knownLocales = ['de', 'en', 'zh-CN'] as const;
export type Locale = (typeof knownLocales)[number];
