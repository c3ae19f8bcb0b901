import type { Table } from '../../shared/platform/dynamo.ts';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { fareItems } from '../../shared/fares/store.ts';
import { readShards } from '../../shared/inventory/store.ts';
import { shardsOf } from '../../shared/inventory/shards.ts';
import {
  classSchema,
  runIdSchema,
  serviceDateSchema,
  stopIdSchema,
  tripIdSchema,
} from '../../shared/platform/ids.ts';
import { runSchema, type Coach, type Layout, type Run } from '../../shared/timetable/model.ts';
import { freezeRun, putSales } from '../../shared/timetable/store.ts';

const stopNames = ['北京南', '济南西', '南京南', '上海虹桥'];

/** The seats of a sample run: so many rows of five, so many seats without numbers, or coaches of class second. */
export type SampleSeats = number | { count: number } | Omit<Coach, 'class'>[];

const coachesOf = (wanted: SampleSeats): unknown[] => {
  if (Array.isArray(wanted)) return wanted.map((coach) => ({ ...coach, class: 'second' }));
  const seats =
    typeof wanted === 'number' ? { rows: wanted, firstRow: 1, letters: 'ABCDF', aisleAfter: 'C' } : wanted;
  return [{ coach: '05', class: 'second', seats }];
};

/** One run of four stops with seats of class second. */
export const sampleRun = (serviceDate: string, wanted: SampleSeats): Run => {
  const layout = { layoutId: 'test', coaches: coachesOf(wanted) };
  return runSchema.parse({
    runId: runIdSchema.parse(`G1~${serviceDate}`),
    tripId: tripIdSchema.parse('G1'),
    trip: 'G1',
    serviceDate: serviceDateSchema.parse(serviceDate),
    version: `v-${serviceDate}-${JSON.stringify(wanted)}`,
    stops: stopNames.map((name, index) => ({
      stopId: stopIdSchema.parse(`S${index}`),
      name,
      timeZone: 'Asia/Shanghai',
      arrives: `${serviceDate}T0${index + 1}:00:00.000Z`,
      departs: `${serviceDate}T0${index + 1}:05:00.000Z`,
      boarding: true,
      alighting: true,
    })),
    layout: layout as unknown as Layout,
    state: 'open',
  });
};

/** Opens the run to sale, with a fare for every pair of stops: ¥100 a segment. */
export const openSampleRun = async (
  timetable: Table,
  serviceDate: string,
  seats: SampleSeats,
): Promise<Run> => freezeSampleRun(timetable, sampleRun(serviceDate, seats));

export const freezeSampleRun = async (timetable: Table, run: Run): Promise<Run> => {
  await freezeRun(timetable, run);
  await putSales(timetable, {
    from: serviceDateSchema.parse('2026-12-01'),
    until: serviceDateSchema.parse('2027-12-31'),
  });
  const pairs = run.stops.flatMap((from, a) =>
    run.stops.slice(a + 1).map((to, b) => ({
      from: from.stopId,
      to: to.stopId,
      fares: { currency: 'CNY', byTrip: { '*': { second: (b + 1) * 10_000 } } },
    })),
  );
  for (const Item of fareItems(run.version, { pairs, rate: undefined })) {
    await timetable.client.send(new PutCommand({ TableName: timetable.name, Item }));
  }
  return run;
};

/** Every piece of the run's touched shards: `seat from-to owner|free`. */
export const piecesOfRun = async (inventory: Table, run: Run) => {
  const cls = classSchema.parse('second');
  const keys = shardsOf(run.layout, cls).map((_, shard) => ({
    runId: run.runId,
    generation: run.generation,
    class: cls,
    shard,
  }));
  const states = await readShards(inventory, keys);
  return states.flatMap((state, shard) =>
    state ? [...state.pieces.values()].map((piece) => ({ ...piece, shard })) : [],
  );
};
