import { clause, exists, type Clause } from '../platform/clauses.ts';
import { updateIf } from '../platform/conditional-writes.ts';
import type { Item, Table } from '../platform/dynamo.ts';
import type { StopId } from '../platform/ids.ts';
import { accepted, rejected, type Outcome } from '../platform/outcome.ts';
import type { Run } from './model.ts';
import { frozenKey, packRun, runOfItem } from './store.ts';

type FrozenRun = Pick<Run, 'runId' | 'serviceDate' | 'generation'>;

type Change = {
  onlyIf: readonly Clause[];
  update: string;
  names?: Record<string, string>;
  values?: Item;
};

/** Changes a frozen run. Returns the new run; rejected if a clause failed. */
const change = async <Reason extends string>(
  timetable: Table,
  { runId, serviceDate }: Pick<Run, 'runId' | 'serviceDate'>,
  write: Change,
  refused: Reason,
): Promise<Outcome<{ run: Run }, Reason>> => {
  const key = { pk: frozenKey(serviceDate), sk: runId };
  const { outcome, item } = await updateIf(timetable, key, { ...write, returns: { written: true } });
  return outcome === 'written' && item ? accepted({ run: runOfItem(item) }) : rejected(refused);
};

/** Runs that orders froze before runs could change are of the first generation. */
const isOfGeneration = ({ generation }: FrozenRun): Clause =>
  clause(
    generation === 1
      ? 'generation = :generation OR attribute_not_exists(generation)'
      : 'generation = :generation',
    { ':generation': generation },
  );

const isOpen = clause('#state = :open', { ':open': 'open' }, { '#state': 'state' });

const isOlderThan = (version: string): Clause =>
  clause('#version < :version', { ':version': version }, { '#version': 'version' });

const isChangedBy = (changing: number): Clause => clause('changing = :changing', { ':changing': changing });

/**
 * T24: begins a change of a run that is open and older than the version, or takes over a change that is under way.
 * Returns the unique number of the change; rejected if the run has changed meanwhile.
 */
export const beginChange = async (
  timetable: Table,
  run: FrozenRun,
  version: string,
): Promise<Outcome<{ changing: number }, 'overtaken'>> => {
  const started = await change(
    timetable,
    run,
    {
      onlyIf: [isOfGeneration(run), isOpen, isOlderThan(version)],
      update:
        'SET changes = if_not_exists(changes, :none) + :one, changing = if_not_exists(changes, :none) + :one',
      values: { ':none': 0, ':one': 1 },
    },
    'overtaken',
  );
  if (started.outcome === 'rejected') return started;
  const { changing } = started.run;
  if (changing === undefined) throw new Error(`a change of ${run.runId} has no number`);
  return accepted({ changing });
};

/**
 * T26: moves the run to a newer version, as its next generation. The caller has checked that nobody owns a piece of the
 * old generation, after this same change had closed each shard. The run stays open or closed as it was.
 */
export const flipRun = (timetable: Table, run: FrozenRun, changing: number, fresh: Run) =>
  change(
    timetable,
    run,
    {
      onlyIf: [isOfGeneration(run), isChangedBy(changing)],
      update: 'SET generation = :next, #version = :version, packed = :packed REMOVE changing',
      names: { '#version': 'version' },
      values: {
        ':next': run.generation + 1,
        ':version': fresh.version,
        ':packed': packRun(fresh),
      },
    },
    'overtaken',
  );

/** T27: abandons a change. Rejected if that change is not (or no longer) under way. */
export const abandonChange = (timetable: Table, run: FrozenRun, changing: number) =>
  change(timetable, run, { onlyIf: [isChangedBy(changing)], update: 'REMOVE changing' }, 'overtaken');

/**
 * T22, the run's part: ends the sale of the run and abandons any change that is under way (T27), so that this
 * generation is the last. Returns the run in its new state; the caller closes the shards of that run.
 */
export const closeFrozenRun = (timetable: Table, run: FrozenRun) =>
  change(
    timetable,
    run,
    {
      onlyIf: [exists],
      update: 'SET #state = :closed REMOVE changing',
      names: { '#state': 'state' },
      values: { ':closed': 'closed' },
    },
    'unknown-run',
  );

/**
 * Strikes a stop from a run: it calls there no more. The mark stays when the run follows another version of the timetable.
 * Returns the run in its new state; a repetition changes nothing.
 */
export const strikeStop = async (
  timetable: Table,
  run: FrozenRun,
  stopId: StopId,
): Promise<Outcome<{ run: Run }, 'unknown-run'>> => {
  const key = { pk: frozenKey(run.serviceDate), sk: run.runId };
  const { outcome, item } = await updateIf(timetable, key, {
    onlyIf: [exists, clause('NOT contains(cancelledStops, :stopId)', { ':stopId': stopId })],
    update: 'SET cancelledStops = list_append(if_not_exists(cancelledStops, :none), :struck)',
    values: { ':none': [], ':struck': [stopId] },
    returns: { written: true, refused: true },
  });
  if (!item) return rejected('unknown-run');
  return outcome === 'written' || runOfItem(item).cancelledStops?.includes(stopId)
    ? accepted({ run: runOfItem(item) })
    : rejected('unknown-run');
};
