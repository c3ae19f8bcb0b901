import type { StopId } from '../platform/ids.ts';
import { callsMax, type Stop, type TripCall } from '../timetable/model.ts';
import { metresAlong } from './distances.ts';
import { goOnPastMidnight } from './past-midnight.ts';
import { stopTimesTable, type StopTime } from './read-stop-times.ts';
import type { ProblemList } from './problems.ts';

/** The calls of a trip in order, each with its times and, if all positions are known, its distance; and the feed's ids. */
type TimedCalls = { calls: TripCall[]; feedStops: string[] };
/** Why a trip cannot be sold; `line` is in stop_times.txt. */
type TripFault = { kind: string; line?: number; fault: string };

/**
 * Makes the calls of a trip from its rows. It leaves out rows without a time at either end, and counts a repeated row
 * once.
 *
 * Real feeds contain single calls whose times contradict the call before. A ticket never shows a time that cannot be
 * true, and one wrong row is no reason to stop selling the trip: nobody can board or alight there, and the import
 * warns. Two such calls, or a wrong last call, make the whole trip wrong.
 */
export const timeCalls = (
  unordered: readonly StopTime[],
  stops: ReadonlyMap<StopId, Stop>,
  problems: ProblemList,
): TimedCalls | TripFault => {
  const inOrder = unordered.toSorted((a, b) => a.sequence - b.sequence);
  const twice = inOrder.find((row, at) => isContradiction(row, inOrder[at - 1]));
  if (twice) {
    const fault = `stop_sequence ${twice.sequence} occurs twice, with different calls`;
    return { kind: 'contradicting-rows', line: twice.line, fault };
  }
  const timed = withTimedEnds(withoutRepeated(inOrder, problems), problems);
  const rows = goOnPastMidnight(timed, problems);
  if (rows.length < 2) return { kind: 'too-few-calls', fault: 'fewer than two of its calls can be sold' };
  if (rows.length > callsMax) {
    const fault = `has ${rows.length} calls, and at most ${callsMax} can be sold`;
    return { kind: 'too-many-calls', line: rows[callsMax]?.line ?? 0, fault };
  }
  const [only, ...others] = contradictions(rows);
  if (only && (others.length > 0 || only === rows.at(-1))) {
    return { kind: 'times-backwards', line: only.line, fault: contradictionReason };
  }
  if (only) {
    const reason = `${contradictionReason}: nobody can board or alight there`;
    problems.warn({ kind: 'times-backwards', file: stopTimesTable.file, line: only.line, reason });
  }
  return { calls: callsOf(rows, only, stops), feedStops: rows.map(({ feedStopId }) => feedStopId) };
};

const isContradiction = (row: StopTime, before: StopTime | undefined): boolean =>
  row.sequence === before?.sequence && !isSame(row, before);

const isSame = (a: StopTime, b: StopTime): boolean =>
  a.stopId === b.stopId &&
  a.feedStopId === b.feedStopId &&
  a.arrives === b.arrives &&
  a.departs === b.departs &&
  a.boarding === b.boarding &&
  a.alighting === b.alighting &&
  a.headsign === b.headsign;

const withoutRepeated = (rows: readonly StopTime[], problems: ProblemList): StopTime[] =>
  rows.filter(({ line, sequence }, at) => {
    const isRepeated = sequence === rows[at - 1]?.sequence;
    if (isRepeated) {
      const reason = `repeats the call with stop_sequence ${sequence}: it counts once`;
      problems.warn({ kind: 'repeated-row', file: stopTimesTable.file, line, reason });
    }
    return !isRepeated;
  });

/** Calls between two calls with times get a time; calls before the first and after the last such call cannot. */
const withTimedEnds = (rows: readonly StopTime[], problems: ProblemList): readonly StopTime[] => {
  const isTimed = ({ arrives }: StopTime): boolean => arrives !== undefined;
  const [first, last] = [rows.findIndex(isTimed), rows.findLastIndex(isTimed)];
  if (first < 0) return [];
  for (const [at, { line }] of rows.entries()) {
    if (at >= first && at <= last) continue;
    const reason = 'the first and the last call of a trip need their times';
    problems.leaveOut('row', undefined, { kind: 'no-time', file: stopTimesTable.file, line, reason });
  }
  return rows.slice(first, last + 1);
};

const callsOf = (
  rows: readonly StopTime[],
  closed: StopTime | undefined,
  stops: ReadonlyMap<StopId, Stop>,
): TripCall[] => {
  const metres = metresAlong(rows.map(({ stopId }) => stops.get(stopId) ?? {}));
  const calls = rows.map((row, at): DraftCall => ({
    stopId: row.stopId,
    arrives: row.arrives ?? 0,
    departs: row.departs ?? 0,
    boarding: row.boarding && row !== closed,
    alighting: row.alighting && row !== closed,
    ...(metres?.[at] !== undefined && { metres: metres[at] }),
    ...(row.headsign && { headsign: row.headsign }),
    hasTimes: row.arrives !== undefined && row !== closed,
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
