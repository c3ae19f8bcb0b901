import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { allOf, conditionally, type Item, type Table } from '../platform/dynamo.ts';
import type { Run } from './model.ts';
import { frozenKey, packRun, runOfItem } from './store.ts';

type FrozenRun = Pick<Run, 'runId' | 'serviceDate' | 'generation'>;

type Change = {
  condition: readonly string[];
  update: string;
  names?: Record<string, string>;
  values?: Item;
};

/** Changes a frozen run. Returns the new run, or undefined if the condition failed. */
const change = async (
  timetable: Table,
  { runId, serviceDate }: Pick<Run, 'runId' | 'serviceDate'>,
  { condition, update, names, values }: Change,
): Promise<Run | undefined> => {
  let attributes: Item | undefined;
  const request = timetable.client.send(
    new UpdateCommand({
      TableName: timetable.name,
      Key: { pk: frozenKey(serviceDate), sk: runId },
      ConditionExpression: allOf(...condition),
      UpdateExpression: update,
      ...(names && { ExpressionAttributeNames: names }),
      ...(values && { ExpressionAttributeValues: values }),
      ReturnValues: 'ALL_NEW',
    }),
  );
  const result = await conditionally(
    request.then(({ Attributes }) => {
      attributes = Attributes;
    }),
  );
  return result.outcome === 'written' && attributes ? runOfItem(attributes) : undefined;
};

/** Runs that orders froze before runs could change are of the first generation. */
const isOfGeneration = ({ generation }: FrozenRun): string =>
  generation === 1
    ? 'generation = :generation OR attribute_not_exists(generation)'
    : 'generation = :generation';

/**
 * T24: begins a change of a run that is open and older than the version, or takes over a change that is under way.
 * Returns the unique number of the change; undefined if the run has changed meanwhile.
 */
export const beginChange = async (
  timetable: Table,
  run: FrozenRun,
  version: string,
): Promise<number | undefined> => {
  const changed = await change(timetable, run, {
    condition: [isOfGeneration(run), '#state = :open', '#version < :version'],
    update:
      'SET changes = if_not_exists(changes, :none) + :one, changing = if_not_exists(changes, :none) + :one',
    names: { '#state': 'state', '#version': 'version' },
    values: { ':generation': run.generation, ':open': 'open', ':version': version, ':none': 0, ':one': 1 },
  });
  return changed?.changing;
};

/**
 * T26: moves the run to a newer version, as its next generation. The caller has checked that nobody owns a piece of the
 * old generation, after this same change had closed each shard. The run stays open or closed as it was.
 */
export const flipRun = (
  timetable: Table,
  run: FrozenRun,
  changing: number,
  fresh: Run,
): Promise<Run | undefined> =>
  change(timetable, run, {
    condition: [isOfGeneration(run), 'changing = :changing'],
    update: 'SET generation = :next, #version = :version, packed = :packed REMOVE changing',
    names: { '#version': 'version' },
    values: {
      ':generation': run.generation,
      ':changing': changing,
      ':next': run.generation + 1,
      ':version': fresh.version,
      ':packed': packRun(fresh),
    },
  });

/** T27: abandons a change. Returns false if that change is not (or no longer) under way. */
export const abandonChange = async (timetable: Table, run: FrozenRun, changing: number): Promise<boolean> => {
  const changed = await change(timetable, run, {
    condition: ['changing = :changing'],
    update: 'REMOVE changing',
    values: { ':changing': changing },
  });
  return changed !== undefined;
};

/**
 * T22, the run's part: ends the sale of the run and abandons any change that is under way (T27), so that this
 * generation is the last. Returns the run in its new state; the caller closes the shards of that run.
 */
export const closeFrozenRun = (timetable: Table, run: FrozenRun): Promise<Run | undefined> =>
  change(timetable, run, {
    condition: ['attribute_exists(pk)'],
    update: 'SET #state = :closed REMOVE changing',
    names: { '#state': 'state' },
    values: { ':closed': 'closed' },
  });
