import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Carrier } from '../platform/carrier.ts';
import type { ServiceDate } from '../platform/ids.ts';
import { layoutsOf } from './assign-layouts.ts';
import { leaveOutLargeFares } from './check-sizes.ts';
import { fareSheet, type FareSheet } from './fare-sheet.ts';
import type { FeedFiles } from './feed-files.ts';
import { openFeed } from './open-feed.ts';
import { UnreadableFile, type ProblemList } from './problems.ts';
import { readFaresFile } from './read-fares-file.ts';
import { readFeed, type Feed } from './read-feed.ts';
import { readGtfsFares } from './read-gtfs-fares.ts';
import { noLayouts, readLayoutsFile, type LayoutsFile } from './read-layouts.ts';

/** The input of an import: the feed, and the operator's own files beside it. */
export type Sources = { feed: Feed; layouts: LayoutsFile; sheet: FareSheet };

type Input = {
  /** A GTFS zip or folder. */
  source: string;
  /** Paths of the operator's layouts.json and fares.csv. */
  options: { layouts?: string; fares?: string; allowFree?: boolean };
  carrier: Carrier;
  carrierLayouts: LayoutsFile;
  today: ServiceDate;
  problems: ProblemList;
  onRows: (file: string, rows: number) => void;
};

/** Reads the feed and the operator's files. An unreadable file is a refusal like any other. */
export const readSources = async (input: Input): Promise<Sources | undefined> => {
  let files: FeedFiles | undefined;
  try {
    files = await openFeed(input.source);
    return await readAll(input, files);
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    const { file, line, message } = error;
    input.problems.refuse({ kind: 'unreadable-file', file, line, reason: message });
    return undefined;
  } finally {
    files?.close();
  }
};

const readAll = async (
  { options, carrier, carrierLayouts, today, problems, onRows }: Input,
  files: FeedFiles,
): Promise<Sources | undefined> => {
  const layouts = options.layouts ? await layoutsFrom(options.layouts, carrierLayouts, problems) : noLayouts;
  const feed = await readFeed({ files, problems, today, onProgress: onRows });
  if (!feed || !layouts) return undefined;
  const { currency } = carrier;
  const { allowFree = false } = options;
  const sheet = fareSheet(currency);
  if (options.fares) {
    const classes = new Set(
      layoutsOf({ layouts, carrierLayouts }).flatMap(({ coaches }) => coaches.map((coach) => coach.class)),
    );
    const file = basename(options.fares);
    await checkFile(options.fares);
    const stream = createReadStream(options.fares);
    await readFaresFile({ file, stream, feed, classes, currency, allowFree, sheet, problems });
  }
  await readGtfsFares({ files, feed, currency, allowFree, sheet, problems });
  leaveOutLargeFares(sheet, options.fares ? basename(options.fares) : 'fare_rules.txt', problems);
  return { feed, layouts, sheet };
};

const checkFile = async (path: string): Promise<void> => {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) throw new UnreadableFile(path, undefined, 'there is no such file');
};

const layoutsFrom = async (
  path: string,
  ofCarrier: LayoutsFile,
  problems: ProblemList,
): Promise<LayoutsFile | undefined> => {
  await checkFile(path);
  const ids = ofCarrier.layouts.map(({ layoutId }) => layoutId);
  return readLayoutsFile(basename(path), await readFile(path, 'utf8'), problems, ids);
};
