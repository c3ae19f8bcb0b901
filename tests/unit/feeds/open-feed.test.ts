import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { openFeed } from '../../../shared/feeds/open-feed.ts';
import { problemLines, problemList } from '../../../shared/feeds/problems.ts';
import { readFeed } from '../../../shared/feeds/read-feed.ts';
import {
  entriesOf,
  sampleToday,
  soundFeed,
  writeBytes,
  writeFeed,
  writeZip,
  zipOf,
  type FeedTexts,
  type ZipEntry,
} from '../../support/sample-feed.ts';

const inFolder = (folder: string) =>
  Object.fromEntries(Object.entries(soundFeed).map(([file, text]) => [`${folder}/${file}`, text]));

const renamed = (name: (file: string) => string) =>
  Object.fromEntries(Object.entries(soundFeed).map(([file, text]) => [name(file), text]));

/** A folder with these files and no others. */
const folderOf = (files: FeedTexts) =>
  writeFeed({ ...Object.fromEntries(Object.keys(soundFeed).map((file) => [file, undefined])), ...files });

/** The sound feed as a zip with something before and after it. */
const around = (before: string, after: string) =>
  writeBytes(Buffer.concat([Buffer.from(before), zipOf(entriesOf(soundFeed)), Buffer.from(after)]));

const asStored = (entry: ZipEntry): ZipEntry => ({ ...entry, method: 0 });

/** The sound feed in a folder, where stops.txt is a link. */
const linked = (target: string) => {
  const folder = folderOf({ ...soundFeed, 'stops.txt': undefined, 'data/stops.txt': soundFeed['stops.txt'] });
  symlinkSync(target, join(folder, 'stops.txt'));
  return folder;
};

const textOf = async (path: string, file: string): Promise<string> => {
  const feed = await openFeed(path);
  const chunks: Buffer[] = [];
  for await (const chunk of await feed.open(file)) chunks.push(chunk as Buffer);
  feed.close();
  return Buffer.concat(chunks).toString();
};

/** The sound feed as a zip with one byte of it changed. */
const damagedZip = (at: (bytes: Buffer) => number): string => {
  const path = writeZip(soundFeed);
  const bytes = readFileSync(path);
  bytes.writeUInt8(bytes.readUInt8(at(bytes)) ^ 0xff, at(bytes));
  writeFileSync(path, bytes);
  return path;
};

