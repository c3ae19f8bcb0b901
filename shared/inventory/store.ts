import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { readAll } from '../platform/batch-read.ts';
import { clause, type Clause } from '../platform/clauses.ts';
import { updateIf } from '../platform/conditional-writes.ts';
import type { Item, Table } from '../platform/dynamo.ts';
import { instantOf, millisecondsOf, type Instant } from '../platform/time.ts';
import { shardKeySchema, type Owner, type Piece, type Place, type ShardKey } from './model.ts';
import { ownerBytes, ownerFromBytes } from './owner.ts';
import { nameOfPiece, pieceOfName, type ShardState, type UnownedPiece } from './pieces.ts';

/**
 * Table `Inventory`: one item per shard, key `run#class#shard` in a run's first generation and
 * `run#class#shard#generation` in a later one. Each piece of a seat is one attribute, named by `nameOfPiece`; its value
 * is one zero byte if the piece is free, five bytes if it was kept for the waitlist (a one, and the second of its release),
 * or else the 24 bytes of its owner. `closed` is a number: `ShardState`.
 */
export const free = Uint8Array.of(0);

/** The value of a piece that nobody owns. */
export const valueOf = ({ kept }: Pick<UnownedPiece, 'kept'>): Uint8Array => {
  if (kept === undefined) return free;
  const bytes = Buffer.alloc(5, 1);
  bytes.writeUInt32BE(Math.floor(millisecondsOf(kept) / 1000), 1);
  return Uint8Array.from(bytes);
};

const ownerOfValue = (value: Uint8Array): { owner: Owner | 'free'; kept?: Instant } => {
  if (value.length === 1) return { owner: 'free' };
  if (value.length !== 5) return { owner: ownerFromBytes(value) };
  return { owner: 'free', kept: instantOf(Buffer.from(value).readUInt32BE(1) * 1000) };
};

export const keyOf = ({ runId, generation, class: cls, shard }: ShardKey): string =>
  `${runId}#${cls}#${shard}${generation === 1 ? '' : `#${generation}`}`;

/** The run of a shard item, taken from its key. */
export const runOfShardKey = (key: string): string => key.slice(0, key.indexOf('#'));

/** The shard of an item, taken from its key. */
export const shardOfKey = (key: string): ShardKey => {
  const [runId, cls, shard, generation = '1'] = key.split('#');
  return shardKeySchema.parse({ runId, generation: Number(generation), class: cls, shard: Number(shard) });
};

export const stateOf = (item: Item): ShardState => {
  const pieces = new Map<string, ReturnType<ShardState['pieces']['get']> & object>();
  for (const [name, value] of Object.entries(item)) {
    const piece = pieceOfName(name);
    if (!piece || !(value instanceof Uint8Array)) continue;
    pieces.set(name, { ...piece, ...ownerOfValue(value) });
  }
  const closed = item['closed'];
  return { closed: closed === undefined ? undefined : Number(closed), pieces };
};

/** A shard in its current state; undefined if nobody has touched it yet. */
export const readShard = async (inventory: Table, shard: ShardKey): Promise<ShardState | undefined> => {
  const { Item } = await inventory.client.send(
    new GetCommand({ TableName: inventory.name, Key: { pk: keyOf(shard) }, ConsistentRead: true }),
  );
  return Item && stateOf(Item);
};

/**
 * Many shards in the order of the keys. With `consistent`, each is in its current state; without, in its state a moment
 * ago, at half the price.
 */
export const readShards = async (
  inventory: Table,
  shards: readonly ShardKey[],
  { consistent = true }: { consistent?: boolean } = {},
): Promise<(ShardState | undefined)[]> => {
  const keys = shards.map((shard) => ({ pk: keyOf(shard) }));
  const items = await readAll(inventory, keys, { consistent });
  const found = new Map(items.map((item) => [item['pk'], stateOf(item)]));
  return shards.map((shard) => found.get(keyOf(shard)));
};

const isOwnedBy = (piece: Piece, owner: Place['owner']): Clause =>
  clause('#piece = :owner', { ':owner': ownerBytes(owner) }, { '#piece': nameOfPiece(piece) });

export type OwnedPlace = Pick<Place, 'shard' | 'piece' | 'owner'>;

/**
 * T4: releases pieces of one shard, each only if it is still this owner's. It reads nothing; a refused condition means
 * that the release has already happened. If it returns, the pieces are released; it throws if the result is unknown.
 * `kept`: since when they are kept for the waitlist, if they are.
 */
export const releasePieces = async (
  inventory: Table,
  places: readonly (OwnedPlace & { kept?: Instant | undefined })[],
): Promise<void> => {
  await Promise.all(
    places.map(({ shard, piece, owner, kept }) =>
      updateIf(
        inventory,
        { pk: keyOf(shard) },
        {
          onlyIf: [isOwnedBy(piece, owner)],
          update: 'SET #piece = :free',
          values: { ':free': valueOf({ kept }) },
        },
      ),
    ),
  );
};
