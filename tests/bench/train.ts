import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { fareItems } from '../../shared/fares/store.ts';
import type { Table } from '../../shared/platform/dynamo.ts';
import { classSchema, serviceDateSchema } from '../../shared/platform/ids.ts';
import { instantOf, instantSchema, millisecondsOf, plusDays } from '../../shared/platform/time.ts';
import { runSchema, type Run } from '../../shared/timetable/model.ts';
import { freezeRun, putSales } from '../../shared/timetable/store.ts';

export const secondClass = classSchema.parse('second');

/** When the sale takes place; the trains run the next day. It stands still: nothing here waits for a deadline. */
export const saleTime = instantSchema.parse('2026-12-01T00:00:00.000Z');
const serviceDate = '2026-12-02';
const firstDeparture = millisecondsOf(instantSchema.parse('2026-12-02T00:00:00.000Z'));

/** Rows of coaches of second class, as they stand in trains of 16: 2+3 seats a row, five of them letters ABC|DF. */
const fullCoachRows = [17, 18];

export type TrainShape = {
  seats: number;
  segments: number;
  /** From one stop to the next, 20 if absent; a kilometre takes 20 seconds. */
  minutes?: number;
  /** The version of the timetable, and of the fares: a process remembers those. */
  version?: string;
  /** No passenger goes further, in segments. */
  longestRide?: number;
};

const coachesOf = (seats: number) => {
  const coaches: { coach: string; class: string; seats: object }[] = [];
  for (let left = seats; left > 0;) {
    const coach = String(coaches.length + 1).padStart(2, '0');
    const rows = Math.min(fullCoachRows[coaches.length % fullCoachRows.length] ?? 17, Math.floor(left / 5));
    // What is not a row of five is a coach of seats by name.
    const these =
      rows > 0
        ? { rows, firstRow: 1, letters: 'ABCDF', aisleAfter: 'C' }
        : Array.from({ length: left }, (_, n) => `${n + 1}`);
    coaches.push({ coach, class: secondClass, seats: these });
    left -= rows > 0 ? rows * 5 : left;
  }
  return coaches;
};

/** The n-th train of a shape: without `minutes`, a stop every twenty minutes and 60 km. */
export const trainOf = (
  { seats, segments, minutes = 20, version = 'bench' }: TrainShape,
  number: number,
): Run =>
  runSchema.parse({
    runId: `K${number}~${serviceDate}`,
    tripId: `K${number}`,
    trip: `K${number}`,
    serviceDate,
    version,
    stops: Array.from({ length: segments + 1 }, (_, index) => ({
      stopId: `S${index}`,
      name: `站${index}`,
      timeZone: 'Asia/Shanghai',
      arrives: instantOf(firstDeparture + index * minutes * 60_000),
      departs: instantOf(firstDeparture + index * minutes * 60_000 + 6000 * minutes),
      boarding: true,
      alighting: true,
      km: index * 3 * minutes,
    })),
    layout: { layoutId: `bench-${seats}`, coaches: coachesOf(seats) },
    state: 'open',
  });

/** Puts trains on sale, with their fares. */
export const openTrains = async (timetable: Table, runs: readonly Run[]): Promise<void> => {
  const date = serviceDateSchema.parse(serviceDate);
  // The longest trains take days, and are sold at every stop.
  await putSales(timetable, { from: date, until: plusDays(date, 7) });
  const rate = { currency: 'CNY', perKilometre: 46, factors: {} };
  for (const version of new Set(runs.map((run) => run.version)))
    for (const Item of fareItems(version, { pairs: [], rate }))
      await timetable.client.send(new PutCommand({ TableName: timetable.name, Item }));
  for (const run of runs) await freezeRun(timetable, run);
};
