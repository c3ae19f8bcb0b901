import type { StopId, TripId } from '../platform/ids.ts';
import { callsMax, type Stop, type TripCall } from '../timetable/model.ts';
import { metresAlong } from './distances.ts';
import { stopTimesTable, type StopTime } from './read-stop-times.ts';
import type { ProblemList } from './problems.ts';

/**
 * Makes the calls of a trip from its rows: in order, each with its times and, if all positions are known, its distance.
 * Reports a problem and returns undefined if something is wrong.
 *
 * Real feeds contain single calls whose times contradict the call before. A ticket never shows a time that cannot be
 * true, and one wrong row is no reason to stop selling the trip: nobody can board or alight there, and the import
 * warns. Two such calls, or a wrong last call, make the whole trip wrong.
 */
export const timeCalls = (
  tripId: TripId,
  rows: StopTime[],
  stops: ReadonlyMap<StopId, Stop>,
  problems: ProblemList,
  warnings: ProblemList,
): TripCall[] | undefined => {
  rows.sort((a, b) => a.sequence - b.sequence);
  if (!orderIsRight(tripId, rows, problems)) return undefined;
  const contradicting = contradictions(rows);
  const [only, ...others] = contradicting;
  if (only && (others.length > 0 || only === rows.at(-1))) {
    for (const { line } of contradicting) problems.report(stopTimesTable.file, line, contradictionReason);
    return undefined;
  }
  if (only) {
    const reason = `${contradictionReason}: nobody can board or alight there`;
    warnings.report(stopTimesTable.file, only.line, reason);
  }
  const metres = metresAlong(rows.map(({ stopId }) => stops.get(stopId) ?? {}));
  const calls = rows.map((row, at): DraftCall => ({
    stopId: row.stopId,
    arrives: row.arrives ?? 0,
    departs: row.departs ?? 0,
    boarding: row.boarding && row !== only,
    alighting: row.alighting && row !== only,
    ...(metres?.[at] !== undefined && { metres: metres[at] }),
    hasTimes: row.arrives !== undefined && row !== only,
  }));
  fillBlankTimes(calls);
  return calls.map(({ hasTimes: _hasTimes, ...call }): TripCall => call);
};

const contradictionReason = 'arrives before the trip departs from the call before';

/** The calls whose times are earlier than those of a call before them. */
const contradictions = (rows: readonly StopTime[]): StopTime[] => {
  let departed = 0;
  return rows.filter((row) => {
    if (row.arrives === undefined || row.departs === undefined) return false;
    if (row.arrives < departed) return true;
    departed = row.departs;
    return false;
  });
};

const orderIsRight = (tripId: TripId, rows: readonly StopTime[], problems: ProblemList): boolean => {
  const before = problems.count();
  const report = (row: StopTime | undefined, reason: string): void =>
    problems.report(stopTimesTable.file, row?.line, reason);
  if (rows.length > callsMax) {
    report(rows[callsMax], `trip ${tripId} has ${rows.length} calls: at most ${callsMax} can be sold`);
  }
  for (const [at, row] of rows.entries()) {
    if (row.sequence === rows[at - 1]?.sequence) report(row, `stop_sequence ${row.sequence} comes twice`);
  }
  for (const end of [rows[0], rows.at(-1)]) {
    if (end?.arrives === undefined) report(end, 'the first and the last call of a trip need their times');
  }
  return problems.count() === before;
};

type DraftCall = TripCall & { hasTimes: boolean };

/** Fills blank times between two calls with times at an even speed, or evenly by count if distances are missing. */
const fillBlankTimes = (calls: DraftCall[]): void => {
  for (let at = 1; at < calls.length; at += 1) {
    if (calls[at]?.hasTimes) continue;
    const next = calls.findIndex((call, index) => index > at && call.hasTimes);
    const [start, end] = [calls[at - 1], calls[next]];
    if (!start || !end) return;
    const whole = (end.metres ?? 0) - (start.metres ?? 0);
    for (let blank = at; blank < next; blank += 1) {
      const call = calls[blank];
      if (!call) continue;
      const share =
        whole > 0 ? ((call.metres ?? 0) - (start.metres ?? 0)) / whole : (blank - at + 1) / (next - at + 1);
      call.arrives = call.departs = start.departs + Math.round(share * (end.arrives - start.departs));
    }
    at = next;
  }
};
