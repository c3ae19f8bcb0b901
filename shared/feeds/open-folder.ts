import { createReadStream } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { checkSize, findTables, type FeedFiles } from './feed-files.ts';
import { UnreadableFile } from './problems.ts';

/** A feed is at most this deep, and no folder of a feed has more files; otherwise somebody gave us a whole disk. */
const depthMax = 3;
const filesMax = 10_000;

/** Opens a folder with a feed in it, or in the only one of its folders that has one. */
export const openFolder = async (path: string): Promise<FeedFiles> => {
  const root = await realpath(path);
  const name = basename(root);
  const places = (await pathsIn(root)).map((place) => ({ path: place.split(sep).join('/'), place }));
  const tables = findTables(name, places);
  return {
    name,
    has: (file) => tables.has(file),
    open: async (file) => {
      const [place, other] = tables.get(file) ?? [];
      if (place === undefined) throw new UnreadableFile(file, undefined, 'the file is missing');
      if (other !== undefined)
        throw new UnreadableFile(file, undefined, `is there twice: ${place} and ${other}`);
      const real = await targetOf(root, place);
      checkSize(file, (await stat(real)).size);
      return createReadStream(real);
    },
    close: () => undefined,
  };
};

/** The paths of the files in a folder and in its folders. It lists links, but follows only those to files. */
const pathsIn = async (root: string, folder = root, depth = 0): Promise<string[]> => {
  const paths: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const full = join(folder, entry.name);
    if (entry.isFile() || entry.isSymbolicLink()) paths.push(relative(root, full));
    else if (entry.isDirectory() && depth < depthMax) paths.push(...(await pathsIn(root, full, depth + 1)));
    if (paths.length > filesMax) {
      throw new UnreadableFile(
        basename(root),
        undefined,
        `holds more than ${filesMax} files: is it the right folder?`,
      );
    }
  }
  return paths;
};

/** The real place of a file. A link out of the folder could lead to anything on this machine. */
const targetOf = async (root: string, place: string): Promise<string> => {
  const real = await realpath(join(root, place)).catch(() => undefined);
  if (real === undefined) throw new UnreadableFile(place, undefined, 'is a link to a file that is not there');
  if (!real.startsWith(root + sep))
    throw new UnreadableFile(place, undefined, 'is a link that leads out of the folder');
  if (!(await stat(real)).isFile()) throw new UnreadableFile(place, undefined, 'is not a file');
  return real;
};
