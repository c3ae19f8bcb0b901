import type { ServiceDate } from '../platform/ids.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import { localDateOf } from '../platform/time.ts';
import { readKeptVersion } from '../timetable/kept-versions-store.ts';
import { versionSchema, type Version } from '../timetable/model.ts';
import { readState } from '../timetable/store.ts';
import { againOf, rowsOf } from '../platform/version-id.ts';
import { findDoubts, type Doubt } from './find-doubts.ts';
import type { FollowedRuns, ImportDependencies } from './follow-frozen-runs.ts';
import { newVersionId } from './new-version-id.ts';
import { putInForce } from './put-in-force.ts';

export type RollbackRefusal = 'unknown-version' | 'in-force-already' | 'needs-yes' | 'newer-in-force';

/** Whether the same request may succeed a moment later although nobody changes anything. */
export const isRetryable = {
  'unknown-version': false,
  'in-force-already': false,
  'needs-yes': false,
  'newer-in-force': false,
} as const satisfies Record<RollbackRefusal, boolean>;

type Rollback = {
  /** The version that comes into force again, as `timetable list` shows it. */
  wanted: string;
  confirm: (doubts: readonly Doubt[]) => Promise<boolean>;
};

export type RolledBack = { version: string; firstDate: ServiceDate; lastDate: ServiceDate } & FollowedRuns;

/**
 * Puts an earlier version in force again, as an import does: under a new id, with the rows of that version. Runs that
 * nobody has bought follow it; nothing that is sold changes. Rejected if an import or another rollback comes first.
 */
export const rollBack =
  (dependencies: ImportDependencies) =>
  async ({ wanted, confirm }: Rollback): Promise<Outcome<RolledBack, RollbackRefusal>> => {
    const { timetable, clock } = dependencies;
    const { version: inForce, sales } = await readState(timetable, { afresh: true });
    if (inForce && rowsOf(inForce.version) === rowsOf(wanted)) return rejected('in-force-already');
    const next = await readKeptVersion(timetable, wanted, clock());
    if (!next) return rejected('unknown-version');
    const kept = inForce && (await readKeptVersion(timetable, inForce.version, clock()));
    const today = localDateOf(clock(), next.timeZone);
    const doubts = findDoubts({ next, inForce, kept, sales, today });
    if (doubts.length > 0 && !(await confirm(doubts))) return rejected('needs-yes');
    const again: Version = {
      ...versionSchema.parse(next),
      version: againOf(newVersionId(inForce, clock()), next.version),
    };
    const put = await putInForce(dependencies, again, today, { replaced: inForce?.version });
    if (put.outcome === 'rejected') return put;
    const { firstDate, lastDate } = next;
    return accepted({ version: rowsOf(next.version), firstDate, lastDate, ...put.followed });
  };
