import { folded, foldedName, foldedSpellings, type FoldedName, type FoldedStop } from './fold-name.ts';
import { stopsLike } from './stops-like.ts';
import type { KeptStop, Stops } from './version-store.ts';

const foldStop = (stop: KeptStop): FoldedStop => {
  const names = [stop.name, ...Object.values(stop.names ?? {}), ...(stop.latin ? [stop.latin] : [])];
  return {
    stop,
    code: folded(stop.code),
    initials: folded(stop.initials ?? ''),
    city: folded(stop.city ?? ''),
    names: [...new Set(names.flatMap(foldedSpellings))].map(foldedName),
  };
};

const foldedStops = new WeakMap<Stops, FoldedStop[]>();

const foldAll = (stops: Stops): FoldedStop[] => {
  const remembered = foldedStops.get(stops);
  if (remembered) return remembered;
  const all = stops.all.map(foldStop);
  foldedStops.set(stops, all);
  return all;
};

const beginsWords = ({ words }: FoldedName, query: FoldedName): boolean =>
  query.words.every((wanted) => words.some((word) => word.startsWith(wanted)));

/**
 * How well a name matches a query; undefined means that it does not. The ranks 0, 2 and 4 belong to codes, initials and
 * cities, see `rankOf`.
 */
const rankOfName = (name: FoldedName, query: FoldedName): number | undefined => {
  if (name.joined === query.joined) return 1;
  if (name.joined.startsWith(query.joined)) return 3;
  if (beginsWords(name, query)) return 5;
  return name.joined.includes(query.joined) ? 6 : undefined;
};

/** How well a stop matches a query: 0 is best, undefined means that it does not match. */
const rankOf = ({ code, initials, city, names }: FoldedStop, query: FoldedName): number | undefined => {
  const { text } = query;
  if (code === text) return 0;
  const ofNames = names.map((name) => rankOfName(name, query)).filter((rank) => rank !== undefined);
  if (initials === text || city === text) ofNames.push(2);
  if (code.startsWith(text) || initials.startsWith(text) || city.startsWith(text)) ofNames.push(4);
  return ofNames.length === 0 ? undefined : Math.min(...ofNames);
};

const compareTexts = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** The best first; among equals the stop at which most trips call. */
const compareFound = (a: { rank: number; stop: KeptStop }, b: { rank: number; stop: KeptStop }): number =>
  a.rank - b.rank || b.stop.calls - a.stop.calls || compareTexts(a.stop.name, b.stop.name);

/**
 * Finds stops by name in any language of the feed, by pinyin (whole, by syllable or initials), by code and by city. The
 * query needs no marks, hyphens or capitals. If no stop matches, it finds those whose names differ by a slip of the
 * keyboard.
 */
export const findStops = (stops: Stops, query: string, limit: number): KeptStop[] => {
  const wanted = foldedName(folded(query));
  if (wanted.joined === '') return [];
  const all = foldAll(stops);
  const found = all.flatMap(({ stop, ...folds }) => {
    const rank = rankOf({ stop, ...folds }, wanted);
    return rank === undefined ? [] : [{ stop, rank }];
  });
  return (found.length > 0 ? found : stopsLike(all, wanted))
    .sort(compareFound)
    .slice(0, limit)
    .map(({ stop }) => stop);
};
