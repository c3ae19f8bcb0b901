import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { fareItems } from '../../shared/fares/store.ts';
import type { Table } from '../../shared/platform/dynamo.ts';
import { classSchema, serviceDateSchema, stopIdSchema, tripIdSchema } from '../../shared/platform/ids.ts';
import { newUlid } from '../../shared/platform/random.ts';
import type { Instant } from '../../shared/platform/time.ts';
import { layoutSchema, type Version } from '../../shared/timetable/model.ts';
import { versionItems } from '../../shared/timetable/version-store.ts';

const second = classSchema.parse('second');
const timeZone = 'Asia/Shanghai';

/** The one day on which these trains run. */
export const trainDay = serviceDateSchema.parse('2026-12-02');

/** How a version has a train: from when it leaves its four stops, an hour apart, and the seats of its coaches. */
export type TrainWish = {
  leaves?: number;
  coaches?: number[];
  stops?: string[];
  fare?: number;
  isGone?: boolean;
};

/** Writes the rows of a version with one train `name`; nobody looks at them before it is in force. */
export const writeVersion = async (
  timetable: Table,
  name: string,
  wish: TrainWish,
  now: Instant,
): Promise<Version> => {
  const {
    leaves = 8,
    coaches = [3, 3],
    stops = ['S0', 'S1', 'S2', 'S3'],
    fare = 1000,
    isGone = false,
  } = wish;
  const stopIds = stops.map((stop) => stopIdSchema.parse(stop));
  const layout = layoutSchema.parse({
    layoutId: 'l',
    coaches: coaches.map((seats, index) => ({
      coach: String(index + 1),
      class: second,
      seats: Array.from({ length: seats }, (_, seat) => String(seat + 1)),
    })),
  });
  const version: Version = {
    version: newUlid(now),
    importedAt: now,
    timeZone,
    firstDate: trainDay,
    lastDate: trainDay,
    stops: stops.length,
    trips: 1,
    tripBuckets: 1,
  };
  const trip = {
    tripId: tripIdSchema.parse(isGone ? 'other' : name),
    name,
    layoutId: 'l',
    days: Uint8Array.of(1),
    calls: stopIds.map((stopId, index) => ({
      stopId,
      arrives: (leaves + index) * 3600 - 300,
      departs: (leaves + index) * 3600,
      boarding: true,
      alighting: true,
    })),
  };
  const callsAt = new Map(
    trip.calls.map(({ stopId, ...call }, index) => {
      const { calls: _calls, ...ofTrip } = trip;
      return [stopId, [{ ...ofTrip, ...call, index, stopCount: trip.calls.length }]];
    }),
  );
  const kept = stopIds.map((stopId) => ({ stopId, name: stopId, code: stopId, timeZone, calls: 1 }));
  const pairs = stopIds.flatMap((from, a) =>
    stopIds.slice(a + 1).map((to, b) => ({
      from,
      to,
      fares: { currency: 'CNY', byTrip: { '*': { second: (b + 1) * fare } } },
    })),
  );
  for (const Item of [
    ...versionItems(version, { stops: kept, layouts: [layout], trips: [trip], callsAt }),
    ...fareItems(version.version, { pairs, rate: undefined }),
  ])
    await timetable.client.send(new PutCommand({ TableName: timetable.name, Item }));
  return version;
};
