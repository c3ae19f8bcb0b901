import { closeRun } from '../../../shared/runs/close-run.ts';
import { putDelay } from '../../../shared/runs/delay-store.ts';
import { readManifest } from '../../../shared/check-ins/read-manifest.ts';
import { serviceDateSchema } from '../../../shared/platform/ids.ts';
import { runKeptUntil } from '../../../shared/bookings/kept-until.ts';
import { gateWorld, type GateWorld } from '../../support/gate-world.ts';
import { made } from '../../support/refund-world.ts';

/* What a gate without a network needs of a run: who sits where, what has ended, what is used. */

let world: GateWorld;
beforeEach(async () => {
  world = await gateWorld();
});
afterEach(() => world.stop());

test('lists tickets that are valid or used, and those that have ended, without their passengers', async () => {
  const run = await world.openRun('2026-12-05', 3);
  const orderId = await world.issued(run, [1, 2, 3]);
  const held = await world.held(run, [4], { user: 'user-4' });
  const otherRun = await world.openRun('2026-12-06', 1);
  await world.issued(otherRun, [5], { user: 'user-5' });
  const [code = ''] = await world.codesOf(orderId);
  await world.accept(await made(world.offer(orderId, 'user-1', [2])), 'user-1');
  // An offer that nobody accepts ends nothing.
  await made(world.offer(orderId, 'user-1', [3]));
  world.at(run, 0, -600);
  await world.scan(run, code);

  const { tickets, ended } = await world.manifest(run);
  expect(ended).toEqual([{ ticketId: `${orderId}-2`, state: 'refunded' }]);
  expect(tickets.map(({ ticketId }) => ticketId)).toEqual([`${orderId}-1`, `${orderId}-3`]);
  expect(tickets).toEqual([
    {
      ticketId: `${orderId}-1`,
      class: 'second',
      coach: '05',
      seat: expect.stringMatching(/^\d[A-F]$/),
      from: 'S0',
      to: 'S3',
      checkIn: expect.objectContaining({ at: world.time.now, stopId: 'S0', gateId: 'north-1' }),
    },
    expect.not.objectContaining({ checkIn: expect.anything() }),
  ]);
  expect(JSON.stringify({ tickets, ended })).not.toMatch(/旅|passenger|document|user/);
  expect(JSON.stringify(tickets)).not.toContain(held);
});

test('finds tickets that ended by several offers, each once, and in every state of the order', async () => {
  const run = await world.openRun('2026-12-05', 3);
  const orderId = await world.issued(run, [1, 2, 3, 4]);
  await made(world.offer(orderId, 'user-1'));
  world.pass(601);
  await world.accept(await made(world.offer(orderId, 'user-1', [3, 4])), 'user-1');
  await world.accept(await made(world.offer(orderId, 'user-1', [1])), 'user-1');
  await world.accept(await made(world.offer(orderId, 'user-1', [2])), 'user-1');
  const { ended, tickets } = await world.manifest(run);
  expect(ended.toSorted((a, b) => (a.ticketId < b.ticketId ? -1 : 1))).toEqual(
    [1, 2, 3, 4].map((n) => ({ ticketId: `${orderId}-${n}`, state: 'refunded' })),
  );
  expect(tickets).toEqual([]);
});

test('comes in pages, each ticket once, however many shards and offers a run has', async () => {
  const run = await world.openRun('2026-12-05', { count: 480 });
  const orders = [];
  for (let n = 0; n < 6; n += 1)
    orders.push(await world.issued(run, [3 * n, 3 * n + 1, 3 * n + 2], { user: `user-${n}` }));
  const { pages, tickets } = await world.manifest(run);
  expect(pages).toBe(3);
  expect(tickets.map(({ ticketId }) => ticketId).toSorted()).toEqual(
    orders.flatMap((orderId) => [1, 2, 3].map((n) => `${orderId}-${n}`)).toSorted(),
  );
});

test('pages of ended tickets follow each other', async () => {
  const run = await world.openRun('2026-12-05', 5);
  const orderId = await world.issued(run, [1, 2, 3]);
  for (const item of [1, 2, 3])
    await world.accept(await made(world.offer(orderId, 'user-1', [item])), 'user-1');
  const { listOffered } = await import('../../../shared/tickets/offered-store.ts');
  const first = await listOffered(world.bookings, run.runId, { after: undefined, offersMax: 2 });
  expect(first.ticketIds).toEqual([`${orderId}-1`, `${orderId}-2`]);
  const second = await listOffered(world.bookings, run.runId, { after: first.next, offersMax: 2 });
  expect(second).toEqual({ ticketIds: [`${orderId}-3`], next: undefined });
});

test('has the state, the stops and the rules of the run, and is of no run that there is not', async () => {
  const run = await world.openRun('2026-12-05', 1);
  await closeRun(world, run.runId);
  await putDelay(world.bookings, run.runId, 45);
  const page = await readManifest(world.dependencies)(run.runId, undefined);
  expect(page).toMatchObject({
    asOf: world.time.now,
    delayMinutes: 45,
    run: { state: 'closed', stops: run.stops },
    rules: { opensBefore: 'PT1H', closesBefore: 'PT3M', laterStops: true },
  });
  expect(await readManifest(world.dependencies)('G9~2026-12-05' as typeof run.runId, undefined)).toEqual({
    outcome: 'rejected',
    reason: 'not-found',
  });
});

test('what gates look at ends with the run', async () => {
  const run = await world.openRun('2026-12-05', 1);
  const orderId = await world.issued(run, [1]);
  await made(world.offer(orderId, 'user-1'));
  const { queryAll } = await import('../../../shared/platform/query-all.ts');
  const notes = await queryAll(world.bookings, `RUN#${run.runId}`, 'OFFERED#');
  expect(notes).toMatchObject([{ itemIds: ['1'], ttl: runKeptUntil(run.runId) }]);
  expect(serviceDateSchema.parse('2027-03-05')).toBe(
    new Date(Number(notes[0]?.['ttl']) * 1000).toISOString().slice(0, 10),
  );
});
