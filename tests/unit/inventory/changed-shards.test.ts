import { changedRuns, takenPieces } from '../../../shared/inventory/changed-shards.ts';
import { ownerBytes, ownerOf } from '../../../shared/inventory/owner.ts';
import { orderIdSchema } from '../../../shared/platform/ids.ts';
import type { StreamRecord } from '../../../shared/platform/stream-records.ts';
import { instantSchema } from '../../../shared/platform/time.ts';

const free = Uint8Array.of(0);
const owner = ownerOf(
  orderIdSchema.parse('01KBZ5Q7W8XN3V4M5T6R7S8P9A'),
  Buffer.from([1, 2, 3, 4]),
  instantSchema.parse('2026-12-01T00:00:00.000Z'),
);
const taken = ownerBytes(owner);
const key = 'G1~2026-12-01#second#0';
const change = (oldImage: object | undefined, newImage: object | undefined, pk = key): StreamRecord => ({
  eventName: newImage ? (oldImage ? 'MODIFY' : 'INSERT') : 'REMOVE',
  keys: { pk },
  ...(newImage && { newImage: { pk, ...newImage } }),
  ...(oldImage && { oldImage: { pk, ...oldImage } }),
  sequenceNumber: '1',
});

test('a run whose shard was deleted in the end is not counted any more', () => {
  expect(changedRuns([change({ '003': taken }, undefined)])).toEqual([]);
  expect(
    changedRuns([change({ '003': free }, { '003': taken }), change(undefined, { '013': free })]),
  ).toEqual(['G1~2026-12-01']);
});

test('what was taken is told once, and not what was given back, sold before, or deleted', () => {
  const piece = { shard: { runId: 'G1~2026-12-01', generation: 1, class: 'second', shard: 0 }, owner };
  expect(takenPieces([change(undefined, { '003': taken, '103': free })])).toEqual([
    { ...piece, piece: { seat: 0, from: 0, to: 3 } },
  ]);
  expect(takenPieces([change({ '003': taken }, { '003': taken, '103': free })])).toEqual([]);
  expect(
    takenPieces([change({ '003': free }, { '003': taken }), change({ '003': taken }, { '003': free })]),
  ).toEqual([]);
  expect(takenPieces([change({ '003': taken }, undefined)])).toEqual([]);
  expect(takenPieces([change(undefined, { '003': taken }, 'no shard')])).toEqual([]);
  expect(takenPieces([change(undefined, { '003': new Uint8Array(3) })])).toEqual([]);
});
