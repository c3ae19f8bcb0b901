import type { RunId } from '../platform/ids.ts';
import { runIdSchema } from '../platform/ids.ts';
import type { StreamRecord } from '../platform/stream-records.ts';
import type { Owner, Piece, ShardKey } from './model.ts';
import { runOfShardKey, shardOfKey, stateOf } from './store.ts';

/** Only the time to live deletes shards, long after their run: nobody needs its seats any more. */
const isChange = ({ eventName }: StreamRecord): boolean => eventName !== 'REMOVE';

/** The runs whose seats changed owner, each once. */
export const changedRuns = (records: readonly StreamRecord[]): RunId[] => [
  ...new Set(
    records.filter(isChange).map(({ keys }) => runIdSchema.parse(runOfShardKey(String(keys['pk'])))),
  ),
];

export type OwnedPiece = { shard: ShardKey; piece: Piece; owner: Owner };

/** The pieces that these records take and do not release again. */
export const takenPieces = (records: readonly StreamRecord[]): OwnedPiece[] => {
  const byShard = Map.groupBy(records.filter(isChange), ({ keys }) => String(keys['pk']));
  return [...byShard].flatMap(([pk, ofShard]) => {
    const before = ownedIn(pk, ofShard[0]?.oldImage);
    const after = ownedIn(pk, ofShard.at(-1)?.newImage);
    return [...after].flatMap(([name, piece]) => (before.get(name)?.owner === piece.owner ? [] : [piece]));
  });
};

/** An unreadable shard gives nothing to work on: the audit and the sweep report it. */
const ownedIn = (pk: string, image: Record<string, unknown> | undefined): Map<string, OwnedPiece> => {
  const owned = new Map<string, OwnedPiece>();
  if (!image) return owned;
  try {
    const shard = shardOfKey(pk);
    for (const [name, { owner, ...piece }] of stateOf(image).pieces)
      if (owner !== 'free') owned.set(name, { shard, piece, owner });
  } catch {
    owned.clear();
  }
  return owned;
};
