import { randomBytes } from 'node:crypto';
import type { PutCommandInput } from '@aws-sdk/lib-dynamodb';
import { writeAvailability } from '../../../shared/inventory/availability-store.ts';
import type { Availability } from '../../../shared/inventory/model.ts';
import { nameOfPiece } from '../../../shared/inventory/pieces.ts';
import { classesMax, pairCount } from '../../../shared/inventory/rules.ts';
import { keyOf } from '../../../shared/inventory/store.ts';
import type { Table } from '../../../shared/platform/dynamo.ts';
import { classSchema, runIdSchema } from '../../../shared/platform/ids.ts';
import { instantSchema } from '../../../shared/platform/time.ts';
import { callsMax, type RunStop } from '../../../shared/timetable/model.ts';
import { packCalls, packTrips } from '../../../shared/timetable/packed.ts';
import { packRun } from '../../../shared/timetable/store.ts';
import { sampleRun } from '../../support/sample-run.ts';

/**
 * DynamoDB takes no item above 400 KB (source: its developer guide, "Service, account, and table quotas"). What grows
 * with the number of stops is built here at its largest.
 */
const itemBytesMax = 400 * 1024;
const runId = runIdSchema.parse(`${'x'.repeat(689)}~2026-12-01`);
const longestClass = (n: number) => classSchema.parse(`c${String(n).padStart(31, '0')}`);
const now = instantSchema.parse('2026-12-01T00:00:00.000Z');

/** What an item weighs, never less than DynamoDB says: names and values, and what holds a map together. */
const bytesOf = (item: Record<string, unknown>): number =>
  Object.entries(item).reduce(
    (total, [name, value]) => total + Buffer.byteLength(name) + valueBytes(value),
    0,
  );
const valueBytes = (value: unknown): number => {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number') return 21;
  if (ArrayBuffer.isView(value)) return value.byteLength;
  if (typeof value !== 'object' || value === null) throw new TypeError(`how much is ${String(value)}?`);
  return 3 + Object.keys(value).length + bytesOf(value as Record<string, unknown>);
};

/** A shard whose seats are each sold from stop to stop. */
const soldToPieces = (stops: number, seats = 50): number => {
  const key = { runId, generation: 99_999, class: longestClass(1), shard: 9999 };
  const item: Record<string, unknown> = {
    pk: keyOf(key),
    ttl: 1_800_000_000,
    closed: Number.MAX_SAFE_INTEGER,
  };
  for (let seat = 0; seat < seats; seat += 1)
    for (let from = 0; from < stops - 1; from += 1)
      item[nameOfPiece({ seat, from, to: from + 1 })] = new Uint8Array(24);
  return bytesOf(item);
};

test('a shard of the longest trip fits into an item, whatever is sold of it', () => {
  expect(soldToPieces(callsMax)).toBeLessThanOrEqual(itemBytesMax);
  // And the bound is near the truth: a tenth more would not.
  expect(soldToPieces(Math.ceil(callsMax * 1.1))).toBeGreaterThan(itemBytesMax);
});

test('a trip of sixty stops weighs what it always did: three characters and an owner a piece', () => {
  expect(soldToPieces(60, 50) - soldToPieces(60, 49)).toBe(59 * (3 + 24));
});

const storedView = async (stopCount: number, classes: number, counts: Uint16Array) => {
  const sent: PutCommandInput[] = [];
  const send = (command: { input: PutCommandInput }) => Promise.resolve(sent.push(command.input));
  const table: Table = { name: 'Availability', client: { send } as unknown as Table['client'] };
  const free = Object.fromEntries(Array.from({ length: classes }, (_, n) => [longestClass(n), counts]));
  const view: Availability = {
    runId,
    asOf: now,
    generation: 99_999,
    version: 999_999,
    feedVersion: '01KBZ5Q7W8XN3V4M5T6R7S8P9A',
    stopCount,
    free,
    perhaps: { until: now, free },
    later: { from: now, free },
    countClaimedAt: now,
  };
  await writeAvailability(table, view);
  return bytesOf(sent[0]!.Item!);
};
/** Counts that no compression shortens. */
const anyCounts = (stopCount: number): Uint16Array => {
  const bytes = randomBytes(2 * pairCount(stopCount));
  return Uint16Array.from({ length: bytes.length / 2 }, (_, n) => bytes.readUInt16BE(2 * n));
};

test.each([2, 30, 60, 61, 130, 200, callsMax])(
  'the view of a run of %i stops fits into an item, whatever is counted, with the classes it may have',
  async (stopCount) => {
    const classes = Math.min(64, classesMax(stopCount));
    expect(classes).toBeGreaterThanOrEqual(2);
    expect(await storedView(stopCount, classes, anyCounts(stopCount))).toBeLessThanOrEqual(itemBytesMax);
  },
);

test('one class more might not', async () => {
  expect(await storedView(callsMax, classesMax(callsMax) + 1, anyCounts(callsMax))).toBeGreaterThan(
    itemBytesMax,
  );
});

test('the view of a long run is compressed, that of a short one is not', async () => {
  const counts = (stopCount: number) => new Uint16Array(pairCount(stopCount)).fill(1000);
  expect(await storedView(60, 1, counts(60))).toBeGreaterThan(4 * pairCount(60));
  expect(await storedView(130, 1, counts(130))).toBeLessThan(2000);
});

const longRun = () => {
  const run = sampleRun('2026-12-02', 18);
  const stops = Array.from({ length: callsMax }, (_, n): RunStop => ({
    ...run.stops[0]!,
    stopId: `${randomBytes(15).toString('hex')}-${n}` as RunStop['stopId'],
    name: `Halt ${n} ${randomBytes(30).toString('hex')}`,
  }));
  return { ...run, stops };
};

test('the longest run, frozen, takes a small part of an item', () => {
  expect(packRun(longRun()).length).toBeLessThan(itemBytesMax / 10);
});

test('so do a bucket of its trips and the calls of one stop', () => {
  const call = (n: number) => ({
    arrives: n * 97,
    departs: n * 97 + 31,
    boarding: true,
    alighting: n % 3 > 0,
    metres: n * 4321,
  });
  const trip = (n: number) => ({
    tripId: `${randomBytes(15).toString('hex')}-${n}` as never,
    name: `T${n}`,
    layoutId: 'standard',
    days: new Uint8Array(50),
    calls: longRun().stops.map(({ stopId }, at) => ({ stopId, ...call(n + at) })),
  });
  expect(packTrips(Array.from({ length: 12 }, (_, n) => trip(n))).length).toBeLessThan(itemBytesMax / 2);
  const { calls: _calls, ...ofTrip } = trip(0);
  const calls = Array.from({ length: 3000 }, (_, n) => ({
    ...ofTrip,
    tripId: randomBytes(15).toString('hex') as never,
    ...call(n),
    index: n % callsMax,
    stopCount: callsMax,
  }));
  expect(packCalls(calls).length).toBeLessThan(itemBytesMax / 2);
});
