import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { holdAgain } from '../../../shared/inventory/hold-again.ts';
import { placeSchema, shardKeySchema } from '../../../shared/inventory/model.ts';
import { ownerBytes, ownerOf } from '../../../shared/inventory/owner.ts';
import type { Cut } from '../../../shared/inventory/pieces.ts';
import { untouchedShard } from '../../../shared/inventory/pieces.ts';
import { holdFirstPieces, holdPieces } from '../../../shared/inventory/hold-store.ts';
import { releasePieces } from '../../../shared/inventory/store.ts';
import type { Item } from '../../../shared/platform/dynamo.ts';
import { testTables, type TestTables } from '../../support/dynamo.ts';
import { by } from '../../support/faulty-table.ts';
import { found, newOrderId, now, put } from './stored.ts';

let tables: TestTables;
beforeAll(async () => {
  tables = await testTables();
});
afterAll(() => tables.stop());

/*
 * Attributes of a shard are written out here: `003` is seat 0 from stop 0 to stop 3, `103` the same of seat 1; one zero
 * byte is a free piece.
 */
const free = Uint8Array.of(0);
let shards = 0;
const newShard = () =>
  shardKeySchema.parse({ runId: 'G1~2026-12-20', class: 'second', shard: (shards += 1) });
const keyOf = ({ shard }: { shard: number }) => ({ pk: `G1~2026-12-20#second#${shard}` });
const stored = async (item: Item) => {
  const shard = newShard();
  await put(tables.inventory, { ...keyOf(shard), ...item });
  return shard;
};
const stands = async (shard: { shard: number }) => {
  const { pk: _pk, ...item } = (await found(tables.inventory, keyOf(shard))) ?? {};
  return item;
};

const orderId = newOrderId();
const ownerWith = (nonce: string) => ownerOf(orderId, Buffer.from(nonce, 'hex'), now);
const [mine, other] = [ownerWith('00000001'), ownerWith('00000002')];

const cutOf = (seat: number): Cut => ({
  consumed: [{ seat, from: 0, to: 3 }],
  owned: { seat, from: 1, to: 2 },
  left: [
    { seat, from: 0, to: 1 },
    { seat, from: 2, to: 3 },
  ],
});
const hold = async (shard: ReturnType<typeof newShard>, ...seats: number[]) =>
  (await holdPieces(tables.inventory, shard, seats.map(cutOf), mine)).outcome;

describe('T1, a hold on a shard that exists', () => {
  test('takes pieces that are free, whatever its neighbours are', async () => {
    const shard = await stored({ '003': free, 103: ownerBytes(other) });
    expect(await hold(shard, 0)).toBe('held');
    expect(await stands(shard)).toEqual({
      '001': free,
      '012': ownerBytes(mine),
      '023': free,
      103: ownerBytes(other),
    });
  });

  test.each([
    ['a piece is owned', { '003': ownerBytes(other), 103: free }],
    ['a piece is owned by another try of the order', { '003': ownerBytes(mine), 103: free }],
    ['the second piece is owned', { '003': free, 103: ownerBytes(other) }],
    ['a piece was cut otherwise', { '001': free, '013': free, 103: free }],
    ['the shard is closed by a change of its run', { '003': free, 103: free, closed: 1 }],
    ['the shard is closed for good', { '003': free, 103: free, closed: Number.MAX_SAFE_INTEGER }],
  ])('takes nothing where %s', async (_, item) => {
    const shard = await stored(item);
    expect(await hold(shard, 0, 1)).toBe('lost');
    expect(await stands(shard)).toEqual(item);
  });

  test('makes no shard where there is none', async () => {
    const shard = newShard();
    expect(await hold(shard, 0)).toBe('lost');
    expect(await stands(shard)).toEqual({});
  });
});

