import { tripIdSchema } from '../../../shared/platform/ids.ts';
import { unpackTrips } from '../../../shared/timetable/packed.ts';
import { tripBucketsFor, versionItems } from '../../../shared/timetable/version-store.ts';
import type { Trip, Version } from '../../../shared/timetable/model.ts';

const trip = (tripId: string): Trip => ({
  tripId: tripIdSchema.parse(tripId),
  name: tripId,
  layoutId: 'standard',
  days: Uint8Array.of(1),
  calls: [],
});

/** How many trips each bucket holds that holds any. */
const bucketSizes = (trips: readonly Trip[]): number[] => {
  const version = { version: 'v', tripBuckets: tripBucketsFor(trips.length) } as Version;
  return [...versionItems(version, { stops: [], layouts: [], trips, callsAt: new Map() })].map(
    (item) => unpackTrips(item['packed'] as Uint8Array).length,
  );
};

// As carriers number their trips: one after the other, in tens, odd ones for one direction; as many buckets as a power
// of two, where a weak hash shows.
test.each([
  ['G1, G2, G3 …', (n: number) => `G${n + 1}`],
  ['G1, G3, G5 …', (n: number) => `G${2 * n + 1}`],
  ['100000, 100010 …', (n: number) => String(100_000 + 10 * n)],
  ['100, 200, 300 …', (n: number) => String(100 * (n + 1))],
  ['long ids with one end', (n: number) => `service-${n}-2026-12-01-weekday`],
])('trips %s spread over the buckets', (_, idOf) => {
  for (const buckets of [9, 16, 64, 512]) {
    const sizes = bucketSizes(Array.from({ length: 12 * buckets }, (_each, n) => trip(idOf(n))));
    expect(sizes).toHaveLength(buckets);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(30);
  }
});
