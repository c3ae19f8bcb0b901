import type { KeptStop, Stops } from './version-store.ts';

/** Lower case, without accents and with single spaces, so that `Munchen` finds München. */
export const folded = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .trim()
    .replace(/\s+/g, ' ');

type FoldedStop = { stop: KeptStop; code: string; name: string; initials: string };

const foldedStops = new WeakMap<Stops, FoldedStop[]>();

const foldAll = (stops: Stops): FoldedStop[] => {
  const remembered = foldedStops.get(stops);
  if (remembered) return remembered;
  const all = stops.all.map((stop) => ({
    stop,
    code: folded(stop.code),
    name: folded(stop.name),
    initials: folded(stop.initials ?? ''),
  }));
  foldedStops.set(stops, all);
  return all;
};

/** How well a stop matches a query: 0 is best, undefined means that it does not match. */
const rankOf = ({ code, name, initials }: FoldedStop, query: string): number | undefined => {
  if (code === query) return 0;
  if (name === query) return 1;
  if (initials === query) return 2;
  if (name.startsWith(query)) return 3;
  if (code.startsWith(query) || initials.startsWith(query)) return 4;
  return name.includes(query) ? 5 : undefined;
};

/**
 * Finds stops by code, name or pinyin initials: the best match first, and among equal matches the stop at which most
 * trips call.
 */
export const findStops = (stops: Stops, query: string, limit: number): KeptStop[] => {
  const wanted = folded(query);
  return foldAll(stops)
    .flatMap((each) => {
      const rank = rankOf(each, wanted);
      return rank === undefined ? [] : [{ ...each, rank }];
    })
    .sort(
      (a, b) =>
        a.rank - b.rank || b.stop.calls - a.stop.calls || (a.name < b.name ? -1 : Number(a.name > b.name)),
    )
    .slice(0, limit)
    .map(({ stop }) => stop);
};
