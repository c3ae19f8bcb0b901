import type { ServiceDate, StopId } from '../platform/ids.ts';
import type { TransferTime } from '../timetable/model.ts';
import type { FeedStops } from './join-stops.ts';
import { joinTrips, type FeedTrip } from './join-trips.ts';
import type { FeedFiles } from './feed-files.ts';
import { UnreadableFile, type ProblemList } from './problems.ts';
import { agencyReader, agencyTable } from './read-agencies.ts';
import { frequenciesTable, frequencyReader } from './read-frequencies.ts';
import { routeReader, routesTable, type FeedRoutes } from './read-routes.ts';
import { calendarDatesTable, calendarTable, serviceReader, type Services } from './read-services.ts';
import { stopReader, stopsTable } from './read-stops.ts';
import { stopTimeReader, stopTimesTable } from './read-stop-times.ts';
import { readTable, type Row } from './read-table.ts';
import { transferReader, transfersTable } from './read-transfers.ts';
import {
  feedLanguageOf,
  translationReader,
  translationsTable,
  type Translations,
} from './read-translations.ts';
import { tripReader, tripsTable, type TripCount } from './read-trips.ts';

/** A feed after reading: its content is consistent, and inconsistent parts are left out. */
export type Feed = {
  timeZone: string;
  stops: FeedStops;
  /** The ids of the agencies. */
  agencies: ReadonlySet<string>;
  routes: FeedRoutes['routes'];
  firstDate: ServiceDate;
  services: number;
  trips: FeedTrip[];
  tripCount: TripCount;
  /** By the stop where passengers change; only for stops of which transfers.txt says it. */
  transfers: ReadonlyMap<StopId, TransferTime>;
};

type Context = {
  files: FeedFiles;
  problems: ProblemList;
  /** Calendars without an end are cut some years after it. */
  today: ServiceDate;
  onProgress: (file: string, rows: number) => void;
};

type Table = { file: string; required: readonly string[]; mayBeEmpty?: boolean };

/** Reads one table. Returns its number of rows; undefined if it is missing or unreadable, which refuses the feed. */
const read = async (
  { files, problems, onProgress }: Context,
  table: Table,
  onRow: (row: Row) => void,
): Promise<number | undefined> => {
  try {
    const stream = await files.open(table.file);
    const shape = { ...table, onProgress: (rows: number) => onProgress(table.file, rows) };
    return await readTable(shape, stream, problems, onRow);
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    problems.refuse({ kind: 'unreadable-file', file: error.file, line: error.line, reason: error.message });
    return undefined;
  }
};

/** Reads one optional table. An empty file counts as missing. */
const readOptional = async (
  context: Context,
  table: Table,
  onRow: (row: Row) => void,
): Promise<number | undefined> =>
  context.files.has(table.file) ? read(context, { ...table, mayBeEmpty: true }, onRow) : 0;

type Base = {
  agencies: ReadonlySet<string>;
  stops: FeedStops;
  routes: FeedRoutes;
  services: Services;
  language: string | undefined;
};

/**
 * Reads the tables that refer to no others. It reads all of them before it gives up, to report every problem at once.
 */
const readBase = async (context: Context): Promise<Base | undefined> => {
  const { files, problems, today } = context;
  const [agencies, stops, routes, services] = [
    agencyReader(problems),
    stopReader(problems),
    routeReader(problems),
    serviceReader(problems, today),
  ];
  const calendar = await readOptional(context, calendarTable, services.onCalendarRow);
  const exceptions = await readOptional(context, calendarDatesTable, services.onCalendarDatesRow);
  if (calendar === 0 && exceptions === 0) {
    const reason = 'the file is missing or empty, and so is calendar_dates.txt';
    problems.refuse({ kind: 'missing-file', file: calendarTable.file, reason });
  }
  await read(context, agencyTable, agencies.onRow);
  await read(context, stopsTable, stops.onRow);
  await read(context, routesTable, routes.onRow);
  for (const { file } of [tripsTable, stopTimesTable]) {
    if (!files.has(file)) problems.refuse({ kind: 'missing-file', file, reason: 'the file is missing' });
  }
  if (problems.count('refusal') > 0) return undefined;
  const known = agencies.finish();
  if (!known) return undefined;
  const joined = routes.finish(known);
  return {
    agencies: new Set(known.zoneOf.keys()),
    stops: stops.finish(joined.timeZone),
    routes: joined,
    services: services.finish(),
    language: known.language,
  };
};

/** `agencyLanguage` applies if feed_info.txt names no language. */
const readTranslations = async (
  context: Context,
  agencyLanguage: string | undefined,
): Promise<Translations | undefined> => {
  let language = agencyLanguage;
  const infoTable = { file: 'feed_info.txt', required: [] };
  const info = await readOptional(context, infoTable, ({ text }) => {
    if (text('feed_lang') !== '') language = feedLanguageOf(text('feed_lang'));
  });
  const translations = translationReader(context.problems);
  const read = await readOptional(context, translationsTable, translations.onRow);
  return info === undefined || read === undefined ? undefined : translations.finish(language);
};

const translated = (stops: FeedStops, translations: Translations): FeedStops => {
  if (translations.isEmpty) return stops;
  const named = [...stops.stops].map(([stopId, stop]) => {
    const names = translations.of('stops.stop_name', stopId, stop.name);
    return [stopId, { ...stop, ...(names && { names }) }] as const;
  });
  return { ...stops, stops: new Map(named) };
};

/** Reads a whole feed. Returns undefined if it cannot go on; `problems` then holds the refusals. */
export const readFeed = async (context: Context): Promise<Feed | undefined> => {
  const { problems } = context;
  const base = await readBase(context);
  if (!base) return undefined;
  const trips = tripReader(base.routes, base.services, problems);
  if ((await read(context, tripsTable, trips.onRow)) === undefined) return undefined;
  const translations = await readTranslations(context, base.language);
  if (!translations) return undefined;
  const { stops } = base;
  const stopTimes = stopTimeReader({ trips: trips.list, stops, translations, problems });
  const frequencies = frequencyReader(trips.list, problems);
  const calls = await read(context, stopTimesTable, stopTimes.onRow);
  if (calls === undefined) return undefined;
  if ((await readOptional(context, frequenciesTable, frequencies.onRow)) === undefined) return undefined;
  // Trips may call at stations, which become stops by that.
  const transfers = transferReader(stops, problems);
  if ((await readOptional(context, transfersTable, transfers.onRow)) === undefined) return undefined;
  const joined = joinTrips({
    trips: trips.list,
    stops: base.stops.stops,
    daysOf: base.services.daysOf,
    stopTimes: stopTimes.finish(calls),
    frequencies: frequencies.finish(),
    translations,
    problems,
  });
  return {
    timeZone: base.routes.timeZone,
    stops: translated(base.stops, translations),
    agencies: base.agencies,
    routes: base.routes.routes,
    firstDate: base.services.firstDate,
    services: base.services.daysOf.size,
    trips: joined,
    tripCount: trips.list.count(),
    transfers: transfers.finish(),
  };
};
