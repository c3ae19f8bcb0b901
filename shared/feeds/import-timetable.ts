import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { KilometreRate } from '../fares/model.ts';
import { fareItems } from '../fares/store.ts';
import { writeAll } from '../platform/batch-write.ts';
import type { Carrier } from '../platform/carrier.ts';
import type { Item, Table } from '../platform/dynamo.ts';
import type { ServiceDate } from '../platform/ids.ts';
import { versionKeptUntil } from '../bookings/kept-until.ts';
import { localDateOf, type Clock } from '../platform/time.ts';
import { versionItems } from '../timetable/version-store.ts';
import { buildVersion, serviceSpanOf } from './build-version.ts';
import { checkClasses } from './check-classes.ts';
import type { FollowedRuns } from './follow-frozen-runs.ts';
import { fareSheet, type FareSheet } from './fare-sheet.ts';
import { openFeed, type FeedFiles } from './open-feed.ts';
import { problemList, UnreadableFile, type FeedProblem, type ProblemList } from './problems.ts';
import { newVersionId } from './new-version-id.ts';
import { putInForce } from './put-in-force.ts';
import { readFaresFile } from './read-fares-file.ts';
import { readFeed, type Feed } from './read-feed.ts';
import { readGtfsFares } from './read-gtfs-fares.ts';
import { noLayouts, readLayoutsFile, standardLayout, type LayoutsFile } from './read-layouts.ts';

export type ImportOptions = {
  moveDates?: boolean;
  /** Path of the operator's layouts.json. */
  layouts?: string;
  /** Path of the operator's fares.csv. */
  fares?: string;
  /** Minor units of the carrier's currency. */
  farePerKm?: number;
};

export type ImportReport = {
  source: string;
  version: string;
  timeZone: string;
  firstDate: ServiceDate;
  lastDate: ServiceDate;
  movedWeeks: number;
  stops: number;
  trips: number;
  calls: number;
  services: number;
  layouts: number;
  farePairs: number;
  items: number;
  warnings: readonly FeedProblem[];
  warningCount: number;
} & FollowedRuns;

export type ImportResult =
  | { outcome: 'imported'; report: ImportReport }
  | { outcome: 'refused'; problems: readonly FeedProblem[]; problemCount: number };

/** The progress of an import: rows read from a file, or items written. */
export type ImportProgress =
  { step: 'reading'; file: string; rows: number } | { step: 'writing'; written: number };

type Deps = { timetable: Table; inventory: Table; bookings: Table; now: Clock; carrier: Carrier };
type Request = {
  /** A GTFS zip or folder. */
  source: string;
  options?: ImportOptions;
  onProgress?: (progress: ImportProgress) => void;
};

type Checked = { feed: Feed; layouts: LayoutsFile; sheet: FareSheet };

/**
 * Imports a feed as a new version of the timetable. It first reads and checks everything, then writes the rows under
 * the new version, which nothing reads yet; the last write puts the version in force. A refusal, an error or a crash
 * therefore changes nothing except rows to which nothing points. Then the runs that orders have touched follow the new
 * version, unless somebody has bought seats: those runs keep what the passengers bought, whatever the feed says now.
 */
