import fc from 'fast-check';
import { pieceSchema, type Owner } from '../../../shared/inventory/model.ts';
import {
  closedForGood,
  cutOf,
  gapsOf,
  nameOfPiece,
  pieceOfName,
  untouchedShard,
  type ShardState,
  type Taker,
} from '../../../shared/inventory/pieces.ts';
import { countFree, pairCount, pairIndex } from '../../../shared/inventory/rules.ts';
import { instantSchema } from '../../../shared/platform/time.ts';
import { callsMax } from '../../../shared/timetable/model.ts';

const owner = 'A'.repeat(32) as Owner;
const anybody: Taker = { now: instantSchema.parse('2026-12-01T00:00:00.000Z'), isWaitlist: false };
const stopCount = 8;
const seatCount = 3;

type Step = { take: boolean; seat: number; from: number; to: number };

const step: fc.Arbitrary<Step> = fc
  .record({
    take: fc.boolean(),
    seat: fc.nat(seatCount - 1),
    ends: fc.uniqueArray(fc.nat(stopCount - 1), { minLength: 2, maxLength: 2 }),
  })
  .map(({ take, seat, ends }) => ({ take, seat, from: Math.min(...ends), to: Math.max(...ends) }));

/** What the database would do with a hold or a release, on a copy. */
const apply = (shard: ShardState, { take, seat, from, to }: Step): ShardState => {
  const pieces = new Map(shard.pieces);
  if (take) {
    const gap = gapsOf(shard, anybody).find(
      (each) => each.seat === seat && each.from <= from && each.to >= to,
    );
    if (!gap) return shard;
    const cut = cutOf(gap, from, to);
    for (const piece of cut.consumed) pieces.delete(nameOfPiece(piece));
    for (const piece of cut.left) pieces.set(nameOfPiece(piece), { ...piece, owner: 'free' });
    pieces.set(nameOfPiece(cut.owned), { ...cut.owned, owner });
  } else {
    const held = [...pieces.values()].find((piece) => piece.seat === seat && piece.owner !== 'free');
    if (held) pieces.set(nameOfPiece(held), { ...held, owner: 'free' });
  }
  return { ...shard, pieces };
};

const afterAll = (steps: readonly Step[]): ShardState =>
  steps.reduce(apply, untouchedShard(seatCount, stopCount));

/** Which segments of a seat are taken, told the plain way. */
const taken = (shard: ShardState, seat: number): boolean[] =>
  Array.from({ length: stopCount - 1 }, (_, segment) =>
    [...shard.pieces.values()].some(
      (piece) => piece.seat === seat && piece.owner !== 'free' && piece.from <= segment && piece.to > segment,
    ),
  );

