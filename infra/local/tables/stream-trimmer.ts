import { DatabaseSync } from 'node:sqlite';
import type { LocalLog } from '../run/local-log.ts';

/** A reader of a table's stream, and the last record that it need not read again; undefined if it has read none. */
export type StreamPlace = { tableName: string; position(): string | undefined };

export type StreamTrimmer = {
  /** Removes some of the records that may go, or none while the emulator writes; returns their number. */
  trim(): number;
  stop(): void;
};

const trimEveryMilliseconds = 1000;
const recordsAtOnceMax = 2000;
/** The emulator writes nothing while we write, and this process does nothing while it waits for the emulator. */
const waitMillisecondsMax = 20;

/**
 * The emulator keeps the records of all streams in one table of its file without an index, never removes any, and scans
 * all of them at each write and each read. So we remove from outside the records that every reader has passed. AWS
 * would remove records after a day, read or not; here we keep each record until every reader has read it. The newest
 * record of a table stays: the next record takes its number from it.
 */
const removal = `
  DELETE FROM _stream_records WHERE id IN (
    SELECT id FROM _stream_records
    WHERE table_name = :table
      AND CAST(sequence_number AS INTEGER) <= :position
      AND CAST(sequence_number AS INTEGER) < (
        SELECT MAX(CAST(sequence_number AS INTEGER)) FROM _stream_records WHERE table_name = :table)
    ORDER BY id LIMIT ${recordsAtOnceMax})`;

const isBusy = (error: unknown): boolean => [5, 6].includes(Number((error as { errcode?: unknown }).errcode));

/** Trims the streams of the emulator's file `dbPath` in the background until `stop`. */
export const startTrimming = (
  dbPath: string,
  readers: readonly StreamPlace[],
  log: Pick<LocalLog, 'say'>,
): StreamTrimmer => {
  const database = new DatabaseSync(dbPath, { timeout: waitMillisecondsMax });
  const remove = database.prepare(removal);
  const byTable = Map.groupBy(readers, ({ tableName }) => tableName);
  const trimmed = new Map<string, bigint>();

  /** The position of each reader; undefined if it has not started. */
  const passedByAll = (places: readonly StreamPlace[]): bigint | undefined => {
    const positions = places.map((place) => place.position());
    if (positions.includes(undefined)) return undefined;
    return positions.map((each) => BigInt(each ?? 0)).reduce((least, each) => (each < least ? each : least));
  };

  const removeAll = (): number => {
    let count = 0;
    for (const [table, places] of byTable) {
      const position = passedByAll(places);
      if (position === undefined || trimmed.get(table) === position) continue;
      const removed = Number(remove.run({ table, position }).changes);
      count += removed;
      if (removed < recordsAtOnceMax) trimmed.set(table, position);
    }
    return count;
  };

  const trim = (): number => {
    try {
      return removeAll();
    } catch (error) {
      // The next attempt will do it.
      if (isBusy(error)) return 0;
      clearInterval(timer);
      log.say(`the local run no longer deletes old stream records: ${String(error)}`);
      return 0;
    }
  };
  const timer = setInterval(trim, trimEveryMilliseconds).unref();

  return {
    trim,
    stop: () => {
      clearInterval(timer);
      database.close();
    },
  };
};
