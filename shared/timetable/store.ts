import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { readAll } from '../platform/batch-read.ts';
import { clause, expressionsOf, isAbsent, type Clause } from '../platform/clauses.ts';
import { putIf } from '../platform/conditional-writes.ts';
import { writeTogether, type Item, type Table } from '../platform/dynamo.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import type { RunId, ServiceDate, StopId } from '../platform/ids.ts';
import { runKeptUntil } from '../bookings/kept-until.ts';
import { queryAll } from '../platform/query-all.ts';
import { keptVersionItem, type KeptVersion } from './kept-versions-store.ts';
import { runSchema, salesSchema, versionSchema, type Run, type Sales, type Version } from './model.ts';
import { packedBytes, packJson, unpackJson } from './packed.ts';
import { runOf, runsOn } from './rules.ts';
import { parseRunId } from './run-id.ts';
import { readLayouts, readStops, readTrip } from './version-store.ts';

/*
 * Table `Timetable`, the items that change (version-store.ts keeps the rows of versions, which never change):
 *   timetable       version | sales    what is in force, and the dates on sale
 *   frozen#<date>   <runId>            runs that an order has touched, as they are sold (change-store.ts)
 */
const stateKey = 'timetable';
export const frozenKey = (date: ServiceDate): string => `frozen#${date}`;

export type TimetableState = { version: Version | undefined; sales: Sales | undefined };

/** Every search needs this one key: each process reads it at most once a second. */
const stateAgeMaxMilliseconds = 1000;
const states = new WeakMap<
  Table['client'],
  Map<string, { readAt: number; state: Promise<TimetableState> }>
>();

const forgetState = (timetable: Table): void => {
  states.get(timetable.client)?.delete(timetable.name);
};

const readStateAfresh = async (timetable: Table): Promise<TimetableState> => {
  const items = await queryAll(timetable, stateKey, '', { consistent: true });
  const [sales, version] = ['sales', 'version'].map((sk) => items.find((item) => item['sk'] === sk));
  return { version: version && versionSchema.parse(version), sales: sales && salesSchema.parse(sales) };
};

/** The version in force and the dates on sale, up to a second old; `afresh` reads them now. */
export const readState = (timetable: Table, { afresh = false } = {}): Promise<TimetableState> => {
  if (afresh) forgetState(timetable);
  const ofClient = states.get(timetable.client) ?? new Map<string, never>();
  states.set(timetable.client, ofClient);
  const remembered = ofClient.get(timetable.name);
  if (remembered && performance.now() - remembered.readAt < stateAgeMaxMilliseconds) return remembered.state;
  const state = readStateAfresh(timetable);
  ofClient.set(timetable.name, { readAt: performance.now(), state });
  state.catch(() => forgetState(timetable));
  return state;
};

export const readSales = async (timetable: Table): Promise<Sales | undefined> =>
  (await readState(timetable)).sales;

const isNewest = (version: string): Clause =>
  clause(
    'attribute_not_exists(pk) OR #version <= :version',
    { ':version': version },
    { '#version': 'version' },
  );

/** `replaced`: the version in force that the caller has seen, if any. The same write twice is no refusal. */
const replaces = (version: string, replaced: string | undefined): Clause =>
  replaced === undefined
    ? clause(
        'attribute_not_exists(pk) OR #version = :version',
        { ':version': version },
        { '#version': 'version' },
      )
    : clause(
        '#version = :replaced OR #version = :version',
        { ':version': version, ':replaced': replaced },
        { '#version': 'version' },
      );

/** What a caller has decided: which version this one replaces, and whether to keep it for a rollback. */
export type Replacement = { replaced: string | undefined; kept?: KeptVersion };

/**
 * Puts a version in force after all its rows are written: this one write makes an import, or a rollback, happen.
 * Rejected if a newer version is in force, or, where the caller says which version it replaces, any other: frozen runs
 * follow a version that is newer than theirs, so the version in force may only become newer.
 */
export const putVersion = async (
  timetable: Table,
  version: Version,
  replacement?: Replacement,
): Promise<Outcome<object, 'newer-in-force'>> => {
  const item = { ...versionSchema.parse(version), pk: stateKey, sk: 'version' };
  const onlyIf = [
    isNewest(version.version),
    ...(replacement ? [replaces(version.version, replacement.replaced)] : []),
  ];
  const outcome = replacement?.kept
    ? await putTogether(timetable, item, onlyIf, keptVersionItem(replacement.kept))
    : (await putIf(timetable, item, { onlyIf })).outcome;
  forgetState(timetable);
  return outcome === 'written' ? accepted({}) : rejected('newer-in-force');
};

/** A version is kept if and only if it has come into force. */
const putTogether = async (
  { client, name: TableName }: Table,
  inForce: Item,
  onlyIf: readonly Clause[],
  kept: Item,
): Promise<'written' | 'refused'> => {
  const { outcome } = await writeTogether(client, [
    { label: 'in-force', write: { Put: { TableName, Item: inForce, ...expressionsOf({ onlyIf }) } } },
    { label: 'kept', write: { Put: { TableName, Item: kept } } },
  ]);
  return outcome;
};

export const putSales = async (timetable: Table, sales: Sales): Promise<void> => {
  await timetable.client.send(
    new PutCommand({
      TableName: timetable.name,
      Item: { ...salesSchema.parse(sales), pk: stateKey, sk: 'sales' },
    }),
  );
  forgetState(timetable);
};

