import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { fareItems } from '../../shared/fares/store.ts';
import { runIdSchema, serviceDateSchema, stopIdSchema, tripIdSchema } from '../../shared/platform/ids.ts';
import { plusSeconds, type Instant } from '../../shared/platform/time.ts';
import { runSchema, type Run } from '../../shared/timetable/model.ts';
import { freezeRun, putSales } from '../../shared/timetable/store.ts';
import type { TestTables } from '../support/dynamo.ts';
import type { Seeded } from './seeded.ts';

const serviceDate = '2026-12-02';

/** A short train with hardly a seat: `coaches` cars of a few seats each, calling every hour. */
const smallRun = (
  tripId: string,
  departs: Instant,
  { stops, coaches }: { stops: number; coaches: number[] },
): Run =>
  runSchema.parse({
    runId: runIdSchema.parse(`${tripId}~${serviceDate}`),
    tripId: tripIdSchema.parse(tripId),
    trip: tripId,
    serviceDate,
    version: 'v1',
    stops: Array.from({ length: stops }, (_, index) => ({
      stopId: stopIdSchema.parse(`S${index}`),
      name: `S${index}`,
      timeZone: 'Asia/Shanghai',
      arrives: plusSeconds(departs, index * 3600 - 300),
      departs: plusSeconds(departs, index * 3600),
      boarding: true,
      alighting: true,
    })),
    layout: {
      layoutId: 'small',
      coaches: coaches.map((seats, index) => ({
        coach: String(index + 1),
        class: 'second',
        seats: Array.from({ length: seats }, (_, seat) => String(seat + 1)),
      })),
    },
    state: 'open',
  });

/** Tomorrow, or so soon that money comes when the run has left, perhaps while it is still on its way. */
const departsInSeconds = [86_400, 86_400, 1200, 3000];

/** A few runs at nearly the same time, so that their seats are fought over and their passengers' days overlap. */
export const drawTimetable = async (tables: TestTables, seed: Seeded, now: Instant): Promise<Run[]> => {
  const firstInSeconds = seed.pick(departsInSeconds);
  const runs = Array.from({ length: seed.whole(2, 5) }, (_, index) =>
    smallRun(`R${index + 1}`, plusSeconds(now, firstInSeconds + index * 9000), {
      stops: seed.whole(3, 5),
      coaches: seed.pick([[2], [4], [3, 3], [6, 2], [9]]),
    }),
  );
  const from = serviceDateSchema.parse('2026-12-01');
  await putSales(tables.timetable, { from, until: serviceDateSchema.parse('2027-12-31') });
  for (const run of runs) await freezeRun(tables.timetable, run);
  const stopIds = Array.from({ length: 5 }, (_, index) => stopIdSchema.parse(`S${index}`));
  const pairs = stopIds.flatMap((from, a) =>
    stopIds.slice(a + 1).map((to, b) => ({
      from,
      to,
      fares: { currency: 'CNY', byTrip: { '*': { second: (b + 1) * 1000 } } },
    })),
  );
  for (const Item of fareItems('v1', { pairs, rate: undefined })) {
    await tables.timetable.client.send(new PutCommand({ TableName: tables.timetable.name, Item }));
  }
  return runs;
};