export const importTimetable =
  ({ timetable, inventory, bookings, now, carrier }: Deps) =>
  async ({ source, options = {}, onProgress = () => undefined }: Request): Promise<ImportResult> => {
    const problems = problemList();
    const checked = await readAndCheck({ source, options, carrier, problems, onProgress });
    const today = localDateOf(now(), checked?.feed.timeZone ?? carrier.timeZone);
    const span = checked && serviceSpanOf(checked.feed, options.moveDates ?? false, today);
    if (checked && !span && problems.count() === 0) {
      problems.report('trips.txt', undefined, 'no trip that can be sold runs on any day');
    }
    if (!checked || !span || problems.count() > 0) {
      return { outcome: 'refused', problems: problems.listed(), problemCount: problems.count() };
    }
    const { feed, layouts, sheet } = checked;
    const layoutsName = basename(options.layouts ?? '');
    const id = await newVersionId(timetable, now());
    const built = buildVersion({ feed, layouts, layoutsName, span, version: id, now: now() });
    const { version, rows } = built;
    checkClasses(rows, problems);
    if (problems.count() > 0) {
      return { outcome: 'refused', problems: problems.listed(), problemCount: problems.count() };
    }
    let items = 0;
    const countItems = (count: number): void => {
      items += count;
      onProgress({ step: 'writing', written: items });
    };
    const fares = { pairs: sheet.pairs(), rate: rateOf(carrier, options, layouts) };
    await writeAll(
      timetable,
      keptUntil(
        versionKeptUntil(version.lastDate),
        joined(versionItems(version, rows), fareItems(version.version, fares)),
      ),
      countItems,
    );
    const put = await putInForce({ timetable, inventory, bookings, clock: now }, version, today);
    if (put.outcome === 'rejected') {
      problems.report(
        basename(source),
        undefined,
        'another import has put a newer timetable in force meanwhile',
      );
      return { outcome: 'refused', problems: problems.listed(), problemCount: problems.count() };
    }
    const { importedAt: _importedAt, tripBuckets: _tripBuckets, ...reported } = version;
    const report: ImportReport = {
      source: basename(source),
      ...reported,
      movedWeeks: span.movedWeeks,
      calls: feed.trips.reduce((count, { calls }) => count + calls.length, 0),
      services: feed.services,
      layouts: rows.layouts.length,
      farePairs: sheet.size(),
      items,
      ...put.followed,
      warnings: feed.warnings.listed(),
      warningCount: feed.warnings.count(),
    };
    return { outcome: 'imported', report };
  };

function* joined(...parts: readonly Iterable<Item>[]): Generator<Item> {
  for (const part of parts) yield* part;
}

/** Nobody reads a version long after its last day, whether or not a newer one replaced it. */
function* keptUntil(ttl: number, items: Iterable<Item>): Generator<Item> {
  for (const item of items) yield { ...item, ttl };
}

const rateOf = (
  { currency }: Carrier,
  { farePerKm }: ImportOptions,
  { fareFactors }: LayoutsFile,
): KilometreRate | undefined =>
  farePerKm === undefined ? undefined : { currency, perKilometre: farePerKm, factors: fareFactors ?? {} };

type ReadInput = {
  source: string;
  options: ImportOptions;
  carrier: Carrier;
  problems: ProblemList;
  onProgress: (progress: ImportProgress) => void;
};

/** Reads the feed and the operator's files. An unreadable file becomes a problem like any other. */
const readAndCheck = async (input: ReadInput): Promise<Checked | undefined> => {
  let files: FeedFiles | undefined;
  try {
    files = await openFeed(input.source);
    return await readAll(input, files);
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    input.problems.report(error.file, error.line, error.message);
    return undefined;
  } finally {
    files?.close();
  }
};

const readAll = async (
  { options, carrier, problems, onProgress }: ReadInput,
  files: FeedFiles,
): Promise<Checked | undefined> => {
  const layouts = options.layouts ? await layoutsFrom(options.layouts, problems) : noLayouts;
  const feed = await readFeed({
    files,
    problems,
    onProgress: (file, rows) => onProgress({ step: 'reading', file, rows }),
  });
  if (!feed || !layouts) return undefined;
  const { currency } = carrier;
  const sheet = fareSheet(currency);
  if (options.fares) {
    const classes = new Set(
      [standardLayout, ...layouts.layouts].flatMap(({ coaches }) => coaches.map((coach) => coach.class)),
    );
    const file = basename(options.fares);
    await checkFile(options.fares);
    const stream = createReadStream(options.fares);
    await readFaresFile({ file, stream, feed, classes, currency, sheet, problems });
  }
  await readGtfsFares({ files, feed, currency, sheet, problems });
  return { feed, layouts, sheet };
};

const checkFile = async (path: string): Promise<void> => {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) throw new UnreadableFile(path, undefined, 'there is no such file');
};

const layoutsFrom = async (path: string, problems: ProblemList): Promise<LayoutsFile | undefined> => {
  await checkFile(path);
  return readLayoutsFile(basename(path), await readFile(path, 'utf8'), problems);
};