describe('a feed', () => {
  test.each([
    ['a folder', () => writeFeed()],
    ['a zip', () => writeZip(soundFeed)],
    ['a zip with all of it in one folder', () => writeZip(inFolder('gtfs 2027'))],
    [
      'a zip with the rubbish of a desktop beside it',
      () => writeZip({ ...soundFeed, '__MACOSX/stops.txt': 'x', 'old/stops.txt': 'y', '._stops.txt': 'z' }),
    ],
    ['a zip made on Windows', () => writeZip(renamed((file) => `gtfs\\${file}`))],
    ['a zip with a stray entry of Windows', () => writeZip({ ...soundFeed, 'docs\\readme.pdf': '%PDF' })],
    ['a zip whose names begin with a dot', () => writeZip(renamed((file) => `./${file}`))],
    ['a zip in capitals', () => writeZip(renamed((file) => file.toUpperCase()))],
    ['a folder in capitals', () => folderOf(renamed((file) => file.toUpperCase()))],
    ['a folder with all of it in one folder', () => folderOf(inFolder('gtfs 2027'))],
    ['a folder in folders', () => folderOf(inFolder('a/b/c'))],
    ['a zip with folders in folders', () => writeZip(inFolder('a/b/c'))],
    ['a zip with bytes after its end', () => around('', '\r\n'.repeat(40))],
    ['a zip with bytes before its begin', () => around('#!/bin/sh\nexit\n', '')],
    ['a zip with another end in its comment', () => around('', 'PK\u{5}\u{6}and more that is no end at all')],
    ['a zip that is not compressed', () => writeBytes(zipOf(entriesOf(soundFeed).map(asStored)))],
    [
      'a zip with the same entry twice',
      () => writeBytes(zipOf([...entriesOf(soundFeed), ...entriesOf(soundFeed)])),
    ],
    ['a folder with links inside it', () => linked('data/stops.txt')],
  ])('is read from %s', async (_, make) => {
    expect(await textOf(make(), 'stops.txt')).toBe(soundFeed['stops.txt']);
  });

  test.each([
    ['nothing there', () => '/no/such/feed', 'there is no such file or folder'],
    [
      'a file that is no zip',
      () => {
        const path = join(writeFeed(), 'feed.zip');
        writeFileSync(path, 'PK but not really');
        return path;
      },
      'is a text file, and neither a zip nor a folder',
    ],
    [
      'a path that climbs out',
      () => writeZip({ ...soundFeed, '../../evil.txt': 'x' }),
      'holds the path ../../evil.txt, which leads out of the zip',
    ],
    [
      'an absolute path',
      () => writeZip({ ...soundFeed, '/etc/evil.txt': 'x' }),
      'holds the path /etc/evil.txt, which leads out of the zip',
    ],
    [
      'two feeds',
      () => writeZip({ ...inFolder('a'), ...inFolder('b') }),
      'holds several feeds, and one is imported at a time: a/, b/',
    ],
    [
      'two feeds in a folder',
      () => folderOf({ ...inFolder('a'), ...inFolder('b') }),
      'holds several feeds, and one is imported at a time: a/, b/',
    ],
    [
      'a zip in a zip',
      () => writeBytes(zipOf([{ name: 'feed/gtfs.zip', content: zipOf(entriesOf(soundFeed)), method: 0 }])),
      'holds no feed but an archive, feed/gtfs.zip: unpack that one, and import what is in it',
    ],
    [
      'a zip of something else',
      () => writeZip({ 'a.csv': 'x', 'b.pdf': 'x' }),
      'holds no feed: there is no stops.txt, but a.csv, b.pdf',
    ],
    ['an empty folder', () => folderOf({}), 'holds no feed: it is empty'],
    ['an empty zip', () => writeZip({}), 'is an empty zip: it holds no files'],
    ['an empty file', () => writeBytes(''), 'is empty'],
    [
      'half a zip',
      () => writeBytes(zipOf(entriesOf(soundFeed)).subarray(0, 300)),
      'a zip that ends too early',
    ],
    ['a RAR archive', () => writeBytes('Rar!\u{1A}\u{7}'), 'is a RAR archive'],
    [
      'a 7-Zip archive',
      () => writeBytes(Buffer.from('7z\u{BC}\u{AF}\u{27}\u{1C}', 'latin1')),
      'is a 7-Zip archive',
    ],
    ['a tar.gz', () => writeBytes(gzipSync('x')), 'is a gzip archive'],
    ['a tar', () => writeBytes(`${'a'.repeat(257)}ustar`), 'is a tar archive'],
    ['a web page', () => writeBytes('\n<!DOCTYPE html><title>Not found</title>'), 'is a web page'],
    ['JSON', () => writeBytes('{"error":"no such feed"}'), 'is a JSON document'],
    [
      'a pointer',
      () => writeBytes('version https://git-lfs.github.com/spec/v1\n'),
      'is a pointer of Git LFS',
    ],
    [
      'a bomb',
      () => writeZip({ ...soundFeed, 'shapes.txt': '0'.repeat(8 * 1024 ** 2) }),
      'compressed by more than 200: this looks like a zip bomb',
    ],
  ])('is refused: %s', async (_, make, reason) => {
    await expect(openFeed(make())).rejects.toThrow(reason);
  });

  const stops = (change: Partial<ZipEntry>) => () =>
    writeBytes(
      zipOf(
        entriesOf(soundFeed).map((entry) => (entry.name === 'stops.txt' ? { ...entry, ...change } : entry)),
      ),
    );
  test.each([
    ['bzip2', stops({ method: 12 }), 'is compressed by bzip2: zip the feed the usual way, by Deflate'],
    ['Deflate64', stops({ method: 9 }), 'is compressed by Deflate64'],
    ['something unknown', stops({ method: 77 }), 'is compressed by method 77'],
    ['a password', stops({ flags: 0x0801 }), 'is encrypted: zip the feed without a password'],
    ['a password, by AES', stops({ method: 99 }), 'is encrypted'],
    ['a link', stops({ mode: 0o120777 }), 'is a link, and a zip must hold the file itself'],
    [
      'two different entries',
      () => writeBytes(zipOf([...entriesOf(soundFeed), { name: 'STOPS.TXT', content: Buffer.from('x') }])),
      'is in the zip twice, with different contents',
    ],
    [
      'a link out of its folder',
      () => linked('../../../../../../../etc/hostname'),
      'is a link that leads out of the folder',
    ],
    ['a link to nothing', () => linked('gone.txt'), 'is a link to a file that is not there'],
  ])('with %s names the file', async (_, make, reason) => {
    const feed = await openFeed(make());
    await expect(feed.open('stops.txt')).rejects.toThrow(reason);
    expect(await textOf(make(), 'agency.txt')).toBe(soundFeed['agency.txt']);
    feed.close();
  });

  test('has only the files it has', async () => {
    const feed = await openFeed(writeZip(soundFeed));
    expect([feed.has('stops.txt'), feed.has('shapes.txt')]).toEqual([true, false]);
    await expect(feed.open('shapes.txt')).rejects.toThrow('the file is missing');
    feed.close();
  });

  test.each([
    [
      'cannot be unpacked',
      () => damagedZip(() => 30 + 'agency.txt'.length),
      'agency.txt: is damaged: it cannot be unpacked',
    ],
    [
      'has another checksum',
      () => damagedZip((bytes) => bytes.indexOf('PK\u{1}\u{2}') + 16),
      'agency.txt: is damaged: its checksum is wrong',
    ],
  ])('of which a file %s is refused, and that file named', async (_, make, told) => {
    const problems = problemList();
    const files = await openFeed(make());
    await readFeed({ files, problems, today: sampleToday, onProgress: () => undefined });
    files.close();
    expect(problemLines(problems.byKind('refusal'))).toEqual([expect.stringContaining(told)]);
  });

  test('is read from a zip that has a folder called like a table', async () => {
    const path = writeZip({ ...soundFeed, 'old.stops.txt/': '' });
    expect(await textOf(path, 'stops.txt')).toBe(soundFeed['stops.txt']);
    await expect(
      openFeed(writeZip({ ...inFolder('a'), 'stops.txt/': '' })).then((feed) => feed.has('stops.txt')),
    ).resolves.toBe(true);
  });
});