/** Writes the sale if it is still as the caller has seen it. Returns whether it was. */
export const replaceSales = async (
  timetable: Table,
  sales: Sales,
  seen: Sales | undefined,
): Promise<boolean> => {
  const item = {
    ...salesSchema.parse(sales),
    revision: (seen?.revision ?? 0) + 1,
    pk: stateKey,
    sk: 'sales',
  };
  const { outcome } = await putIf(timetable, item, { onlyIf: [isRevision(seen)] });
  forgetState(timetable);
  return outcome === 'written';
};

const isRevision = (seen: Sales | undefined): Clause => {
  if (!seen) return isAbsent;
  return seen.revision === undefined
    ? clause('attribute_not_exists(revision)')
    : clause('revision = :seen', { ':seen': seen.revision });
};

/** A run in a version, whether frozen or not; undefined if its trip does not run that day. */
export const readRunOfVersion = async (
  timetable: Table,
  version: Version,
  runId: RunId,
): Promise<Run | undefined> => {
  const parts = parseRunId(runId);
  if (!parts) return undefined;
  const { tripId, serviceDate, startTime } = parts;
  const trip = await readTrip(timetable, version, tripId, startTime);
  if (!trip || !runsOn(trip.days, version, serviceDate)) return undefined;
  const [stops, layouts] = await Promise.all([
    readStops(timetable, version),
    readLayouts(timetable, version.version),
  ]);
  return runOf({ trip, serviceDate, version, layouts, stops: stops.byId });
};

/**
 * The parts of a frozen run that change are attributes of their own, so that conditions can name them; the rest is
 * packed.
 */
export const runOfItem = (item: Item): Run => {
  const packed = unpackJson(packedBytes(item));
  const { state, generation, changing, changes, cancelledStops } = item;
  return withoutStops(
    runSchema.parse({ ...(packed as object), state, generation, changing, changes, cancelledStops }),
  );
};

/** The run as it is on sale once it does not call at some of its stops. */
const withoutStops = (run: Run): Run => {
  const { cancelledStops = [], stops } = run;
  if (cancelledStops.length === 0) return run;
  const isCancelled = (stopId: StopId) => cancelledStops.includes(stopId);
  return {
    ...run,
    stops: stops.map((stop) =>
      isCancelled(stop.stopId) ? { ...stop, boarding: false, alighting: false } : stop,
    ),
  };
};

export const packRun = (run: Run): Uint8Array => {
  const {
    state: _state,
    generation: _generation,
    changing: _changing,
    changes: _changes,
    cancelledStops: _cancelledStops,
    ...rest
  } = run;
  return packJson(rest);
};

/** The run in the state in which the first order froze it; undefined if no order has touched it. */
export const readFrozenRun = async (
  timetable: Table,
  runId: RunId,
  { consistent = false }: { consistent?: boolean } = {},
): Promise<Run | undefined> => {
  const parts = parseRunId(runId);
  if (!parts) return undefined;
  const { Item } = await timetable.client.send(
    new GetCommand({
      TableName: timetable.name,
      Key: { pk: frozenKey(parts.serviceDate), sk: runId },
      ConsistentRead: consistent,
    }),
  );
  return Item && runOfItem(Item);
};

/** Frozen runs, and the ids of those whose item is unreadable. */
export type FrozenRuns = { runs: Run[]; unreadable: { runId: RunId; why: unknown }[] };

/** An unreadable run does not hide the others. */
const frozenRunsIn = (items: readonly Item[]): FrozenRuns => {
  const found: FrozenRuns = { runs: [], unreadable: [] };
  for (const item of items) {
    try {
      found.runs.push(runOfItem(item));
    } catch (why) {
      found.unreadable.push({ runId: item['sk'] as RunId, why });
    }
  }
  return found;
};

/** Of these runs, the ones that orders have touched, as they were a moment ago. */
export const readFrozenRuns = async (timetable: Table, runIds: readonly RunId[]): Promise<FrozenRuns> => {
  const keys = [...new Set(runIds)].flatMap((runId) => {
    const parts = parseRunId(runId);
    return parts ? [{ pk: frozenKey(parts.serviceDate), sk: runId }] : [];
  });
  return frozenRunsIn(await readAll(timetable, keys));
};

/** The runs of a service date that orders have touched. */
export const readFrozenRunsOf = async (
  timetable: Table,
  date: ServiceDate,
  { consistent = false } = {},
): Promise<FrozenRuns> => frozenRunsIn(await queryAll(timetable, frozenKey(date), '', { consistent }));

/** The run that is on sale: the frozen one, or else the one of the version in force; undefined if it does not run. */
export const readRun = async (timetable: Table, runId: RunId): Promise<Run | undefined> => {
  const frozen = await readFrozenRun(timetable, runId);
  if (frozen) return frozen;
  const { version } = await readState(timetable);
  return version && readRunOfVersion(timetable, version, runId);
};

/**
 * Freezes a run under its id, once. Returns the stored run, which another order may have frozen from an earlier
 * version.
 */
export const freezeRun = async (timetable: Table, run: Run): Promise<Run> => {
  const { state, generation, changes } = runSchema.parse(run);
  const { outcome, item } = await putIf(
    timetable,
    {
      pk: frozenKey(run.serviceDate),
      sk: run.runId,
      ttl: runKeptUntil(run.runId),
      state,
      generation,
      changes,
      version: run.version,
      packed: packRun(run),
    },
    { onlyIf: [isAbsent], returns: { refused: true } },
  );
  if (outcome === 'written') return run;
  if (!item) throw new Error(`the run ${run.runId} is frozen, but the write did not return it`);
  return runOfItem(item);
};
