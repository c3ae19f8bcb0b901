import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openFeed } from '../../../shared/feeds/open-feed.ts';
import { problemLines, problemList } from '../../../shared/feeds/problems.ts';
import { readFeed } from '../../../shared/feeds/read-feed.ts';
import { sampleToday, soundFeed, writeFeed, writeZip } from '../../support/sample-feed.ts';

const inFolder = (folder: string) =>
  Object.fromEntries(Object.entries(soundFeed).map(([file, text]) => [`${folder}/${file}`, text]));

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
      () => writeZip({ ...soundFeed, '__MACOSX/stops.txt': 'x', 'old/stops.txt': 'y' }),
    ],
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
      'not a readable zip',
    ],
    ['a path that climbs out', () => writeZip({ ...soundFeed, '../../evil.txt': 'x' }), 'not a readable zip'],
    ['an absolute path', () => writeZip({ ...soundFeed, '/etc/evil.txt': 'x' }), 'not a readable zip'],
    ['two feeds', () => writeZip({ ...inFolder('a'), ...inFolder('b') }), 'holds several feeds: a/, b/'],
    [
      'a bomb',
      () => writeZip({ ...soundFeed, 'shapes.txt': '0'.repeat(8 * 1024 ** 2) }),
      'compressed by more than 200: this looks like a zip bomb',
    ],
  ])('is refused: %s', async (_, make, reason) => {
    await expect(openFeed(make())).rejects.toThrow(reason);
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
      'agency.txt: cannot be read: invalid',
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
    expect(problemLines(problems.told('refusal'))).toEqual([expect.stringContaining(told)]);
  });

  test('is read from a zip that has a folder called like a table', async () => {
    const path = writeZip({ ...soundFeed, 'old.stops.txt/': '' });
    expect(await textOf(path, 'stops.txt')).toBe(soundFeed['stops.txt']);
    await expect(
      openFeed(writeZip({ ...inFolder('a'), 'stops.txt/': '' })).then((feed) => feed.has('stops.txt')),
    ).resolves.toBe(true);
  });
});
