import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** The newest entries of a file of JSON lines, in memory and on disk. */
export type KeptLines<Entry> = {
  /** Oldest first. */
  all(): readonly Entry[];
  add(entry: Entry): void;
  replace(entries: readonly Entry[]): void;
};

/**
 * Opens such a file and keeps the newest `max` entries. It appends each entry, and rewrites the file when it holds
 * twice as many. So a reader always finds the newest there, and the file does not grow without limit.
 */
export const openLines = <Entry>(file: string, max: number): KeptLines<Entry> => {
  let kept = readLines<Entry>(file).slice(-max);
  let onDisk = 0;

  const rewrite = (): void => {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.new`, kept.map(lineOf).join(''), { mode: 0o600 });
    renameSync(`${file}.new`, file);
    onDisk = kept.length;
  };
  rewrite();

  return {
    all: () => kept,
    add: (entry) => {
      kept.push(entry);
      if (kept.length > max) kept.shift();
      appendFileSync(file, lineOf(entry));
      onDisk += 1;
      if (onDisk >= 2 * max) rewrite();
    },
    replace: (entries) => {
      kept = entries.slice(-max);
      rewrite();
    },
  };
};

const lineOf = (entry: unknown): string => `${JSON.stringify(entry)}\n`;

/** We skip a line that a kill cut off. */
const readLines = <Entry>(file: string): Entry[] => {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return line === '' ? [] : [JSON.parse(line) as Entry];
      } catch {
        return [];
      }
    });
};
