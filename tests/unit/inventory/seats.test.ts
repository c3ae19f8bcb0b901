import { chooseSeats, compareChoices } from '../../../shared/inventory/choose-seats.ts';
import type { Owner } from '../../../shared/inventory/model.ts';
import { nameOfPiece, untouchedShard, type ShardState } from '../../../shared/inventory/pieces.ts';
import { classesOf, seatCountOf, shardsOf } from '../../../shared/inventory/shards.ts';
import { ownerBytes, ownerFromBytes, ownerOf, sameOrder, takenAt } from '../../../shared/inventory/owner.ts';
import { classSchema, orderIdSchema } from '../../../shared/platform/ids.ts';
import { instantSchema } from '../../../shared/platform/time.ts';
import { layoutSchema } from '../../../shared/timetable/model.ts';

const layout = layoutSchema.parse({
  layoutId: 'test',
  coaches: [
    { coach: '01', class: 'first', seats: { rows: 4, letters: 'ACDF', aisleAfter: 'C' } },
    { coach: '02', class: 'second', seats: { rows: 17, letters: 'ABCDF', aisleAfter: 'C' } },
    { coach: '03', class: 'second', seats: ['1', '2', '3'] },
  ],
});
const second = classSchema.parse('second');
const anybody = { now: instantSchema.parse('2026-12-01T00:00:00.000Z'), isWaitlist: false };
const first = classSchema.parse('first');
const stretch = { from: 1, to: 3 };
const shards = shardsOf(layout, second);

describe('shards', () => {
  test('hold every seat of a class once, at most fifty of them, never of two coaches', () => {
    expect(shards.map((shard) => shard.length)).toEqual([45, 40, 3]);
    const names = shards.flat().map(({ coach, seat }) => `${coach} ${seat}`);
    expect(new Set(names).size).toBe(17 * 5 + 3);
    for (const shard of shards) {
      expect(new Set(shard.map(({ coach }) => coach)).size).toBe(1);
      expect(shard.map(({ index }) => index)).toEqual(shard.map((_, index) => index));
    }
    expect(seatCountOf(layout, first)).toBe(16);
    expect(classesOf(layout)).toEqual(['first', 'second']);
  });

  test('of seats without numbers have as many as there are, each of its own', () => {
    const open = layoutSchema.parse({
      layoutId: 'open',
      coaches: [{ coach: '07', class: 'second', seats: { count: 120 } }],
    });
    const groups = shardsOf(open, second);
    expect(groups.map((shard) => shard.length)).toEqual([40, 40, 40]);
    expect(new Set(groups.flat().map(({ seat }) => seat))).toEqual(new Set(['']));
    expect(new Set(groups.flat().map(({ position }) => position)).size).toBe(120);
  });

  test('know their windows and aisles', () => {
    const row = shards[0]!.slice(0, 5);
    expect(row.filter(({ window }) => window).map(({ seat }) => seat)).toEqual(['1A', '1F']);
    expect(row.filter(({ aisle }) => aisle).map(({ seat }) => seat)).toEqual(['1C', '1D']);
  });
});

