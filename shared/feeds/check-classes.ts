import { classesMax } from '../inventory/rules.ts';
import type { VersionRows } from '../timetable/version-store.ts';
import type { ProblemList } from './problems.ts';
import { tripsTable } from './read-trips.ts';

/** A longer trip allows fewer classes in the counts of its free seats. Only here do a feed's calls meet a layout. */
export const checkClasses = (
  { trips, layouts }: Pick<VersionRows, 'trips' | 'layouts'>,
  problems: ProblemList,
): void => {
  const classes = new Map(
    layouts.map(({ layoutId, coaches }) => [layoutId, new Set(coaches.map((coach) => coach.class)).size]),
  );
  for (const { tripId, layoutId, calls } of trips) {
    const [wanted, most] = [classes.get(layoutId) ?? 0, classesMax(calls.length)];
    if (wanted <= most) continue;
    const has = `trip ${tripId} has ${calls.length} calls, and its layout ${layoutId} ${wanted} classes`;
    const reason = `${has}: at most ${most} can be sold on so long a trip`;
    problems.refuse({ kind: 'too-many-classes', file: tripsTable.file, reason });
  }
};
