import distanceBetween from 'damerau-levenshtein';
import type { FoldedName, FoldedStop } from './fold-name.ts';
import type { KeptStop } from './version-store.ts';

/** The number of typing errors to forgive: none in a short word, where every error makes another name. */
const slipsIn = (word: string): number => {
  if (word.length < 4) return 0;
  return word.length < 8 ? 1 : 2;
};

/** Which letters occur in a word, one bit each; letters of large scripts share bits. */
const lettersOf = (word: string): number => {
  let letters = 0;
  for (let at = 0; at < word.length; at += 1) letters |= 1 << (word.charCodeAt(at) & 31);
  return letters;
};

const bitsIn = (letters: number): number => {
  let bits = 0;
  for (let rest = letters; rest !== 0; rest &= rest - 1) bits += 1;
  return bits;
};

/** An error adds and removes one letter at most, so this rules out most pairs before the costly comparison. */
const areLettersAlike = (a: string, b: string, most: number): boolean => {
  const [ofA, ofB] = [lettersOf(a), lettersOf(b)];
  return bitsIn(ofA & ~ofB) <= most && bitsIn(ofB & ~ofA) <= most;
};

/** The number of typing errors from one word to another; undefined if there are more than `most`. */
const slipsBetween = (a: string, b: string, most: number): number | undefined => {
  if (Math.abs(a.length - b.length) > most || !areLettersAlike(a, b, most)) return undefined;
  const { steps } = distanceBetween(a, b);
  return steps <= most ? steps : undefined;
};

/** The number of typing errors between the query and the beginning of a word, for a name that is not complete yet. */
const slipsToBeginning = (typed: string, word: string): number | undefined => {
  const most = slipsIn(typed);
  const whole = slipsBetween(typed, word, most);
  const lengths = [typed.length - 1, typed.length, typed.length + 1].filter((n) => n < word.length);
  const beginnings = lengths.map((length) => slipsBetween(typed, word.slice(0, length), most));
  // A match of the whole word wins over the beginning of a longer one.
  const found = beginnings.filter((slips) => slips !== undefined).map((slips) => slips + 0.5);
  if (whole !== undefined) found.push(whole);
  return found.length === 0 ? undefined : Math.min(...found);
};

/** The typing errors of a whole query: it compares each of its words with the closest word of the name. */
const slipsInWords = (name: FoldedName, query: FoldedName): number | undefined => {
  let sum = 0;
  for (const typed of query.words) {
    const slips = name.words.flatMap((word) => {
      if (word.startsWith(typed)) return word === typed ? [0] : [0.5];
      return slipsToBeginning(typed, word) ?? [];
    });
    if (slips.length === 0) return undefined;
    sum += Math.min(...slips);
  }
  // Words of the name that the query leaves out count little, but let the fuller match win.
  return sum + 0.5 + Math.max(0, name.words.length - query.words.length) * 0.1;
};

const slipsOf = (name: FoldedName, query: FoldedName): number | undefined => {
  const found = [slipsToBeginning(query.joined, name.joined), slipsInWords(name, query)].filter(
    (slips) => slips !== undefined,
  );
  return found.length === 0 ? undefined : Math.min(...found);
};

/** The stops whose names differ from a query by one or two typing errors; the lowest rank is the closest. */
export const stopsLike = (
  stops: readonly FoldedStop[],
  query: FoldedName,
): { stop: KeptStop; rank: number }[] =>
  stops.flatMap(({ stop, names }) => {
    const slips = names.map((name) => slipsOf(name, query)).filter((each) => each !== undefined);
    return slips.length === 0 ? [] : [{ stop, rank: Math.min(...slips) }];
  });
