import { basename } from 'node:path';
import type { KilometreRate } from '../fares/model.ts';
import type { FareRows } from '../fares/store.ts';
import type { Carrier } from '../platform/carrier.ts';
import type { Item } from '../platform/dynamo.ts';
import type { ServiceDate } from '../platform/ids.ts';
import { localDateOf, type Clock } from '../platform/time.ts';
import type { KeptVersion } from '../timetable/kept-versions-store.ts';
import type { Version } from '../timetable/model.ts';
import { versionItems, type VersionRows } from '../timetable/version-store.ts';
import { buildVersion, serviceSpanOf, type ServiceSpan } from './build-version.ts';
import { checkClasses } from './check-classes.ts';
import { checkItems, checkRuns } from './check-sizes.ts';
import { countUnpriced } from './count-unpriced.ts';
import type { FollowedRuns } from './follow-frozen-runs.ts';
import type { ImportOptions, ImportReport, Findings } from './import-report.ts';
import { judgeLosses, lossText, type Losses } from './judge-losses.ts';
import { newVersionId } from './new-version-id.ts';
import type { ProblemList } from './problems.ts';
import type { LayoutsFile } from './read-layouts.ts';
import { readSources, type Sources } from './read-sources.ts';
import { unionOf } from './service-days.ts';

export type Prepared = {
  version: Version;
  rows: VersionRows;
  /** The items of the rows, which have been measured. */
  items: readonly Item[];
  fares: FareRows;
  hasFares: boolean;
  today: ServiceDate;
  report: Omit<ImportReport, keyof FollowedRuns | 'version' | 'items'>;
};

type Dependencies = { now: Clock; carrier: Carrier; carrierLayouts: LayoutsFile };

type Preparation = {
  source: string;
  options: ImportOptions;
  onRows: (file: string, rows: number) => void;
  problems: ProblemList;
  inForce: Version | undefined;
  /** The id of the version; by default it is newer than the one in force. */
  version?: string;
};

/** Reads and checks everything, and writes nothing; undefined if it refuses the feed. */
export const prepareImport = async (
  { now, carrier, carrierLayouts }: Dependencies,
  { source, options, onRows, problems, inForce, version: wanted }: Preparation,
): Promise<Prepared | undefined> => {
  const day = localDateOf(now(), carrier.timeZone);
  const parts = { source, options, carrier, carrierLayouts };
  const sources = await readSources({ ...parts, today: day, problems, onRows });
  const today = localDateOf(now(), sources?.feed.timeZone ?? carrier.timeZone);
  const span = sources && checkedSpan(sources, options, today, problems);
  if (!sources || !span || problems.count('refusal') > 0) return undefined;
  const { feed, layouts, sheet } = sources;
  const layoutsName = basename(options.layouts ?? '');
  const id = wanted ?? newVersionId(inForce, now());
  const seats = { layouts, layoutsName, carrierLayouts };
  const built = buildVersion({ feed, ...seats, span, version: id, now: now(), problems });
  const { version, rows } = built;
  checkClasses(rows, problems);
  checkRuns(rows, version, problems);
  const items = [...versionItems(version, rows)];
  checkItems(items, problems);
  if (problems.count('refusal') > 0) return undefined;
  const fares = {
    pairs: sheet.pairs(),
    rate: rateOf(carrier, options, layouts.fareFactors ?? carrierLayouts.fareFactors),
  };
  const { importedAt: _importedAt, tripBuckets: _tripBuckets, version: _version, ...reported } = version;
  const report = {
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
    ...findingsOf(problems),
  };
  return {
    version,
    rows,
    items,
    fares,
    hasFares: sheet.size() > 0 || fares.rate !== undefined,
    today,
    report,
  };
};

/** The part of a version that we keep for a rollback. */
export const keptVersionOf = ({ version, rows, hasFares }: Prepared, source: string): KeptVersion => ({
  ...version,
  source,
  hasFares,
  days: unionOf(new Set(rows.trips.map(({ days }) => days))),
});

export const findingsOf = (problems: ProblemList): Findings => ({
  leftOut: problems.byKind('leftOut'),
  warnings: problems.byKind('warning'),
});

/** The days of service, unless too much of the feed is left out or none of it ever runs. */
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

const rateOf = (
  { currency }: Carrier,
  { farePerKm }: ImportOptions,
  fareFactors: LayoutsFile['fareFactors'],
): KilometreRate | undefined =>
  farePerKm === undefined ? undefined : { currency, perKilometre: farePerKm, factors: fareFactors ?? {} };