describe('the choice of seats', () => {
  const untouched = untouchedShard(45, 5);
  const names = (party: number, wishes = {}, shard: ShardState = untouched, random = Math.random) =>
    chooseSeats(shard, shards[0]!, { stretch, party, wishes, taker: anybody }, random).map(
      ({ seat }) => seat,
    );

  test('a party sits side by side in one row', () => {
    for (let round = 0; round < 50; round += 1) {
      const chosen = names(3);
      expect(new Set(chosen.map(({ row }) => row)).size).toBe(1);
      const positions = chosen.map(({ position }) => position).toSorted((a, b) => a - b);
      expect(positions[2]! - positions[0]!).toBe(2);
    }
  });

  test('a party that is too large for a row sits in rows that follow each other', () => {
    for (let round = 0; round < 50; round += 1) {
      const positions = names(9).map(({ position }) => position);
      expect(new Set(positions).size).toBe(9);
      expect(Math.max(...positions) - Math.min(...positions)).toBeLessThan(9);
    }
  });

  test('wishes are met where they can be, and keep nobody from a seat where they cannot', () => {
    for (let round = 0; round < 30; round += 1) {
      expect(names(1, { letters: ['F'] })[0]?.letter).toBe('F');
      expect(names(1, { position: 'aisle' })[0]?.aisle).toBe(true);
      expect(names(2, { letters: ['A'] }).map(({ letter }) => letter)).toContain('A');
    }
    expect(names(1, { letters: ['E'] })).toHaveLength(1);
  });

  test('a seat that is free for just this stretch is taken before one that is free all the way', () => {
    const pieces = new Map(untouched.pieces);
    pieces.delete(nameOfPiece({ seat: 7, from: 0, to: 4 }));
    const other = ownerOf(
      orderIdSchema.parse('01ARZ3NDEKTSV4RRFFQ69G5FAV'),
      Buffer.alloc(4),
      instantSchema.parse('2026-12-01T00:00:00.000Z'),
    );
    for (const [from, to, owner] of [
      [0, 1, other],
      [1, 3, 'free'],
      [3, 4, other],
    ] as [number, number, Owner | 'free'][]) {
      pieces.set(nameOfPiece({ seat: 7, from, to }), { seat: 7, from, to, owner });
    }
    expect(names(1, {}, { closed: undefined, pieces })[0]?.index).toBe(7);
  });

  test('buyers spread over seats that are equally good', () => {
    const seen = new Set(Array.from({ length: 200 }, () => names(1)[0]?.index));
    expect(seen.size).toBeGreaterThan(30);
  });

  test('of two shards the one that seats a party together is better, then the one that fits tighter', () => {
    const choice = (party: number, shard: ShardState) =>
      chooseSeats(shard, shards[0]!, { stretch, party, wishes: {}, taker: anybody }, Math.random);
    const free = (...pieces: { seat: number; from: number; to: number }[]): ShardState => ({
      closed: undefined,
      pieces: new Map(pieces.map((piece) => [nameOfPiece(piece), { ...piece, owner: 'free' }])),
    });
    const tight = choice(1, free({ seat: 0, from: 1, to: 3 }));
    const wide = choice(1, free({ seat: 0, from: 0, to: 4 }));
    expect(compareChoices(tight, wide, {})).toBeLessThan(0);
    expect(compareChoices(wide, tight, {})).toBeGreaterThan(0);
    expect(compareChoices(tight, tight, {})).toBe(0);

    const apart = choice(2, free({ seat: 0, from: 1, to: 3 }, { seat: 7, from: 1, to: 3 }));
    const together = choice(2, free({ seat: 0, from: 0, to: 4 }, { seat: 1, from: 0, to: 4 }));
    expect(compareChoices(together, apart, {})).toBeLessThan(0);
    expect(compareChoices(together, apart, { adjacent: false })).toBeGreaterThan(0);
  });

  test('nothing is chosen where the party does not fit, or the shard is closed', () => {
    expect(names(46)).toEqual([]);
    expect(names(1, {}, { ...untouched, closed: 1 })).toEqual([]);
  });
});

describe('an owner', () => {
  const orderId = orderIdSchema.parse('01ARZ3NDEKTSV4RRFFQ69G5FAV');
  const now = instantSchema.parse('2026-12-01T08:09:10.123Z');
  const owner = ownerOf(orderId, Buffer.from([1, 2, 3, 4]), now);

  test('is 24 bytes that come back the same', () => {
    expect(ownerBytes(owner)).toHaveLength(24);
    expect(ownerFromBytes(ownerBytes(owner))).toBe(owner);
    expect(takenAt(owner)).toBe('2026-12-01T08:09:10.000Z');
  });

  test('differs from another try of its order, and is still known as that order’s', () => {
    const again = ownerOf(orderId, Buffer.from([1, 2, 3, 5]), now);
    const other = ownerOf(orderIdSchema.parse('01ARZ3NDEKTSV4RRFFQ69G5FAW'), Buffer.from([1, 2, 3, 4]), now);
    expect(again).not.toBe(owner);
    expect(sameOrder(owner, again)).toBe(true);
    expect(sameOrder(owner, other)).toBe(false);
  });
});
