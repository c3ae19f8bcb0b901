import type { Table } from '../../shared/platform/dynamo.ts';
import type { Run } from '../../shared/timetable/model.ts';
import { plusSeconds } from '../../shared/platform/time.ts';
import { freezeSampleRun, sampleRun } from './sample-run.ts';

/** A run, open to sale, that leaves its first stop on 2026-12-20 and arrives at its last one so many calendar days on. */
export const longRun = async (timetable: Table, { days }: { days: number }): Promise<Run> => {
  const run = sampleRun('2026-12-20', 2);
  const late = (days - 1) * 86_400;
  return freezeSampleRun(timetable, {
    ...run,
    stops: run.stops.map((stop, index) =>
      index === run.stops.length - 1
        ? { ...stop, arrives: plusSeconds(stop.arrives, late), departs: plusSeconds(stop.departs, late) }
        : stop,
    ),
  });
};
