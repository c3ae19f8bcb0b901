import { IntlMessageFormat } from 'intl-messageformat';
import { ofLocale, type Carrier } from '../platform/carrier.ts';
import { toDecimal, type Money } from '../platform/money.ts';
import { languageOf, type Language, type Locale } from '../platform/locales.ts';
import type { Instant } from '../platform/time.ts';
import { de } from './texts/de.ts';
import { en, type TextKey, type Texts } from './texts/en.ts';
import { zhCN } from './texts/zh-CN.ts';

const textsIn: Readonly<Record<Language, Texts>> = { de, en, 'zh-CN': zhCN };

/** English without a region writes the day before the month and counts hours to 24, as timetables do. */
const formOf = (locale: Locale): string => (locale === 'en' ? 'en-GB' : locale);

/** `09:05`, or `9:05 AM` where hours are counted to 12. */
const clockTimeOf = (tag: string) => {
  const { hour12 } = new Intl.DateTimeFormat(tag, { hour: 'numeric' }).resolvedOptions();
  return { hour: hour12 ? 'numeric' : '2-digit', minute: '2-digit' } as const;
};
const calendarDay = { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' } as const;

/**
 * A stop's time has the offset of its own zone. Reading and showing it as UTC gives the time on the clock at the stop,
 * in any zone.
 */
const wallClock = (time: string): Date => new Date(`${time.slice(0, 19)}Z`);

/** Our own texts in a language. */
export const ownTexts = (locale: Locale): Texts => textsIn[languageOf(locale)];

export const isTextKey = (key: string): key is TextKey => Object.hasOwn(en, key);

/** Everything that depends on a language: texts, amounts, days and times. A carrier's own text replaces ours. */
export const speak = (locale: Locale, { texts: ofCarrier }: Pick<Carrier, 'texts'>) => {
  const tag = formOf(locale);
  const clockTime = clockTimeOf(tag);
  const texts: Texts & Readonly<Record<string, string>> = {
    ...ownTexts(locale),
    ...(ofCarrier && ofLocale(ofCarrier, locale)),
  };
  const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(tag, options);
  const day = format({ ...calendarDay, timeZone: 'UTC' });
  const time = format({ ...clockTime, timeZone: 'UTC' });

  return {
    /** A text with its values filled in. The values are plain text: the template escapes them. */
    say: (key: TextKey, values: Readonly<Record<string, string | number>> = {}): string =>
      String(new IntlMessageFormat(texts[key], tag, undefined, { ignoreTag: true }).format({ ...values })),
    /** The name of a class in this language; a carrier's own class keeps its own name. */
    className: (travelClass: string): string => {
      const key = `class.${travelClass}`;
      return Object.hasOwn(texts, key) ? (texts[key] ?? travelClass) : travelClass;
    },
    amount: (money: Money): string =>
      new Intl.NumberFormat(tag, { style: 'currency', currency: money.currency }).format(
        toDecimal(money) as Intl.StringNumericLiteral,
      ),
    /** Day and time of day at the stop, from RFC 3339 with offset. */
    stopDay: (at: string): string => day.format(wallClock(at)),
    stopTime: (at: string): string => time.format(wallClock(at)),
    /** A deadline in a zone, followed by the zone's offset, because the reader may be anywhere. */
    deadline: (at: Instant, timeZone: string): string => {
      const parts = format({ timeZone, timeZoneName: 'short' }).formatToParts(new Date(at));
      const zone = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
      const moment = format({ day: 'numeric', month: 'short', ...clockTime, timeZone }).format(new Date(at));
      return `${moment} (${zone})`;
    },
  };
};
export type Speech = ReturnType<typeof speak>;
