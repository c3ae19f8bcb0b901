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
import { buildVersion, serviceSpanOf, type ServiceSpan } from './build-version.ts';
import { checkClasses } from './check-classes.ts';
import { countUnpriced } from './count-unpriced.ts';
import type { FollowedRuns } from './follow-frozen-runs.ts';
import { judgeLosses, lossText, type Losses } from './judge-losses.ts';
import { newVersionId } from './new-version-id.ts';
import { problemList, type ProblemList, type ProblemsOfKind } from './problems.ts';
import { putInForce } from './put-in-force.ts';
import type { LayoutsFile } from './read-layouts.ts';
import { readSources, type Sources } from './read-sources.ts';

export type ImportOptions = {
  moveDates?: boolean;
  /** Path of the operator's layouts.json. */
  layouts?: string;
  /** Path of the operator's fares.csv. */
  fares?: string;
  /** Minor units of the carrier's currency. */
  farePerKm?: number;
  /** The share of the feed's trips, in percent, that may be left out. */
  tolerate?: number;
  /** Nothing at all may be left out. */
  strict?: boolean;
};

/** What is told of a feed, whether it is imported or not. */
type Told = { leftOut: readonly ProblemsOfKind[]; warnings: readonly ProblemsOfKind[] };

export type ImportReport = {
  source: string;
  version: string;
  timeZone: string;
  firstDate: ServiceDate;
  lastDate: ServiceDate;
  movedWeeks: number;
  stops: number;
  /** Trips that are sold; each departure of a trip that runs by headway is one. */
  trips: number;
  /** Trips of the feed, and how many of those are left out because something is wrong with them. */
  feedTrips: number;
  tripsLeftOut: number;
  /** Trips that passengers order, at no fixed stop or time. No seat of them is sold. */
  tripsOnDemand: number;
  /** Trips without a layout: they are left out, and the warnings name them. */
  tripsWithoutLayout: number;
  calls: number;
  services: number;
  layouts: number;
  farePairs: number;
  /** Pairs of stops between which passengers could travel, if they had a fare. */
  pairsWithoutFare: number;
  items: number;
} & Told &
  FollowedRuns;

export type ImportResult =
  | { outcome: 'imported'; report: ImportReport }
  | ({ outcome: 'refused'; refusals: readonly ProblemsOfKind[] } & Told);

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
};

/**
 * Imports a feed as a new version of the timetable. It first reads and checks everything, then writes the rows under
 * the new version, which nothing reads yet; the last write puts the version in force. A refusal, an error or a crash
 * therefore changes nothing except rows to which nothing points. Then the runs that orders have touched follow the new
 * version, unless somebody has bought seats: those runs keep what the passengers bought, whatever the feed says now.
 */
export const importTimetable =
  ({ timetable, inventory, bookings, now, carrier, carrierLayouts }: Deps) =>
  async ({ source, options = {}, onProgress = () => undefined }: Request): Promise<ImportResult> => {
    const problems = problemList();
    const onRows = (file: string, rows: number): void => onProgress({ step: 'reading', file, rows });
    const day = localDateOf(now(), carrier.timeZone);
    const parts = { source, options, carrier, carrierLayouts };
    const sources = await readSources({ ...parts, today: day, problems, onRows });
    const today = localDateOf(now(), sources?.feed.timeZone ?? carrier.timeZone);
    const span = sources && checkedSpan(sources, options, today, problems);
    if (!sources || !span || problems.count('refusal') > 0) return refused(problems);
    const { feed, layouts, sheet } = sources;
    const layoutsName = basename(options.layouts ?? '');
    const id = await newVersionId(timetable, now());
    const seats = { layouts, layoutsName, carrierLayouts };
    const built = buildVersion({ feed, ...seats, span, version: id, now: now(), problems });
    const { version, rows } = built;
    checkClasses(rows, problems);
    if (problems.count('refusal') > 0) return refused(problems);
    let items = 0;
    const countItems = (count: number): void => {
      items += count;
      onProgress({ step: 'writing', written: items });
    };
    const fares = {
      pairs: sheet.pairs(),
      rate: rateOf(carrier, options, layouts.fareFactors ?? carrierLayouts.fareFactors),
    };
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
      const reason = 'another import has put a newer timetable in force meanwhile';
      problems.refuse({ kind: 'overtaken', file: basename(source), reason });
      return refused(problems);
    }
    const { importedAt: _importedAt, tripBuckets: _tripBuckets, ...reported } = version;
    const report: ImportReport = {
      source: basename(source),
      ...reported,
      movedWeeks: span.movedWeeks,
      feedTrips: feed.tripCount.total,
      tripsLeftOut: feed.tripCount.leftOut,
      tripsOnDemand: feed.tripCount.onDemand,
      tripsWithoutLayout: built.tripsWithoutLayout,
      calls: feed.trips.reduce((count, { calls }) => count + calls.length, 0),
      services: feed.services,
      layouts: rows.layouts.length,
      farePairs: sheet.size(),
      pairsWithoutFare: countUnpriced(feed.trips, sheet, options.farePerKm !== undefined),
      items,
      ...put.followed,
      ...told(problems),
    };
    return { outcome: 'imported', report };
  };

const told = (problems: ProblemList): Told => ({
  leftOut: problems.told('leftOut'),
  warnings: problems.told('warning'),
});

const refused = (problems: ProblemList): ImportResult => ({
  outcome: 'refused',
  refusals: problems.told('refusal'),
  ...told(problems),
});

/** The days of service, unless too much of the feed is left out, or nothing of it ever runs. */
const checkedSpan = (
  { feed }: Sources,
  { moveDates = false, tolerate: percent, strict }: ImportOptions,
  today: ServiceDate,
  problems: ProblemList,
): ServiceSpan | undefined => {
  const { total, leftOut: tripsLeftOut, onDemand } = feed.tripCount;
  const losses: Losses = { trips: total - onDemand, tripsLeftOut, partsLeftOut: problems.count('leftOut') };
  const judged = judgeLosses(losses, { percent, strict });
  if (judged.outcome === 'rejected') {
    const reason = lossText(judged.reason, losses, { percent });
    problems.refuse({ kind: judged.reason, file: 'trips.txt', reason });
    return undefined;
  }
  const span = serviceSpanOf(feed, moveDates, today);
  if (!span) {
    const reason = 'no trip that can be sold runs on any day';
    problems.refuse({ kind: 'never-runs', file: 'trips.txt', reason });
  }
  return span;
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
  fareFactors: LayoutsFile['fareFactors'],
): KilometreRate | undefined =>
  farePerKm === undefined ? undefined : { currency, perKilometre: farePerKm, factors: fareFactors ?? {} };
