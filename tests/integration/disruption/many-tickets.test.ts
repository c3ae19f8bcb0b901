import { inLanes } from '../../../shared/platform/in-lanes.ts';
import type { JobId, OrderId } from '../../../shared/platform/ids.ts';
import type { Table } from '../../../shared/platform/dynamo.ts';
import type { Run } from '../../../shared/timetable/model.ts';
import { disruptionWorld, type DisruptionWorld } from '../../support/disruption-world.ts';
import { by } from '../../support/faulty-table.ts';
import { freezeSampleRun, sampleRun } from '../../support/sample-run.ts';
import { dyingAt } from '../../support/stopping-table.ts';

/*
 * A whole train in one go, with a worker that dies half-way and sales that go on meanwhile. `KEYUN_TICKETS=5000` makes it
 * a long one, and the log says what it took.
 */
jest.setTimeout(1_800_000);

const ticketsMin = Number(process.env['KEYUN_TICKETS'] ?? 150);
const parties = [1, 2, 3, 1, 9, 2];
const days = 86_400;

let world: DisruptionWorld;
beforeEach(async () => {
  world = await disruptionWorld();
});
afterEach(() => world.stop());

/** Coaches of two hundred rows, as many as the tickets need. */
const longTrain = async (): Promise<Run> => {
  const run = sampleRun('2026-12-20', 200);
  const [coach] = run.layout.coaches;
  const coaches = Array.from({ length: Math.ceil((ticketsMin * 1.1) / 1000) }, (_, at) => ({
    ...coach!,
    coach: String(at + 1),
  }));
  return freezeSampleRun(world.tables.timetable, { ...run, layout: { layoutId: 'long', coaches } });
};

const sell = async (run: Run): Promise<OrderId[]> => {
  const wishes: { people: number[]; user: string }[] = [];
  for (let next = 1; next <= ticketsMin; next += wishes.at(-1)!.people.length) {
    const size = parties[wishes.length % parties.length]!;
    wishes.push({ people: Array.from({ length: size }, (_, n) => next + n), user: `user-${wishes.length}` });
  }
  const orders: OrderId[] = [];
  await inLanes(wishes, { lanes: 16 }, async ({ people, user }) => {
    orders.push(await world.issued(run, people, { user }));
  });
  return orders;
};

/** Counts the requests of tables, and the greatest heap seen at one of them. */
const measured = () => {
  const seen = { requests: 0, heap: 0 };
  const over = (table: Table): Table =>
    by(table, (command, send) => {
      seen.requests += 1;
      if (seen.requests % 100 === 0) seen.heap = Math.max(seen.heap, process.memoryUsage().heapUsed);
      return send(command);
    });
  const { bookings, inventory, timetable } = world;
  return {
    seen,
    instead: { bookings: over(bookings), inventory: over(inventory), timetable: over(timetable) },
  };
};

const report = (what: string, seen: { requests: number; heap: number }, since: number): void => {
  const seconds = ((performance.now() - since) / 1000).toFixed(1);
  const megabytes = Math.round(seen.heap / 1e6);
  if (process.env['KEYUN_TICKETS'] !== undefined)
    process.stderr.write(`${what}: ${seconds} s, ${seen.requests} requests, ${megabytes} MB of heap\n`);
};

/** Works until the job is in this state, and is killed once on the way. */
const workKilled = async (what: string, jobId: JobId, until: string, diesAt: number): Promise<void> => {
  const since = performance.now();
  const { seen, instead } = measured();
  const { tables, death } = dyingAt([instead.bookings], diesAt, 'after');
  await Promise.race([world.work(jobId, { ...instead, bookings: tables[0]! }), death]);
  expect((await world.job(jobId)).state).not.toBe(until);
  world.pass(60);
  for (let turn = 0; (await world.job(jobId)).state !== until && turn < 10; turn += 1) {
    await world.work(jobId, instead);
    world.pass(20);
  }
  expect(await world.job(jobId)).toMatchObject({ state: until });
  report(what, seen, since);
};

test('a whole train, killed half-way and resumed: nothing twice, nothing missed', async () => {
  const run = await longTrain();
  const orders = await sell(run);
  const jobId = await world.announced(run);
  await workKilled('waived and told', jobId, 'waiting', Math.floor(orders.length / 2));
  let tickets = 0;
  await inLanes(orders, { lanes: 16 }, async (orderId) => {
    const stored = await world.stored(orderId);
    const { order } = stored;
    tickets += stored.tickets.length;
    expect(stored.tickets.map((ticket) => ticket.state === 'issued' && ticket.waiver?.jobId)).toEqual(
      stored.tickets.map(() => jobId),
    );
    const told = order && order.state !== 'void' ? order.history : [];
    expect(told.filter(({ event }) => event === 'order-disrupted')).toHaveLength(1);
  });
  expect(await world.job(jobId)).toMatchObject({ progress: { waived: tickets, refunded: 0 } });

  world.pass(3 * days);
  await workKilled('paid back', jobId, 'done', orders.length);
  await inLanes(orders, { lanes: 16 }, async (orderId) => {
    const stored = await world.stored(orderId);
    expect(stored.tickets.map(({ state }) => state)).toEqual(stored.tickets.map(() => 'refunded'));
    const back = stored.refunds.reduce((sum, { amount }) => sum + amount.amount, 0);
    expect(back).toBe(30_000 * stored.tickets.length);
  });
  // The seats of whom the worker had just paid back when it died are due, like all others.
  await world.sweep();
  expect(await world.owned(run)).toEqual([]);
  await world.expectClean(run);
});
