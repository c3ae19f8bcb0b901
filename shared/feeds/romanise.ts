import anyAscii from 'any-ascii';
import { customPinyin, pinyin } from 'pinyin-pro';
import { placeReadings } from './place-readings.ts';

const han = /\p{Script=Han}/u;
/** A letter of a script other than Latin. */
const otherScript = /(?!\p{Script=Latin})\p{L}/u;

let areReadingsKnown = false;

/** The syllables of a text: one for each Chinese character, and other stretches whole. `重庆北 T2` → chong, qing, bei, T2. */
const syllablesOf = (text: string): string[] => {
  if (!areReadingsKnown) customPinyin({ ...placeReadings });
  areReadingsKnown = true;
  return pinyin(text, { toneType: 'none', type: 'array', nonZh: 'consecutive' })
    .flatMap((part) => part.trim().split(/\s+/))
    .filter((part) => part !== '');
};

/**
 * A name in Latin letters, as people without another keyboard type it: pinyin by syllable for Chinese characters (`北京南`
 * → `bei jing nan`), a transliteration for other scripts (`Москва` → `Moskva`). Undefined for names that are already in
 * Latin letters.
 */
export const romanise = (name: string): string | undefined => {
  if (!otherScript.test(name)) return undefined;
  const latin = anyAscii(syllablesOf(name).join(' ')).trim();
  return latin === '' ? undefined : latin;
};

/** `北京南` → `BJN`; undefined for names without Chinese characters. */
export const pinyinInitials = (name: string): string | undefined => {
  if (!han.test(name)) return undefined;
  const initials = syllablesOf(name)
    .map((syllable) => anyAscii(syllable).charAt(0))
    .join('');
  return initials.toUpperCase() || undefined;
};
