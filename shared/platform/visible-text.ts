/**
 * Control characters and those that only change how others appear; joiners stay, because some scripts and emoji need
 * them.
 */
const unseen = /[\p{Cc}\p{Cf}\u{2028}\u{2029}]/gu;
const isJoiner = (character: string): boolean =>
  character === '\u{200C}' ||
  character === '\u{200D}' ||
  (character >= '\u{E0020}' && character <= '\u{E007F}');
/**
 * Characters that Unicode counts as letters or signs but that leave no ink: Hangul fillers, blank braille, and those
 * that a reader may ignore.
 */
const fillers = /[\p{Default_Ignorable_Code_Point}\u{2800}]/gu;

/** Blanks of every width, and fillers of Hangul and braille that look like blanks. */
const blanks = /[\s\p{Z}\u{3164}\u{FFA0}\u{2800}]+/gu;

/** The replacement of an invisible character: a line break separates words, a byte order mark does not. */
const insteadOf = (character: string): string => {
  if (isJoiner(character)) return character;
  return character !== '\u{FEFF}' && /\s/.test(character) ? ' ' : '';
};

/** A text as people can read it: single spaces and no invisible characters. */
export const readable = (text: string): string =>
  text.replaceAll(unseen, insteadOf).replaceAll(blanks, ' ').trim();

/** The part of a text that leaves ink. */
export const inkOf = (text: string): string => text.replaceAll(fillers, '');
