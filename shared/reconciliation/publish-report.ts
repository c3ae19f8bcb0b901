import type { Carrier } from '../platform/carrier.ts';
import { decideAnew } from '../platform/decide-anew.ts';
import type { Table } from '../platform/dynamo.ts';
import { inLanes } from '../platform/in-lanes.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import type { Clock } from '../platform/time.ts';
import { decideReport, firstTold, keyOfDifference, type Found, type Remembered } from './decide-report.ts';
import type { BillDay, Difference, Finding, Report } from './model.ts';
import { putDifference, putReport, readDifferences, readReport } from './store.ts';

export type ReportDependencies = { bookings: Table; clock: Clock; carrier: Carrier };

/** A report, and all differences of its day. */
export type Published = {
  report: Report;
  differences: Difference[];
  /** The edition before this run; 0 if it is the first one. */
  editionBefore: number;
  /** Those that this run changed. */
  changes: Difference[];
};

/** So many differences are written at once. */
const writtenAtOnce = 8;

const attemptsMax = 4;

export const readRemembered = async (bookings: Table, day: BillDay): Promise<Remembered> => {
  const [report, differences] = await Promise.all([
    readReport(bookings, day),
    readDifferences(bookings, day),
  ]);
  return { report, differences };
};

/**
 * Writes what a run found: each difference that changed, then the report. A report names only differences that are
 * stored, and whoever repeats the run after a crash completes it. If a person or another run writes at the same time, it
 * reads and decides again.
 */
export const publishReport =
  ({ bookings, clock, carrier }: ReportDependencies) =>
  (day: BillDay, found: Found): Promise<Outcome<Published, 'changed-meanwhile'>> =>
    decideAnew(attemptsMax, async () => {
      const remembered = await readRemembered(bookings, day);
      const { changes, report, isReportChanged, differences } = decideReport(day, remembered, found, clock());
      const refused: Difference[] = [];
      await inLanes(changes, { lanes: writtenAtOnce }, async (change) => {
        const written = await putDifference(bookings, day, change, carrier);
        if (written.outcome === 'rejected') refused.push(change.after);
      });
      if (refused.length > 0) return rejected('changed-meanwhile');
      if (isReportChanged) {
        const written = await putReport(bookings, { before: remembered.report, after: report }, carrier);
        if (written.outcome === 'rejected') return written;
      }
      return accepted({
        report,
        differences,
        editionBefore: remembered.report?.edition ?? 0,
        changes: changes.map(({ after }) => after),
      });
    });

/** Remembers a difference that is about to be repaired, unless it is remembered already. */
export const rememberFinding = (
  { bookings, clock, carrier }: ReportDependencies,
  day: BillDay,
  { report, differences }: Remembered,
) => {
  const known = new Set(differences.map(keyOfDifference));
  const edition = (report?.edition ?? 0) + 1;
  return async (finding: Finding): Promise<void> => {
    if (known.has(keyOfDifference(finding))) return;
    const after = firstTold(finding, edition, clock());
    await putDifference(bookings, day, { before: undefined, after }, carrier);
  };
};
