import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { readFare } from '../../shared/fares/find-fare.ts';
import { fareItems } from '../../shared/fares/store.ts';
import { classSchema, serviceDateSchema, stopIdSchema, tripIdSchema } from '../../shared/platform/ids.ts';
import { plusDays, type Instant } from '../../shared/platform/time.ts';
import {
  layoutSchema,
  type Layout,
  type Run,
  type Trip,
  type Version,
} from '../../shared/timetable/model.ts';
import { runIdOf } from '../../shared/timetable/run-id.ts';
import { freezeRun, putSales, putVersion, readRunOfVersion } from '../../shared/timetable/store.ts';
import { versionItems, type VersionRows } from '../../shared/timetable/version-store.ts';
import type { TestTables } from '../support/dynamo.ts';
import type { Seeded } from './seeded.ts';

export const simulatedDate = serviceDateSchema.parse('2026-12-01');
const timeZone = 'Asia/Shanghai';
const second = classSchema.parse('second');
const stopsMax = 5;
const stopIds = Array.from({ length: stopsMax }, (_, index) => stopIdSchema.parse(`S${index}`));

/** The simulation begins at eight in the morning there. */
const startsAtSeconds = 8 * 3600;
/** Tomorrow, or so soon that money comes when the run has left, perhaps while it is still on its way. */
const departsInSeconds = [86_400, 86_400, 1200, 3000];

/** What processes remember of a version they remember for good: no two worlds may have one of the same name. */
let worlds = 0;

/** Hardly a seat in any of them. */
const layouts: Layout[] = [[2], [4], [3, 3], [6, 2], [9]].map((coaches, n) =>
  layoutSchema.parse({
    layoutId: `small-${n}`,
    coaches: coaches.map((seats, index) => ({
      coach: String(index + 1),
      class: second,
      seats: Array.from({ length: seats }, (_, seat) => String(seat + 1)),
    })),
  }),
);

/** How many stops a long trip passes after each of its stops: the next ones are 62, 64, 102 and 131. */
const passedStops = [61, 1, 37, 28];
const passedStop = stopIdSchema.parse('P');

/** The same trip with stops in between at which nobody boards or alights. */
const madeLong = (trip: Trip): Trip => ({
  ...trip,
  calls: trip.calls.flatMap((call, index) => {
    const { departs } = call;
    const passed = { stopId: passedStop, arrives: departs, departs, boarding: false, alighting: false };
    const count = index < trip.calls.length - 1 ? (passedStops[index] ?? 0) : 0;
    return [call, ...Array.from({ length: count }, () => passed)];
  }),
});

/** A short train that calls every hour. */
const drawTrip = (seed: Seeded, name: string, departs: number): Trip => ({
  tripId: tripIdSchema.parse(name),
  name,
  layoutId: seed.pick(layouts).layoutId,
  days: Uint8Array.of(1),
  calls: Array.from({ length: seed.whole(3, stopsMax) }, (_, index) => ({
    stopId: stopIds[index]!,
    arrives: departs + index * 3600 - 300,
    departs: departs + index * 3600,
    boarding: true,
    alighting: true,
  })),
});

/** What a newer version says of a trip: the same, other times, other stops or seats, or nothing any more. */
const drawChange = (seed: Seeded, trip: Trip): Trip[] => {
  const { departs } = trip.calls[0]!;
  if (seed.happens(0.2)) return [trip];
  if (seed.happens(0.1)) return [];
  const other = drawTrip(seed, trip.name, departs + seed.whole(-30, 30) * 60);
  return [seed.happens(0.3) ? { ...other, layoutId: trip.layoutId } : other];
};

type Drawn = { longTrips: boolean; families: boolean };

/** The first seat of each coach is for people with special needs. */
const markedLayouts = layouts.map((layout) => ({
  ...layout,
  coaches: layout.coaches.map((coach) => ({ ...coach, specialNeeds: ['1'] })),
}));

const rowsOf = (trips: readonly Trip[], families: boolean): VersionRows => ({
  stops: [...stopIds, passedStop].map((stopId) => ({
    stopId,
    name: stopId,
    code: stopId,
    timeZone,
    calls: 1,
  })),
  layouts: families ? markedLayouts : layouts,
  trips,
  callsAt: new Map(),
});

/**
 * A few runs at nearly the same time, so that their seats are fought over and their passengers' days overlap; and
 * newer versions of them, whose rows are there before anybody looks, as an import writes them.
 */
export const drawTimetable = async (
  { timetable }: TestTables,
  { scheduler: { seed }, drawn }: { scheduler: { seed: Seeded }; drawn: Drawn },
  now: Instant,
) => {
  const world = (worlds += 1);
  const firstInSeconds = seed.pick(departsInSeconds);
  const first = Array.from({ length: seed.whole(2, 5) }, (_, index) =>
    drawTrip(seed, `R${index + 1}`, startsAtSeconds + firstInSeconds + index * 9000),
  );
  const runIds = first.map(({ tripId }) => runIdOf(tripId, simulatedDate));
  let trips = first;
  let versions = 0;

  const writeVersion = async (): Promise<Version> => {
    versions += 1;
    const version: Version = {
      version: `w${world}-${String(versions).padStart(4, '0')}`,
      importedAt: now,
      timeZone,
      firstDate: simulatedDate,
      lastDate: simulatedDate,
      stops: stopsMax,
      trips: trips.length,
      tripBuckets: 1,
    };
    const pairs = faresOf(versions);
    const items = [
      ...versionItems(version, rowsOf(drawn.longTrips ? trips.map(madeLong) : trips, drawn.families)),
      ...fareItems(version.version, { pairs, rate: undefined }),
    ];
    for (const Item of items)
      await timetable.client.send(new PutCommand({ TableName: timetable.name, Item }));
    // Remembered from here on: an actor that dies while it reads must not take the answer with it from all others.
    for (const runId of runIds) await readRunOfVersion(timetable, version, runId);
    const stops = stopIds.map((stopId) => ({ stopId }));
    for (const { from, to } of stretches())
      await readFare(
        timetable,
        { tripId: first[0]!.tripId, version: version.version, stops: stops as Run['stops'] },
        { from, to },
        second,
      );
    return version;
  };

  const version = await writeVersion();
  await putVersion(timetable, version);
  await putSales(timetable, {
    from: serviceDateSchema.parse('2026-12-01'),
    // Trains of this service date leave until the evening after it.
    until: plusDays(simulatedDate, 1),
  });
  const runs: Run[] = [];
  for (const runId of runIds) {
    const run = (await readRunOfVersion(timetable, version, runId)) as Run;
    if (seed.happens(0.5)) await freezeRun(timetable, run);
    runs.push(run);
  }
  return {
    runs,
    /** The rows of the next version: it is in force when somebody puts it so. */
    nextVersion: (): Promise<Version> => {
      trips = first.flatMap((trip) => drawChange(seed, trips.find(({ name }) => name === trip.name) ?? trip));
      return writeVersion();
    },
  };
};

/** Each version has other fares. */
const faresOf = (version: number) =>
  stopIds.flatMap((from, a) =>
    stopIds.slice(a + 1).map((to, b) => ({
      from,
      to,
      fares: { currency: 'CNY', byTrip: { '*': { second: (b + 1) * 1000 + version } } },
    })),
  );

const stretches = () =>
  stopIds.flatMap((_, from) => stopIds.slice(from + 1).map((_to, more) => ({ from, to: from + 1 + more })));
