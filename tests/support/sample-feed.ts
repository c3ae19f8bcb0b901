import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { openFeed } from '../../shared/feeds/open-feed.ts';
import { problemLines, problemList } from '../../shared/feeds/problems.ts';
import { serviceDateSchema } from '../../shared/platform/ids.ts';
import { readFeed, type Feed } from '../../shared/feeds/read-feed.ts';

/** The day on which the sound feed is read. */
export const sampleToday = serviceDateSchema.parse('2027-01-01');

export type FeedTexts = Record<string, string | Buffer | undefined>;

const lines = (...rows: string[]): string => `${rows.join('\n')}\n`;

/** A small feed without a fault: three stops in Berlin's zone, a train by day and one by night, every day of 2027. */
export const soundFeed: FeedTexts = {
  'agency.txt': lines('agency_name,agency_timezone', 'Nordbahn,Europe/Berlin'),
  'stops.txt': lines(
    'stop_id,stop_name,stop_lat,stop_lon',
    'A,Altona,53.552,9.935',
    'B,Berlin Hbf,52.525,13.369',
    'C,München Hbf,48.140,11.558',
  ),
  'routes.txt': lines('route_id,route_short_name,route_long_name', 'R1,ICE 1,', 'R2,,Nachtzug'),
  'trips.txt': lines(
    'route_id,service_id,trip_id,trip_short_name',
    'R1,daily,day,ICE 701',
    'R2,daily,night,',
  ),
  'stop_times.txt': lines(
    'trip_id,arrival_time,departure_time,stop_id,stop_sequence',
    'day,10:00:00,10:00:00,A,1',
    'day,12:00:00,12:05:00,B,2',
    'day,16:00:00,16:00:00,C,3',
    'night,22:00:00,22:00:00,A,1',
    'night,24:30:00,24:40:00,B,2',
    'night,30:10:00,30:10:00,C,3',
  ),
  'calendar.txt': lines(
    'service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date',
    'daily,1,1,1,1,1,1,1,20270101,20271231',
  ),
};

/** Writes a feed, the sound one but for what is given, into a folder of its own; `undefined` leaves a file out. */
export const writeFeed = (changes: FeedTexts = {}): string => {
  const folder = mkdtempSync(join(tmpdir(), 'keyun-feed-'));
  for (const [file, text] of Object.entries({ ...soundFeed, ...changes })) {
    if (text === undefined) continue;
    mkdirSync(join(folder, dirname(file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  return folder;
};

/** The sound feed with one row more in a file. */
export const withRow = (file: string, row: string): FeedTexts => ({ [file]: `${soundFeed[file]}${row}\n` });

/** An entry of a zip. `method` is what its header says, whatever the content is; `mode` that of a file system. */
export type ZipEntry = { name: string; content: Buffer; method?: number; flags?: number; mode?: number };

const entryHeaders = (
  { name, content, method = 8, flags = 0x0800, mode = 0 }: ZipEntry,
  packed: Buffer,
  offset: number,
) => {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(flags, 2);
  fields.writeUInt16LE(method, 4);
  fields.writeUInt32LE(crc32(content), 10);
  fields.writeUInt32LE(packed.length, 14);
  fields.writeUInt32LE(content.length, 18);
  fields.writeUInt16LE(Buffer.byteLength(name), 22);
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE((mode << 16) >>> 0, 6);
  rest.writeUInt32LE(offset, 10);
  const [local, central] = ['PK\u{3}\u{4}', 'PK\u{1}\u{2}\u{14}\0'].map((text) =>
    Buffer.from(text, 'latin1'),
  );
  return {
    local: Buffer.concat([local!, fields, Buffer.from(name)]),
    central: Buffer.concat([central!, fields, rest, Buffer.from(name)]),
  };
};

/** The bytes of a zip, names as they are given, however wrong. */
export const zipOf = (entries: readonly ZipEntry[]): Buffer => {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const packed = entry.method === 0 ? entry.content : deflateRawSync(entry.content);
    const { local, central } = entryHeaders(entry, packed, offset);
    parts.push(local, packed);
    directory.push(central);
    offset += local.length + packed.length;
  }
  const end = Buffer.alloc(22);
  end.write('PK\u{5}\u{6}', 'latin1');
  end.writeUInt16LE(directory.length, 8);
  end.writeUInt16LE(directory.length, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, ...directory, end]);
};

export const entriesOf = (files: FeedTexts): ZipEntry[] =>
  Object.entries(files).flatMap(([name, text]) =>
    text === undefined ? [] : [{ name, content: Buffer.from(text) }],
  );

/** Writes bytes as a file `feed.zip` in a folder of its own. */
export const writeBytes = (bytes: Buffer | string): string => {
  const path = join(mkdtempSync(join(tmpdir(), 'keyun-zip-')), 'feed.zip');
  writeFileSync(path, bytes);
  return path;
};

/** Writes a zip, names as they are given, however wrong. */
export const writeZip = (files: FeedTexts): string => writeBytes(zipOf(entriesOf(files)));

export type ReadFeed = {
  feed: Feed | undefined;
  /** Refusals and what is left out. */
  problems: string[];
  refusals: string[];
  leftOut: string[];
  warnings: string[];
};

/** Reads a feed, the sound one but for what is given, and tells what was found wrong as text. */
export const readChanged = async (changes: FeedTexts = {}): Promise<ReadFeed> => {
  const problems = problemList();
  const files = await openFeed(writeFeed(changes));
  const feed = await readFeed({ files, problems, today: sampleToday, onProgress: () => undefined });
  files.close();
  const [refusals, leftOut, warnings] = (['refusal', 'leftOut', 'warning'] as const).map((effect) =>
    problemLines(problems.byKind(effect)),
  ) as [string[], string[], string[]];
  return { feed, problems: [...refusals, ...leftOut], refusals, leftOut, warnings };
};

/** The sound feed with one text in a file replaced. */
export const replaced = (file: string, from: string, to: string): FeedTexts => {
  const text = String(soundFeed[file]);
  if (!text.includes(from)) throw new Error(`${file} has no ${from}`);
  return { [file]: text.replace(from, to) };
};
