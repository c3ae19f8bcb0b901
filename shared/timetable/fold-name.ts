import type { KeptStop } from './version-store.ts';

/** Letters that Unicode does not decompose into a base letter and a mark. */
const baseLetters: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ħ: 'h',
  ŧ: 't',
  ŋ: 'n',
  ı: 'i',
};
const withoutDecomposition = new RegExp(`[${Object.keys(baseLetters).join('')}]`, 'gu');

/** An apostrophe is part of a word (`L'Aquila`, `Xi'an`), so it leaves no gap. */
const apostrophes = /['’‘ʼʻ`´′]/gu;
const betweenWords = /[^\p{L}\p{N}]+/gu;

/**
 * A name as people type it: lower case, without marks, hyphens, apostrophes and other signs, with single spaces:
 * `Łódź-Widzew` → `lodz widzew`, `Frankfurt(Main)Hbf` → `frankfurt main hbf`.
 */
export const folded = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(withoutDecomposition, (letter) => baseLetters[letter] ?? letter)
    .replace(apostrophes, '')
    .replace(betweenWords, ' ')
    .trim();

/** The spelling of these letters in German and the Nordic languages on keyboards without them. */
const spelledOut: Readonly<Record<string, string>> = {
  ä: 'ae',
  ö: 'oe',
  ü: 'ue',
  ø: 'oe',
  å: 'aa',
};

/** The folded spellings of a name: `München` → `munchen` and `muenchen`. */
export const foldedSpellings = (name: string): string[] => {
  const plain = name.normalize('NFC').toLowerCase();
  const expanded = plain.replace(/[äöüøå]/gu, (letter) => spelledOut[letter] ?? letter);
  return [...new Set([folded(plain), folded(expanded)])].filter((text) => text !== '');
};

/** A folded name: whole, by its words, and without the gaps between them, as people type pinyin. */
export type FoldedName = { text: string; words: readonly string[]; joined: string };

export type FoldedStop = {
  stop: KeptStop;
  code: string;
  initials: string;
  city: string;
  /** The name, its translations and its spelling in Latin letters. */
  names: readonly FoldedName[];
};

export const foldedName = (text: string): FoldedName => {
  const words = text.split(' ');
  return { text, words, joined: words.join('') };
};
