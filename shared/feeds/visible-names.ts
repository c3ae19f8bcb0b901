/** Control characters and those that only steer how others are shown; joiners stay, as some scripts and emoji need them. */
const unseen = /[\p{Cc}\p{Cf}\u{2028}\u{2029}]/gu;
const isJoiner = (character: string): boolean =>
  character === '\u{200C}' ||
  character === '\u{200D}' ||
  (character >= '\u{E0020}' && character <= '\u{E007F}');
/** Letters, digits, signs: anything that leaves ink. A combining mark alone does not count, nor do Hangul fillers. */
const visible = /[\p{L}\p{N}\p{P}\p{S}]/u;
const fillers = /[\u{115F}\u{1160}\u{3164}\u{FFA0}\u{2800}]/gu;

/** A name as people can read it: blanks in one piece, nothing unseen; empty where no character can be seen. */
export const nameOf = (text: string): string => {
  const name = text
    .replaceAll(/[\s\p{Z}]+/gu, ' ')
    .replaceAll(unseen, (character) => (isJoiner(character) ? character : ''))
    .trim();
  return visible.test(name.replaceAll(fillers, '')) ? name : '';
};

/** Names stand in mails, calendars, tickets and messages to phones, and in every order. */
export const nameLengthMax = 200;

export const isName = (name: string): boolean => name !== '' && name.length <= nameLengthMax;