describe('T1, a hold on a shard that nobody has touched', () => {
  const first = (shard: ReturnType<typeof newShard>) =>
    holdFirstPieces(tables.inventory, shard, untouchedShard(2, 4), [cutOf(0)], mine);

  test('writes all its pieces', async () => {
    const shard = newShard();
    expect(await first(shard)).toEqual({ outcome: 'held' });
    const { ttl, ...pieces } = await stands(shard);
    expect(pieces).toEqual({ '001': free, '012': ownerBytes(mine), '023': free, 103: free });
    expect(ttl).toEqual(expect.any(Number));
  });

  test.each([
    ['is there', { '003': ownerBytes(other), 103: free }],
    ['was closed before anybody touched it', { '003': free, 103: free, closed: 1 }],
  ])('leaves a shard as it is that %s', async (_, item) => {
    const shard = await stored(item);
    expect(await first(shard)).toMatchObject({ outcome: 'lost' });
    expect(await stands(shard)).toEqual(item);
  });
});

describe('T4, a piece is given back', () => {
  const giveBack = (shard: ReturnType<typeof newShard>, owner = mine) =>
    releasePieces(tables.inventory, [{ shard, piece: { seat: 0, from: 0, to: 3 }, owner }]);

  test('by its owner alone, also where the shard is closed', async () => {
    const shard = await stored({ '003': ownerBytes(mine), closed: 1 });
    await giveBack(shard, other);
    expect(await stands(shard)).toEqual({ '003': ownerBytes(mine), closed: 1 });
    await giveBack(shard);
    expect(await stands(shard)).toEqual({ '003': free, closed: 1 });
  });

  test('and does not come to be where it was cut otherwise, or where there is no shard', async () => {
    const shard = await stored({ '001': free, '013': ownerBytes(mine) });
    await giveBack(shard);
    expect(await stands(shard)).toEqual({ '001': free, '013': ownerBytes(mine) });
    const absent = newShard();
    await giveBack(absent);
    expect(await found(tables.inventory, keyOf(absent))).toBeUndefined();
  });
});

describe('T10, the seats of an ended order', () => {
  const late = async (item: Item | undefined, inventory = tables.inventory) => {
    const shard = item ? await stored(item) : newShard();
    const piece = { seat: 0, from: 0, to: 3 };
    const place = placeSchema.parse({ shard, piece, owner: other, coach: '1', seat: '1A' });
    const outcome = await holdAgain({ inventory, clock: () => now })(orderId, [place]);
    return { outcome, shard };
  };

  test('are taken where they are free, with a new owner', async () => {
    const { outcome, shard } = await late({ '001': free, '013': free });
    expect(outcome).toMatchObject({ outcome: 'accepted' });
    const owner = outcome.outcome === 'accepted' && outcome.places[0]?.owner;
    expect(owner).not.toBe(other);
    expect(await stands(shard)).toEqual({ '003': ownerBytes(owner as typeof mine) });
  });

  const stranger = ownerOf(newOrderId(), Buffer.from('00000001', 'hex'), now);
  test.each([
    ['somebody else sits on the way', { '001': free, '013': ownerBytes(stranger) }],
    ['another try of the order has them', { '003': ownerBytes(mine) }],
    ['the shard is closed', { '003': free, closed: 1 }],
  ])('are not taken where %s', async (_, item) => {
    const { outcome, shard } = await late(item);
    expect(outcome.outcome).toBe('rejected');
    expect(await stands(shard)).toEqual(item);
  });

  test('are not taken where there is no shard, and none is made', async () => {
    const { outcome, shard } = await late(undefined);
    expect(outcome).toMatchObject({ outcome: 'rejected' });
    expect(await found(tables.inventory, keyOf(shard))).toBeUndefined();
  });

  test('are not taken where the shard is closed between the look at it and the hold', async () => {
    let closed: Item | undefined;
    const inventory = by(tables.inventory, async (command, send) => {
      if (command instanceof UpdateCommand && !closed) {
        closed = { ...command.input.Key, '003': free, closed: 1 };
        await put(tables.inventory, closed);
      }
      return send(command);
    });
    const { outcome, shard } = await late({ '003': free }, inventory);
    expect(outcome.outcome).toBe('rejected');
    expect(await stands(shard)).toEqual({ '003': free, closed: 1 });
  });
});
