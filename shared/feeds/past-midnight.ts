import { daySeconds, isPastMidnight } from './fields.ts';
import { stopTimesTable, type StopTime } from './read-stop-times.ts';
import type { ProblemList } from './problems.ts';

/** The calls of a trip in order, with times that go on after 24:00. */
export const goOnPastMidnight = (rows: readonly StopTime[], problems: ProblemList): StopTime[] => {
  let [departed, shift] = [0, 0];
  return rows.map((row) => {
    const { line, arrives, departs } = row;
    if (arrives === undefined || departs === undefined) return row;
    if (isPastMidnight(departed, arrives + shift)) {
      shift += daySeconds;
      const reason = 'begins again at midnight: this and the later times of the trip are taken a day later';
      problems.warn({ kind: 'past-midnight', file: stopTimesTable.file, line, reason });
    }
    departed = departs + shift;
    return shift === 0 ? row : { ...row, arrives: arrives + shift, departs: departed };
  });
};
