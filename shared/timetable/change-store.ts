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

/** Changes a frozen run; the run as it is then, or undefined where the condition did not hold. */
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

/** What was frozen before runs could change is of the first generation. */
const isOfGeneration = ({ generation }: FrozenRun): string =>
  generation === 1
    ? 'generation = :generation OR attribute_not_exists(generation)'
    : 'generation = :generation';

/**
 * T24: begins a change of a run that is open and older than the version, and takes over one that is under way. Answers
 * the number of the change, which no other has; undefined where the run is another by now.
 */
export const beginChange = async (
  timetable: Table,
  run: FrozenRun,
  version: string,
): Promise<number | undefined> => {
  const begun = await change(timetable, run, {
    condition: [isOfGeneration(run), '#state = :open', '#version < :version'],
    update:
      'SET changes = if_not_exists(changes, :none) + :one, changing = if_not_exists(changes, :none) + :one',
    names: { '#state': 'state', '#version': 'version' },
    values: { ':generation': run.generation, ':open': 'open', ':version': version, ':none': 0, ':one': 1 },
  });
  return begun?.changing;
};

/**
 * T26: the run is from now on what a newer version has, as the next generation. The caller has seen that no piece of
 * the old one is owned, each shard after this very change had closed it. Whether it is open does not change.
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

/** T27: gives a change up. False when it is not the one under way (any more). */
export const giveUpChange = async (timetable: Table, run: FrozenRun, changing: number): Promise<boolean> => {
  const given = await change(timetable, run, {
    condition: ['changing = :changing'],
    update: 'REMOVE changing',
    values: { ':changing': changing },
  });
  return given !== undefined;
};

/**
 * T22, the run's part: it is sold no more, and a change that is under way is given up with it (T27), so that its
 * generation is the last. Answers the run as it is then, of which the shards are to be closed.
 */
export const closeFrozenRun = (timetable: Table, run: FrozenRun): Promise<Run | undefined> =>
  change(timetable, run, {
    condition: ['attribute_exists(pk)'],
    update: 'SET #state = :closed REMOVE changing',
    names: { '#state': 'state' },
    values: { ':closed': 'closed' },
  });
