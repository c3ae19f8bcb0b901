import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { seatsKeptUntil } from '../bookings/kept-until.ts';
import { allOf } from '../platform/clauses.ts';
import { conditionally, type Item, type Table } from '../platform/dynamo.ts';
import type { Piece, Place, ShardKey } from './model.ts';
import { ownerBytes } from './owner.ts';
import { consumedPiecesMax, nameOfPiece, type Cut, type ShardState, type UnownedPiece } from './pieces.ts';
import { free, keyOf, stateOf, valueOf } from './store.ts';

/** The values of one update's unowned pieces, each once. */
const unownedValues = () => {
  const values: Record<string, Uint8Array> = {};
  const valueAt = (piece: UnownedPiece): string => {
    const value = valueOf(piece);
    const short = `:f${piece.kept === undefined ? '' : Buffer.from(value).toString('hex')}`;
    values[short] = value;
    return short;
  };
  return { values, valueAt };
};

/** The names of one update's expressions. Every name has an alias, because an expression refuses `{|}~` in a name. */
const aliases = () => {
  const names: Record<string, string> = {};
  const known = new Map<string, string>();
  const alias = (name: string): string => {
    const short = known.get(name) ?? `#${known.size}`;
    known.set(name, short);
    names[short] = name;
    return short;
  };
  return { names, alias };
};

/** The result of a try to take pieces. `lost` carries the current shard, for the next choice. */
export type HoldOutcome = { outcome: 'held' } | { outcome: 'lost'; shard: ShardState | undefined };

/**
 * T1 on a shard that exists. It succeeds only if each consumed piece still has the value that was read, free or kept, and
 * the shard is not closed. Nothing else in the shard matters, so neighbours do not disturb one another. If a seat is in
 * more pieces than one update can name, a write before it joins some of them.
 */
export const holdPieces = async (
  inventory: Table,
  shard: ShardKey,
  cuts: readonly Cut[],
  owner: Place['owner'],
): Promise<HoldOutcome> => {
  const consumed = cuts.flatMap((cut) => cut.consumed);
  const change = { owner, owned: cuts.map((cut) => cut.owned), left: cuts.flatMap((cut) => cut.left) };
  while (consumed.length > consumedPiecesMax) {
    const parts = consumed.slice(0, consumedPiecesMax);
    const whole = joinedOf(parts);
    const joined = await recut(inventory, shard, { consumed: parts, left: [whole] });
    if (joined.outcome === 'lost') return joined;
    consumed.splice(0, parts.length, whole);
  }
  return recut(inventory, shard, { ...change, consumed });
};

/** Makes one piece of neighbouring pieces of a seat. It is kept as long as any of them is. */
const joinedOf = (parts: readonly UnownedPiece[]): UnownedPiece => {
  const [first, last] = [parts[0], parts.at(-1)];
  if (
    !first ||
    !last ||
    parts.some(({ seat, from }, n) => seat !== first.seat || (n > 0 && from !== parts[n - 1]?.to))
  )
    throw new RangeError('only neighbouring pieces of one seat can be joined');
  const kept = parts
    .map((part) => part.kept ?? '')
    .sort()
    .at(-1) as UnownedPiece['kept'] | '';
  return { seat: first.seat, from: first.from, to: last.to, ...(kept && { kept }) };
};

/** The free pieces that go, and the pieces that replace them: some owned, if anybody takes a seat, the rest free. */
type Recut = { consumed: readonly UnownedPiece[]; left: readonly UnownedPiece[] } & (
  { owned: readonly Piece[]; owner: Place['owner'] } | { owned?: never; owner?: never }
);

const recut = async (inventory: Table, shard: ShardKey, change: Recut): Promise<HoldOutcome> => {
  const { names, alias } = aliases();
  const { values, valueAt } = unownedValues();
  const owned = (change.owned ?? []).map(nameOfPiece);
  const made = new Set([...owned, ...change.left.map(nameOfPiece)]);
  // A name that is both consumed and made belongs in SET only: DynamoDB refuses two actions on one attribute.
  const removed = change.consumed.map(nameOfPiece).filter((name) => !made.has(name));
  const is = (piece: UnownedPiece): string => `${alias(nameOfPiece(piece))}=${valueAt(piece)}`;
  const set = [...owned.map((name) => `${alias(name)}=:o`), ...change.left.map(is)].join(',');
  const result = await conditionally(
    inventory.client.send(
      new UpdateCommand({
        TableName: inventory.name,
        Key: { pk: keyOf(shard) },
        ConditionExpression: allOf(...change.consumed.map(is), `attribute_not_exists(${alias('closed')})`),
        UpdateExpression: `SET ${set}${removed.length > 0 ? ` REMOVE ${removed.map(alias).join(',')}` : ''}`,
        ExpressionAttributeNames: names,
        ExpressionAttributeValues: { ...values, ...(change.owner && { ':o': ownerBytes(change.owner) }) },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    ),
  );
  return result.outcome === 'written'
    ? { outcome: 'held' }
    : { outcome: 'lost', shard: result.found && stateOf(result.found) };
};

/**
 * T1 on a shard that nobody has touched: writes all its pieces at once if it is still absent. From then on, every
 * condition names existing pieces.
 */
export const holdFirstPieces = async (
  inventory: Table,
  shard: ShardKey,
  untouched: ShardState,
  cuts: readonly Cut[],
  owner: Place['owner'],
): Promise<HoldOutcome> => {
  const item: Item = { pk: keyOf(shard), ttl: seatsKeptUntil(shard.runId) };
  for (const name of untouched.pieces.keys()) item[name] = free;
  for (const cut of cuts) {
    for (const piece of cut.consumed) Reflect.deleteProperty(item, nameOfPiece(piece));
    for (const piece of cut.left) item[nameOfPiece(piece)] = free;
    item[nameOfPiece(cut.owned)] = ownerBytes(owner);
  }
  const result = await conditionally(
    inventory.client.send(
      new PutCommand({
        TableName: inventory.name,
        Item: item,
        ConditionExpression: allOf('attribute_not_exists(pk)'),
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    ),
  );
  return result.outcome === 'written'
    ? { outcome: 'held' }
    : { outcome: 'lost', shard: result.found && stateOf(result.found) };
};
