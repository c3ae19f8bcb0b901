import { BatchGetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { currentTemplates, withBenchTables } from '../bench/bench-tables.ts';
import { arrivalsFor, idealSale } from '../bench/demand.ts';
import { measured } from '../bench/meter.ts';
import { textOf, type BenchReport } from '../bench/report.ts';
import { runBench } from '../bench/run-bench.ts';
import { seeded } from '../bench/seeded.ts';

const smallScale = {
  seats: 10,
  segments: 5,
  manySegments: 9,
  trains: 3,
  longTrip: { seats: 2, segments: 66, longestRide: 20, atOnce: 8 },
  atOnce: 8,
  rounds: 2,
  refusals: 0,
};

describe('the benchmark', () => {
  let report: BenchReport;

  beforeAll(async () => {
    report = await runBench(smallScale, { seed: 1, say: () => undefined });
  }, 120_000);

  test('sells no seat twice and forgets none, in any of its runs', () => {
    expect(report.runs.map(({ oversold, orphaned }) => [oversold, orphaned])).toEqual(
      report.runs.map(() => [0, 0]),
    );
  });

  test('reports every figure of every run', () => {
    expect(report.runs).toHaveLength(6);
    for (const run of report.runs) {
      expect(run.bookings).toBeGreaterThan(0);
      expect(run).toEqual(
        expect.objectContaining({
          name: expect.any(String),
          bookingsPerSecond: expect.any(Number),
          p50Ms: expect.any(Number),
          p99Ms: expect.any(Number),
          failedWritesPerBooking: expect.any(Number),
          shardWcuPerBooking: expect.any(Number),
          rcuPerBooking: expect.any(Number),
          soldShare: expect.any(Number),
          idealShare: expect.any(Number),
        }),
      );
      expect(run.writesOfRefused).toBe(0);
    }
  });

  test('sells the last seat exactly once, however many want it', () => {
    expect(report.runs.at(-1)).toMatchObject({ bookings: smallScale.rounds, soldShare: 1 });
  });

  test('counts a purchase through every function, and what it is paid for', () => {
    const { purchase } = report;
    expect(purchase).toMatchObject({ transitions: 4, mails: 2, httpRequests: 3 });
    expect(purchase?.steps.every(({ requests }) => requests > 0)).toBe(true);
    expect(purchase?.dollarsPerThousand['total']).toBeGreaterThan(0);
  });

  test('can be read by a person', () => {
    expect(textOf(report)).toContain('shard WCU per booking');
  });
});

describe('the meter', () => {
  test('counts by the rules of DynamoDB: what is refused is charged for the item it met', async () => {
    await withBenchTables(await currentTemplates(), async ({ inventory: { client, name } }) => {
      const put = (pk: string, bytes: number) =>
        client.send(new PutCommand({ TableName: name, Item: { pk, v: new Uint8Array(bytes) } }));
      const write = await measured(() => put('a', 5000));
      expect(write.tally.writeUnits[name]).toBe(5);
      await put('b', 100);

      const refused = await measured(() =>
        client
          .send(
            new UpdateCommand({
              TableName: name,
              Key: { pk: 'a' },
              ConditionExpression: 'attribute_not_exists(pk)',
              UpdateExpression: 'SET w = :w',
              ExpressionAttributeValues: { ':w': 1 },
            }),
          )
          .catch(() => undefined),
      );
      expect(refused.tally).toMatchObject({
        writeUnits: { [name]: 5 },
        refusedWrites: { [name]: 1 },
        writes: 1,
      });

      const Keys = [{ pk: 'a' }, { pk: 'b' }, { pk: 'absent' }];
      const read = (ConsistentRead: boolean) =>
        measured(() =>
          client.send(new BatchGetCommand({ RequestItems: { [name]: { Keys, ConsistentRead } } })),
        );
      expect((await read(true)).tally.readUnits[name]).toBe(4);
      expect((await read(false)).tally.readUnits[name]).toBe(2);
    });
  });
});

describe('the demand', () => {
  test('is the same for the same seed, and never more than the ideal clerk can turn away', () => {
    const shape = { seats: 40, segments: 11 };
    const arrivals = arrivalsFor(shape, 1.5, seeded(7));
    expect(arrivalsFor(shape, 1.5, seeded(7))).toEqual(arrivals);
    const sold = idealSale(shape, arrivals);
    expect(sold).toBeGreaterThan(0.8 * shape.seats * shape.segments);
    expect(sold).toBeLessThanOrEqual(shape.seats * shape.segments);
  });
});
