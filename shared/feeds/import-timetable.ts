import { basename } from 'node:path';
import { versionKeptUntil } from '../bookings/kept-until.ts';
import { fareItems } from '../fares/store.ts';
import { writeAll } from '../platform/batch-write.ts';
import type { Carrier } from '../platform/carrier.ts';
import type { Item, Table } from '../platform/dynamo.ts';
import type { Clock } from '../platform/time.ts';
import { readKeptVersion } from '../timetable/kept-versions-store.ts';
import { readState, type Replacement } from '../timetable/store.ts';
import { findDoubts, type Doubt } from './find-doubts.ts';
import { foreseeFrozenRuns } from './follow-frozen-runs.ts';
import type { DryRunReport, ImportOptions, ImportReport, Findings } from './import-report.ts';
import { keptVersionOf, prepareImport, findingsOf, type Prepared } from './prepare-import.ts';
import { problemList, type ProblemList, type ProblemsOfKind } from './problems.ts';
import { putInForce } from './put-in-force.ts';
import type { LayoutsFile } from './read-layouts.ts';

type Refused = { outcome: 'refused'; refusals: readonly ProblemsOfKind[] } & Findings;

export type ImportResult = { outcome: 'imported'; report: ImportReport } | Refused;

/** `doubts`: the reasons for which the import would ask the operator. */
export type ForeseenImport =
  { outcome: 'would-import'; report: DryRunReport; doubts: readonly Doubt[] } | Refused;

/** The progress of an import: rows read from a file, or items written. */
export type ImportProgress =
  { step: 'reading'; file: string; rows: number } | { step: 'writing'; written: number };

type Deps = {
  timetable: Table;
  inventory: Table;
  bookings: Table;
  now: Clock;
  carrier: Carrier;
  /** From the carrier's folder, for trips to which the operator's own file gives none. */
  carrierLayouts: LayoutsFile;
};

type Request = {
  /** A GTFS zip or folder. */
  source: string;
  options?: ImportOptions;
  onProgress?: (progress: ImportProgress) => void;
  /** Whether the operator wants a version that looks like a mistake; without it, such a version is refused. */
  confirm?: (doubts: readonly Doubt[]) => Promise<boolean>;
};

/**
 * Imports a feed as a new version of the timetable. It first reads and checks everything, then writes the rows under
 * the new version, which nothing reads yet; the last write puts the version in force. A refusal, an error or a crash
 * therefore changes nothing except rows to which nothing points. Then the runs that orders have touched follow the new
 * version, unless somebody has bought seats: those runs keep what the passengers bought, whatever the feed says now.
 */
export const importTimetable =
  (deps: Deps) =>
  async ({ confirm = () => Promise.resolve(false), ...request }: Request): Promise<ImportResult> => {
    const { timetable, inventory, bookings, now } = deps;
    const { onProgress = () => undefined } = request;
    const judged = await judge(deps, request);
    if ('outcome' in judged) return judged;
    const { prepared, problems, replacement, doubts, source } = judged;
    if (doubts.length > 0 && !(await confirm(doubts))) {
      for (const { kind, reason } of doubts)
        problems.refuse({ kind, file: source, reason: `${reason}; import it with --yes if that is right` });
      return refused(problems);
    }
    const { version, today, report } = prepared;
    const items = await writeRows(timetable, prepared, onProgress);
    const dependencies = { timetable, inventory, bookings, clock: now };
    const put = await putInForce(dependencies, version, today, replacement);
    if (put.outcome === 'rejected') {
      const reason = 'another import or a rollback has put another timetable in force meanwhile';
      problems.refuse({ kind: 'overtaken', file: source, reason });
      return refused(problems);
    }
    return { outcome: 'imported', report: { version: version.version, ...report, items, ...put.followed } };
  };

/**
 * A dry run: reads and checks a feed as an import does, and says what that would do to the runs that orders have
 * touched. It writes nothing.
 */
export const foreseeImport =
  (deps: Deps) =>
  async (request: Omit<Request, 'confirm'>): Promise<ForeseenImport> => {
    const { timetable, inventory, bookings, now } = deps;
    const judged = await judge(deps, request);
    if ('outcome' in judged) return judged;
    const { prepared, doubts } = judged;
    const dependencies = { timetable, inventory, bookings, clock: now };
    const foreseen = await foreseeFrozenRuns(dependencies, prepared, prepared.today);
    return { outcome: 'would-import', report: { ...prepared.report, ...foreseen }, doubts };
  };

type Judged = {
  prepared: Prepared;
  problems: ProblemList;
  replacement: Replacement;
  doubts: readonly Doubt[];
  source: string;
};

/** Everything that comes before the first write. */
const judge = async (
  { timetable, now, carrier, carrierLayouts }: Deps,
  { source, options = {}, onProgress = () => undefined }: Omit<Request, 'confirm'>,
): Promise<Judged | Refused> => {
  const problems = problemList();
  const { version: inForce, sales } = await readState(timetable, { afresh: true });
  const onRows = (file: string, rows: number): void => onProgress({ step: 'reading', file, rows });
  const wish = { source, options, onRows, problems, inForce };
  const prepared = await prepareImport({ now, carrier, carrierLayouts }, wish);
  if (!prepared) return refused(problems);
  const name = basename(source);
  const next = keptVersionOf(prepared, name);
  const kept = inForce && (await readKeptVersion(timetable, inForce.version, now()));
  const doubts = findDoubts({ next, inForce, kept, sales, today: prepared.today });
  const replacement = { replaced: inForce?.version, kept: next };
  return { prepared, problems, replacement, doubts, source: name };
};

/** Writes the rows and fares of a version, which nothing reads yet. Returns the number of items. */
export const writeRows = async (
  timetable: Table,
  { version, items: rows, fares }: Prepared,
  onProgress: (progress: ImportProgress) => void,
): Promise<number> => {
  let items = 0;
  const countItems = (count: number): void => {
    items += count;
    onProgress({ step: 'writing', written: items });
  };
  const all = joined(rows, fareItems(version.version, fares));
  await writeAll(timetable, keptUntil(versionKeptUntil(version.lastDate), all), countItems);
  return items;
};

const refused = (problems: ProblemList): Refused => ({
  outcome: 'refused',
  refusals: problems.byKind('refusal'),
  ...findingsOf(problems),
});

function* joined(...parts: readonly Iterable<Item>[]): Generator<Item> {
  for (const part of parts) yield* part;
}

/** Nobody reads a version long after its last day, whether or not a newer one replaced it. */
function* keptUntil(ttl: number, items: Iterable<Item>): Generator<Item> {
  for (const item of items) yield { ...item, ttl };
}
