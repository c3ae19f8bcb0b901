import type { StopId } from '../platform/ids.ts';
import type { TransferTime } from '../timetable/model.ts';
import { wholeNumber } from './fields.ts';
import type { FeedStops } from './join-stops.ts';
import type { ProblemList } from './problems.ts';
import type { Row } from './read-table.ts';

const file = 'transfers.txt';
export const transfersTable = { file, required: ['from_stop_id', 'to_stop_id'] };

/** A longer time is a typing error: nobody changes for a day. */
const secondsMax = 86_400;

/** Columns that narrow a row to some routes or trips. */
const narrowing = ['from_route_id', 'to_route_id', 'from_trip_id', 'to_trip_id'] as const;

type Transfer = { kind: 'time'; time: TransferTime } | { kind: 'none' } | { kind: string; fault: string };

/**
 * Reads what transfers.txt says about changing at a stop. A stop keeps one time, the longest of its rows, because a
 * station replaces its platforms; it is `impossible` to change there if any row says so. Rows of some routes or trips
 * only may lengthen the time and forbid nothing.
 */
export const transferReader = (stops: FeedStops, problems: ProblemList) => {
  const times = new Map<StopId, TransferTime>();
  const stationOf = stopsByAnyId(stops);
  const onRow = ({ line, text }: Row): void => {
    const leaveOut = (kind: string, reason: string): void =>
      problems.leaveOut('row', undefined, { kind, file, line, reason });
    const warn = (kind: string, reason: string): void => problems.warn({ kind, file, line, reason });
    const isNarrow = narrowing.some((column) => text(column) !== '');
    const transfer = transferOf(text, isNarrow);
    if ('fault' in transfer) return leaveOut(transfer.kind, transfer.fault);
    if (transfer.kind === 'none') {
      if (isNarrow)
        warn('transfer-of-trips', 'is about some routes or trips only: it changes no transfer time');
      return undefined;
    }
    const ends = (['from_stop_id', 'to_stop_id'] as const).map((column) => ({ column, id: text(column) }));
    const unknown = ends.find(({ id }) => !stationOf.has(id));
    if (unknown) {
      if (stops.leftOut.has(unknown.id)) return undefined;
      const what =
        unknown.id === '' ? 'is empty' : `${unknown.id} is not a stop in stops.txt where trips can call`;
      return leaveOut('unknown-stop', `${unknown.column} ${what}`);
    }
    const [from, to] = ends.map(({ id }) => stationOf.get(id));
    if (from === undefined || to === undefined) return undefined;
    if (from !== to)
      return warn('transfer-between-stops', `leads from ${from} to ${to}: connections change at one stop`);
    if ('time' in transfer) times.set(from, longer(times.get(from), transfer.time));
    return undefined;
  };
  return { onRow, finish: (): ReadonlyMap<StopId, TransferTime> => times };
};

/** `transfer_type`: 0 recommended, 1 the vehicle waits, 2 takes a time, 3 impossible, 4 and 5 about staying seated. */
const transferOf = (text: Row['text'], isNarrow: boolean): Transfer => {
  const type = wholeNumber(text('transfer_type') || '0');
  if (type === undefined || type > 5)
    return { kind: 'unknown-value', fault: `transfer_type ${text('transfer_type')} is unknown` };
  if (type > 3) return { kind: 'none' };
  if (type === 3) return isNarrow ? { kind: 'none' } : { kind: 'time', time: 'impossible' };
  const written = text('min_transfer_time');
  if (written === '') {
    const fault = 'min_transfer_time is empty, and transfer_type is 2';
    return type === 2 ? { kind: 'transfer-time', fault } : { kind: 'none' };
  }
  const seconds = wholeNumber(written);
  if (seconds === undefined || seconds > secondsMax)
    return {
      kind: 'transfer-time',
      fault: `min_transfer_time ${written} is not a number up to ${secondsMax}`,
    };
  return { kind: 'time', time: seconds };
};

const longer = (a: TransferTime | undefined, b: TransferTime): TransferTime => {
  if (a === undefined) return b;
  return a === 'impossible' || b === 'impossible' ? 'impossible' : Math.max(a, b);
};

/** Stops by their own id and by those of their platforms. */
const stopsByAnyId = ({ stops, platforms }: FeedStops): ReadonlyMap<string, StopId> =>
  new Map<string, StopId>([
    ...[...platforms].flatMap(([station, ids]) => ids.map((id) => [id, station] as const)),
    ...[...stops.keys()].map((stopId) => [stopId, stopId] as const),
  ]);
