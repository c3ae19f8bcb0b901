import { inkOf, readable } from '../platform/visible-text.ts';

/**
 * Line breaks and other control characters, marks that change the direction of text, and code points that are not
 * characters or look different everywhere: with them, a mail or a gate would show a different name.
 */
const misleading =
  /[\p{Cc}\p{Cs}\p{Co}\p{Noncharacter_Code_Point}\u{2028}\u{2029}\u{202A}-\u{202E}\u{2066}-\u{2069}\u{FFFC}\u{FFFD}]/u;
/** Marks without a base letter, or so many that they cover the lines around. No script needs nine. */
const strayMarks = /(?:^|\s)\p{M}|\p{M}{9}/u;
const letter = /[\p{L}\p{Nl}]/u;

/**
 * A person's name in its single spelling: composed (NFC), single spaces, no invisible characters. The fault is the rest
 * of a sentence. Names of every script pass, even those of one letter; a name needs a letter, because nobody is called
 * `·`.
 */
export const readPersonName = (typed: string): { name: string } | { fault: string } => {
  const name = trimJoiners(readable(typed.trim().normalize('NFC')).normalize('NFC'));
  if (misleading.test(typed.trim()) || strayMarks.test(name))
    return { fault: 'contains a character that a name cannot have' };
  return letter.test(inkOf(name)) ? { name } : { fault: 'must have a letter that can be seen' };
};

/** Joiners join nothing at the end of a name. */
const trimJoiners = (text: string): string =>
  text.replaceAll(/^[\s\u{200C}\u{200D}]+|[\s\u{200C}\u{200D}]+$/gu, '');
