import type { Readable } from 'node:stream';
import { UnreadableFile } from './problems.ts';

/** The tables of a feed, in a zip or a folder, by their names in lower case. Nothing unpacks a zip to a disk. */
export type FeedFiles = {
  /** The operator's name for the feed, for messages. */
  name: string;
  has: (file: string) => boolean;
  /** Throws UnreadableFile with the reason if the file is missing or cannot be read. */
  open: (file: string) => Promise<Readable>;
  close: () => void;
};

/** A larger file is not a table of a timetable. */
const fileBytesMax = 4 * 1024 ** 3;

export const checkSize = (file: string, bytes: number): void => {
  if (bytes > fileBytesMax) {
    throw new UnreadableFile(file, undefined, `too large: ${bytes} bytes, at most ${fileBytesMax}`);
  }
};

/** The places of a table. There are several if names differ only in case, or if a zip has an entry twice. */
export type Tables<Place> = ReadonlyMap<string, readonly Place[]>;

/** The file by which we recognise a folder with a feed. */
const telling = ['stops.txt', 'trips.txt', 'stop_times.txt'];
const mandatory = [...telling, 'agency.txt', 'routes.txt'];
/** Files that desktops add. */
const isRubbish = (path: string): boolean => /(?:^|\/)(?:__MACOSX\/|\.)/.test(path);
/** Nobody reads a longer list of the files that are there instead. */
const foundMax = 5;

/**
 * Finds the tables of a feed among paths with forward slashes: at the top, or all in the only folder with a feed, as
 * some tools pack them. Throws UnreadableFile with what it found if there is no feed or there are several.
 */
export const findTables = <Place>(
  name: string,
  places: readonly { path: string; place: Place }[],
): Tables<Place> => {
  const tables = new Map<string, Map<string, Place[]>>();
  for (const { path, place } of places) {
    const cut = path.lastIndexOf('/') + 1;
    const file = path.slice(cut).toLowerCase();
    if (isRubbish(path) || !file.endsWith('.txt')) continue;
    const folder = tables.get(path.slice(0, cut)) ?? new Map<string, Place[]>();
    tables.set(path.slice(0, cut), folder);
    folder.set(file, [...(folder.get(file) ?? []), place]);
  }
  const foldersWith = (files: readonly string[], wanted: 'every' | 'some'): string[] =>
    [...tables.keys()].filter((folder) => files[wanted]((file) => tables.get(folder)?.has(file)));
  const whole = foldersWith(telling, 'every');
  const folders = whole.length > 0 ? whole : foldersWith(mandatory, 'some');
  const [only, ...others] = folders.includes('') ? [''] : folders;
  if (others.length > 0) {
    throw new UnreadableFile(
      name,
      undefined,
      `holds several feeds, and one is imported at a time: ${folders.join(', ')}`,
    );
  }
  const found = only === undefined ? undefined : tables.get(only);
  if (!found)
    throw new UnreadableFile(name, undefined, `holds no feed${instead(places.map(({ path }) => path))}`);
  return found;
};

const instead = (paths: readonly string[]): string => {
  const found = paths.filter((path) => !isRubbish(path) && !path.endsWith('/'));
  const archive = found.find((path) => /\.(?:zip|7z|rar|t?gz|tar)$/i.test(path));
  if (archive) return ` but an archive, ${archive}: unpack that one, and import what is in it`;
  if (found.length === 0) return ': it is empty';
  const more = found.length > foundMax ? ` and ${found.length - foundMax} more` : '';
  return `: there is no stops.txt, but ${found.slice(0, foundMax).join(', ')}${more}`;
};
