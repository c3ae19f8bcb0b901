import { randomBytes } from 'node:crypto';
import { stopIdSchema, tripIdSchema } from '../../../shared/platform/ids.ts';
import type { StopCall, Trip, Version } from '../../../shared/timetable/model.ts';
import { unpackCalls, unpackJson, unpackTrips } from '../../../shared/timetable/packed.ts';
import { versionItems, type KeptStop, type VersionRows } from '../../../shared/timetable/version-store.ts';

/** DynamoDB refuses larger items. */
const itemBytesMax = 400 * 1024;

const packedItems = (rows: Partial<VersionRows>, tripBuckets = 1) => {
  const version = { version: 'v', tripBuckets } as Version;
  const all = { stops: [], layouts: [], trips: [], callsAt: new Map(), ...rows };
  return [...versionItems(version, all)].map((item) => ({
    key: `${String(item['pk'])} ${String(item['sk'])}`,
    packed: item['packed'] as Uint8Array,
  }));
};

const expectSmall = (items: ReturnType<typeof packedItems>): void => {
  expect(items.length).toBeGreaterThan(1);
  expect(new Set(items.map(({ key }) => key)).size).toBe(items.length);
  for (const { packed } of items) expect(packed.length).toBeLessThan(itemBytesMax - 2048);
};

/** A text that cannot be compressed much. */
const text = (bytes: number): string => randomBytes(bytes).toString('base64');
const stopId = stopIdSchema.parse('A');
const call = { arrives: 0, departs: 0, boarding: true, alighting: true };

test('stops with names in many languages fill more items, none of them too large', () => {
  const stops = Array.from({ length: 1500 }, (_, n): KeptStop => {
    const names = Object.fromEntries(['de', 'en', 'fr', 'ja', 'ko', 'zh'].map((tag) => [tag, text(60)]));
    return {
      stopId: stopIdSchema.parse(`S${n}`),
      name: `S${n}`,
      code: `${n}`,
      timeZone: 'Asia/Tokyo',
      calls: 0,
      names,
    };
  });
  const items = packedItems({ stops });
  expectSmall(items);
  expect(items.flatMap(({ packed }) => unpackJson(packed))).toEqual(stops);
});

test('calls of trips that each have days of their own fill more items, none of them too large', () => {
  const calls = Array.from({ length: 2500 }, (_, n): StopCall => {
    const days = Buffer.from(randomBytes(300));
    return {
      ...call,
      tripId: tripIdSchema.parse(`T${n}`),
      name: 'T',
      layoutId: 'L',
      days,
      index: 0,
      stopCount: 2,
    };
  });
  const items = packedItems({ callsAt: new Map([[stopId, calls]]) });
  expectSmall(items);
  expect(items.flatMap(({ packed }) => unpackCalls(packed))).toEqual(calls);
});

test('long trips with headsigns of their own fill more items, none of them too large', () => {
  const trips = Array.from({ length: 30 }, (_, n): Trip => {
    const calls = Array.from({ length: 280 }, () => ({ ...call, stopId, headsign: { text: text(90) } }));
    return { tripId: tripIdSchema.parse(`T${n}`), name: 'T', layoutId: 'L', days: Buffer.of(1), calls };
  });
  const items = packedItems({ trips });
  expectSmall(items);
  expect(items.flatMap(({ packed }) => unpackTrips(packed))).toEqual(trips);
});
