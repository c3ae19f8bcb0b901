/** Control characters and those that only steer how others are shown; joiners stay, as some scripts and emoji need them. */
const unseen = /[\p{Cc}\p{Cf}\u{2028}\u{2029}]/gu;
const isJoiner = (character: string): boolean =>
  character === '\u{200C}' ||
  character === '\u{200D}' ||
  (character >= '\u{E0020}' && character <= '\u{E007F}');
/** What counts as a letter or a sign and leaves no ink: Hangul fillers, a blank of braille, and what may be ignored. */
const fillers = /[\p{Default_Ignorable_Code_Point}\u{2800}]/gu;

/** Blanks of every width, and fillers of Hangul and braille that look like them. */
const blanks = /[\s\p{Z}\u{3164}\u{FFA0}\u{2800}]+/gu;

/** What takes the place of an unseen character: a line break parts words, a mark of byte order does not. */
const insteadOf = (character: string): string => {
  if (isJoiner(character)) return character;
  return character !== '\u{FEFF}' && /\s/.test(character) ? ' ' : '';
};

/** A text as people can read it: blanks in one piece, nothing unseen. */
export const readable = (text: string): string =>
  text.replaceAll(unseen, insteadOf).replaceAll(blanks, ' ').trim();

/** What of a text leaves ink. */
export const inkOf = (text: string): string => text.replaceAll(fillers, '');
