import { seatsKeptUntil } from '../bookings/kept-until.ts';
import { clause, exists, isAbsent, type Clause } from '../platform/clauses.ts';
import { putIf, updateIf } from '../platform/conditional-writes.ts';
import type { Table } from '../platform/dynamo.ts';
import type { ShardKey } from './model.ts';
import { untouchedShard, type ShardState } from './pieces.ts';
import { free, keyOf, stateOf } from './store.ts';

export type ShardToClose = { key: ShardKey; seatCount: number };

/** A shard appears once and nothing deletes it: after a refusal, the next try finds a shard that was absent before. */
const attemptsMax = 3;

/**
 * T25, and T22 for a shard: the shard takes no hold from now on. If nobody has touched it, this writes it with all its
 * pieces, otherwise a hold could still be its first. Returns the shard as this or a later change closed it: from then
 * on, the number of its owned pieces only falls.
 */
export const closeShard = async (
  inventory: Table,
  { key, seatCount }: ShardToClose,
  stopCount: number,
  closed: number,
): Promise<ShardState> => {
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const state =
      (await closeTouched(inventory, key, closed)) ??
      (await putClosed(inventory, key, untouchedShard(seatCount, stopCount), closed));
    if (state) return state;
  }
  throw new Error(`the shard ${keyOf(key)} is neither present nor absent`);
};

const isClosedByNoneAfter = (closed: number): Clause =>
  clause('attribute_not_exists(closed) OR closed < :closed', { ':closed': closed });

const isClosedBy = (closed: number): Clause => clause('closed = :closed', { ':closed': closed });

/** Undefined where nobody has touched it. */
const closeTouched = async (
  inventory: Table,
  key: ShardKey,
  closed: number,
): Promise<ShardState | undefined> => {
  const { item } = await updateIf(
    inventory,
    { pk: keyOf(key) },
    {
      onlyIf: [exists, isClosedByNoneAfter(closed)],
      update: 'SET closed = :closed',
      returns: { written: true, refused: true },
    },
  );
  return item && stateOf(item);
};

/** Undefined where somebody has touched it. */
const putClosed = async (
  inventory: Table,
  key: ShardKey,
  untouched: ShardState,
  closed: number,
): Promise<ShardState | undefined> => {
  const pieces = Object.fromEntries([...untouched.pieces.keys()].map((name) => [name, free]));
  const item = { pk: keyOf(key), ttl: seatsKeptUntil(key.runId), ...pieces, closed };
  const { outcome } = await putIf(inventory, item, { onlyIf: [isAbsent] });
  return outcome === 'written' ? { ...untouched, closed } : undefined;
};

/** T28: a shard that this change closed takes holds again; a shard that another change closed does not. */
export const reopenShard = async (inventory: Table, key: ShardKey, closed: number): Promise<void> => {
  await updateIf(inventory, { pk: keyOf(key) }, { onlyIf: [isClosedBy(closed)], update: 'REMOVE closed' });
};
