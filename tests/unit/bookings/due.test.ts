import * as fc from 'fast-check';
import { dueOf, dueShards } from '../../../shared/bookings/due.ts';
import { orderIdSchema } from '../../../shared/platform/ids.ts';
import { newUlid, replaceChance } from '../../../shared/platform/random.ts';
import { instantOf, type Instant } from '../../../shared/platform/time.ts';
import { ulidOfBytes } from '../../../shared/platform/ulid-bytes.ts';
import { seeded } from '../../simulation/seeded.ts';

const now = instantOf(Date.UTC(2026, 10, 25));

/** How many of these ids each shard of the index gets, in the order of the shards. */
const countsOf = (ids: readonly string[]): number[] => {
  const shards = ids.map((id) => dueOf(orderIdSchema.parse(id), now).dueShard);
  return dueShards.map((shard) => shards.filter((each) => each === shard).length);
};

const instants = fc.integer({ min: Date.UTC(2020), max: Date.UTC(2100) }).map(instantOf);

const idsOfOneMillisecond = (at: Instant, count: number): string[] =>
  Array.from({ length: count }, () => newUlid(at));

test('the sixteen letters of half an alphabet, and of the other half, take a shard each', () => {
  const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  const idsOf = (from: string) => [...from].map((letter) => `01ARZ3NDEKTSV4RRFFQ69G5FA${letter}`);
  expect(countsOf(idsOf(letters.slice(0, 16)))).toEqual(Array(16).fill(1));
  expect(countsOf(idsOf(letters.slice(16)))).toEqual(Array(16).fill(1));
});

test('orders of one millisecond, whose ids follow one another, take the shards in turn', () => {
  fc.assert(
    fc.property(instants, fc.integer({ min: 1, max: 20 }), (at, rounds) => {
      expect(countsOf(idsOfOneMillisecond(at, 16 * rounds))).toEqual(Array(16).fill(rounds));
    }),
  );
});

test('orders of many milliseconds, a rush and single ones among them, spread evenly', () => {
  const { bytes, fraction } = seeded(1);
  replaceChance({ bytes, fraction, sleep: () => Promise.resolve() });
  const ids = Array.from({ length: 4000 }, (_, n) =>
    idsOfOneMillisecond(instantOf(Date.UTC(2101) + 7 * n), (n % 7) + 1),
  ).flat();
  const counts = countsOf(ids);
  const mean = ids.length / dueShards.length;
  expect(Math.min(...counts)).toBeGreaterThan(mean * 0.9);
  expect(Math.max(...counts)).toBeLessThan(mean * 1.1);
});

test('an id has one shard, one of the index', () => {
  const ids = fc
    .uint8Array({ minLength: 16, maxLength: 16 })
    .map((bytes) => orderIdSchema.parse(ulidOfBytes(bytes)));
  fc.assert(
    fc.property(ids, (id) => {
      expect(dueShards).toContain(dueOf(id, now).dueShard);
      expect(dueOf(id, now)).toEqual(dueOf(id, now));
    }),
  );
});
