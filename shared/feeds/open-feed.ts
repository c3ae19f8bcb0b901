import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import yauzl from 'yauzl';
import { UnreadableFile } from './problems.ts';

/** The tables of a feed, in a zip or a folder. Nothing unpacks a zip to a disk. */
export type FeedFiles = {
  /** The operator's name for the feed, for messages. */
  name: string;
  has: (file: string) => boolean;
  open: (file: string) => Promise<Readable>;
  close: () => void;
};

/** A zip beyond these limits is a bomb or not a timetable. National feeds compress by 10 to 25. */
const fileBytesMax = 1024 ** 3;
const feedBytesMax = 2 * 1024 ** 3;
const entriesMax = 1000;
const ratioMax = 200;
const ratioMattersFromBytes = 1024 ** 2;

/** Opens a GTFS feed: a zip or a folder. Throws UnreadableFile with the reason if it is neither. */
export const openFeed = async (path: string): Promise<FeedFiles> => {
  const found = await stat(path).catch(() => undefined);
  if (!found) throw new UnreadableFile(path, undefined, 'there is no such file or folder');
  return found.isDirectory() ? openFolder(path) : openZip(path);
};

const openFolder = async (path: string): Promise<FeedFiles> => {
  const files = new Map<string, string>();
  let total = 0;
  for (const entry of await readdir(path, { withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.txt')) continue;
    const full = join(path, entry.name);
    const { size } = await stat(full);
    total += checkedSize(entry.name, size);
    files.set(entry.name, full);
  }
  checkTotal(path, total);
  return {
    name: basename(path),
    has: (file) => files.has(file),
    open: async (file) => createReadStream(requireFile(files, file)),
    close: () => undefined,
  };
};

const openZip = async (path: string): Promise<FeedFiles> => {
  const zip = await yauzl
    .openPromise(path, { autoClose: false, lazyEntries: true, strictFileNames: true })
    .catch((error: Error) => {
      throw new UnreadableFile(basename(path), undefined, `not a readable zip: ${error.message}`);
    });
  try {
    const entries = tablesOf(basename(path), await entriesOf(basename(path), zip));
    return {
      name: basename(path),
      has: (file) => entries.has(file),
      open: async (file) => openEntry(zip, file, requireFile(entries, file)),
      close: () => zip.close(),
    };
  } catch (error) {
    zip.close();
    throw error;
  }
};

const requireFile = <Value>(files: ReadonlyMap<string, Value>, file: string): Value => {
  const value = files.get(file);
  if (value === undefined) throw new UnreadableFile(file, undefined, 'the file is missing');
  return value;
};

const checkedSize = (file: string, bytes: number): number => {
  if (bytes > fileBytesMax) {
    throw new UnreadableFile(file, undefined, `too large: ${bytes} bytes, at most ${fileBytesMax}`);
  }
  return bytes;
};

const checkTotal = (name: string, bytes: number): void => {
  if (bytes > feedBytesMax) {
    throw new UnreadableFile(name, undefined, `too large: ${bytes} bytes in all, at most ${feedBytesMax}`);
  }
};

/** Lists a zip. yauzl itself refuses names with `..` or backslashes and absolute names. */
const entriesOf = (name: string, zip: yauzl.ZipFile): Promise<yauzl.Entry[]> =>
  new Promise((resolve, reject) => {
    const entries: yauzl.Entry[] = [];
    let total = 0;
    zip.on('error', (error: Error) =>
      reject(new UnreadableFile(name, undefined, `not a readable zip: ${error.message}`)),
    );
    zip.on('end', () => resolve(entries));
    zip.on('entry', (entry: yauzl.Entry) => {
      try {
        total += checkedEntry(entry);
        checkTotal(name, total);
        entries.push(entry);
        if (entries.length > entriesMax) {
          throw new UnreadableFile(name, undefined, `more than ${entriesMax} files in the zip`);
        }
        zip.readEntry();
      } catch (error) {
        reject(error);
      }
    });
    zip.readEntry();
  });

const checkedEntry = (entry: yauzl.Entry): number => {
  const { fileName, uncompressedSize, compressedSize } = entry;
  checkedSize(fileName, uncompressedSize);
  if (uncompressedSize > ratioMattersFromBytes && uncompressedSize > compressedSize * ratioMax) {
    throw new UnreadableFile(
      fileName,
      undefined,
      `compressed by more than ${ratioMax}: this looks like a zip bomb`,
    );
  }
  return uncompressedSize;
};

/** The tables of a zip: at its top, or in its only folder with a `stops.txt`, as some tools write it. */
const tablesOf = (name: string, entries: readonly yauzl.Entry[]): Map<string, yauzl.Entry> => {
  const folders = new Set(
    entries
      .map(({ fileName }) => fileName)
      .filter((fileName) => /(?:^|\/)stops\.txt$/.test(fileName) && !fileName.startsWith('__MACOSX/'))
      .map((fileName) => fileName.slice(0, -'stops.txt'.length)),
  );
  const [onlyFolder, ...others] = folders;
  if (!folders.has('') && others.length > 0) {
    throw new UnreadableFile(name, undefined, `holds several feeds: ${[...folders].join(', ')}`);
  }
  const folder = folders.has('') ? '' : (onlyFolder ?? '');
  const tables = new Map<string, yauzl.Entry>();
  for (const entry of entries) {
    const file = entry.fileName.slice(folder.length);
    if (!entry.fileName.startsWith(folder) || !file.endsWith('.txt') || file.includes('/')) continue;
    if (tables.has(file)) throw new UnreadableFile(file, undefined, 'occurs twice in the zip');
    tables.set(file, entry);
  }
  return tables;
};

const openEntry = async (zip: yauzl.ZipFile, file: string, entry: yauzl.Entry): Promise<Readable> => {
  if (entry.isEncrypted()) throw new UnreadableFile(file, undefined, 'is encrypted');
  // yauzl ends the stream with an error as soon as it has more bytes than the size that we checked above.
  const stream = await zip.openReadStreamPromise(entry).catch((error: Error) => {
    throw new UnreadableFile(file, undefined, `cannot be read: ${error.message}`);
  });
  return Readable.from(undamaged(file, stream, entry.crc32));
};

/**
 * yauzl leaves the checksum to its caller. Without the check, a flipped bit could change a departure time unnoticed.
 */
async function* undamaged(file: string, stream: Readable, checksum: number): AsyncGenerator<Buffer> {
  let sum = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    sum = crc32(chunk, sum);
    yield chunk;
  }
  if (sum !== checksum) throw new UnreadableFile(file, undefined, 'is damaged: its checksum is wrong');
}