describe('pieces of a seat', () => {
  const anyPiece = fc
    .record({
      seat: fc.nat(61),
      ends: fc.uniqueArray(fc.oneof(fc.nat(callsMax - 1), fc.integer({ min: 58, max: 66 })), {
        minLength: 2,
        maxLength: 2,
      }),
    })
    .map(({ seat, ends }) => ({ seat, from: Math.min(...ends), to: Math.max(...ends) }));

  test('a piece has one name and a name one piece', () => {
    fc.assert(
      fc.property(anyPiece, (piece) => {
        expect(pieceOfName(nameOfPiece(piece))).toEqual(piece);
        expect(pieceSchema.parse(piece)).toEqual(piece);
      }),
    );
    for (const [seat, from, to] of [
      [0, 2, 2],
      [0, 3, 2],
      [62, 0, 1],
      [-1, 0, 1],
      [0, -1, 1],
      [0, 0, 310],
      [0, 309, 310],
    ] as const)
      expect(() => nameOfPiece({ seat, from, to })).toThrow(RangeError);
    for (const name of [
      'pk',
      'ttl',
      'closed',
      '',
      '0',
      '01',
      '010',
      '0!1',
      '00{',
      '0{00',
      '00{0{',
      '{001',
      '0012',
    ])
      expect(pieceOfName(name)).toBeUndefined();
  });

  test('no two pieces of a seat share a name, on the longest trip', () => {
    const names = new Set<string>();
    for (let from = 0; from < callsMax - 1; from += 1)
      for (let to = from + 1; to < callsMax; to += 1) names.add(nameOfPiece({ seat: 7, from, to }));
    expect(names.size).toBe(pairCount(callsMax));
    expect([...names].filter((name) => !/^7[0-9A-Za-z{|}~]{2,4}$/.test(name))).toEqual([]);
  });

  test('names stand in the order of their pieces', () => {
    fc.assert(
      fc.property(anyPiece, anyPiece, (a, b) => {
        const order = a.seat - b.seat || a.from - b.from || a.to - b.to;
        const [one, other] = [nameOfPiece(a), nameOfPiece(b)];
        expect(one < other ? -1 : Number(one > other)).toBe(Math.sign(order));
      }),
    );
  });

  test('what was stored while trips had sixty stops at most is called as it was', () => {
    const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
    for (let from = 0; from < 61; from += 1)
      for (let to = from + 1; to < 62; to += 1)
        expect(nameOfPiece({ seat: 49, from, to })).toBe(`n${digits[from]}${digits[to]}`);
    expect(['n0y', 'n0z', 'n0{0', 'nyz', 'nz{0', 'n{0{1', 'n{z|0', 'n|z~z'].map(pieceOfName)).toEqual(
      [
        [0, 60],
        [0, 61],
        [0, 62],
        [60, 61],
        [61, 62],
        [62, 63],
        [123, 124],
        [185, 309],
      ].map(([from, to]) => ({ seat: 49, from, to })),
    );
  });

  test('whatever is held and released, the pieces of a seat cover its line without gap or overlap', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const shard = afterAll(steps);
        for (let seat = 0; seat < seatCount; seat += 1) {
          const line = [...shard.pieces.values()]
            .filter((piece) => piece.seat === seat)
            .sort((a, b) => a.from - b.from);
          expect(line[0]?.from).toBe(0);
          expect(line.at(-1)?.to).toBe(stopCount - 1);
          line.slice(1).forEach((piece, index) => expect(piece.from).toBe(line[index]?.to));
        }
      }),
    );
  });

  test('a gap is exactly a stretch on which nobody sits, as wide as it can be', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const shard = afterAll(steps);
        const gaps = gapsOf(shard, anybody);
        for (let seat = 0; seat < seatCount; seat += 1) {
          const free = taken(shard, seat).map((each) => !each);
          const told = free.map((_, segment) =>
            gaps.some((gap) => gap.seat === seat && gap.from <= segment && gap.to > segment),
          );
          expect(told).toEqual(free);
        }
      }),
    );
  });

  test('free seats by stop pair are those that a plain count finds', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const shard = afterAll(steps);
        const counts = new Uint16Array(pairCount(stopCount));
        countFree(counts, stopCount, shard, anybody);
        const lines = Array.from({ length: seatCount }, (_, seat) => taken(shard, seat));
        for (let from = 0; from < stopCount - 1; from += 1) {
          for (let to = from + 1; to < stopCount; to += 1) {
            const plain = lines.filter((line) => !line.slice(from, to).includes(true)).length;
            expect(counts[pairIndex(stopCount, { from, to })]).toBe(plain);
          }
        }
      }),
    );
  });

  test('every stop pair has a place of its own in the matrix', () => {
    const places = new Set<number>();
    for (let from = 0; from < callsMax - 1; from += 1) {
      for (let to = from + 1; to < callsMax; to += 1) places.add(pairIndex(callsMax, { from, to }));
    }
    expect(places.size).toBe(pairCount(callsMax));
    expect(Math.max(...places)).toBe(pairCount(callsMax) - 1);
    expect(Math.min(...places)).toBe(0);
  });

  test('a closed shard has no free seat', () => {
    const counts = new Uint16Array(pairCount(stopCount));
    countFree(counts, stopCount, { ...untouchedShard(seatCount, stopCount), closed: closedForGood }, anybody);
    expect(counts.every((count) => count === 0)).toBe(true);
  });

  test('a shard that a change of its run has closed is not sold out', () => {
    const counts = new Uint16Array(pairCount(stopCount));
    countFree(counts, stopCount, { ...untouchedShard(seatCount, stopCount), closed: 3 }, anybody);
    expect(counts.every((count) => count === seatCount)).toBe(true);
  });
});
