import type { Entry } from '../../../shared/entries/model.ts';
import { allocateRun } from '../../../shared/waitlist/allocate-run.ts';
import { countingTables } from '../../support/counting-table.ts';
import { waitlistWorld, type WaitlistWorld } from '../../support/waitlist-world.ts';

/* Many wait for one run, and many seats come free at once. */

const waiting = 500;
const seats = 50;

let world: WaitlistWorld;
beforeAll(async () => {
  world = await waitlistWorld();
});
afterAll(() => world.stop());

/** A call of the allocator whose requests are counted. */
const counted = async (run: Parameters<WaitlistWorld['allocate']>[0]) => {
  const { tables, sent } = countingTables({ bookings: world.bookings, inventory: world.inventory });
  const { served } = await allocateRun({ ...world.dependencies, ...tables })(run.runId);
  return { served, sent };
};

test('fifty seats go to the first fifty of five hundred, once each, and the work is bounded', async () => {
  const run = await world.openRun('2026-12-05', { count: seats });
  const orders = [];
  for (let n = 0; n < seats; n += 5) {
    const people = [0, 1, 2, 3, 4].map((each) => 5000 + n + each);
    orders.push({ orderId: await world.issued(run, people), user: `user-${people[0]}` });
  }
  const entries: Entry[] = [];
  for (let n = 0; n < waiting; n += 1) {
    entries.push(await world.waits([{ run }], [1000 + n]));
    world.pass(0.001);
  }
  for (const { orderId, user } of orders) await world.givesBack(orderId, user);

  const calls = [];
  for (let call = 0; call < 4; call += 1) calls.push(await counted(run));
  const served = calls.flatMap((call) => call.served);
  expect(served).toEqual(entries.slice(0, seats).map(({ entryId }) => entryId));
  expect(calls.map((call) => call.served.length)).toEqual([40, 10, 0, 0]);
  const [first, second, idle] = calls.map(({ sent }) => sent);
  // Per entry: the entry and the claims of its passenger, T1 and T2, the shard anew, and the ticket.
  expect([first!.length / 40, second!.length / 10].every((requests) => requests <= 8)).toBe(true);
  // Once no seat is left, nobody reads the queue.
  expect(idle!.length).toBeLessThanOrEqual(4);
  expect(await world.owned(run)).toHaveLength(seats);
  await world.expectClean(run);
}, 300_000);

test('what one fulfilment reads and writes', async () => {
  const { run, orders } = await world.soldOut('2026-12-06', 9000);
  await world.waits([{ run }], [1]);
  await world.givesBack(orders[0]!, 'user-9000');
  const { sent } = await counted(run);
  expect(sent).toMatchInlineSnapshot(`
    [
      "Update bookings",
      "BatchGet inventory",
      "Query bookings",
      "Get bookings",
      "BatchGet bookings",
      "Update inventory",
      "TransactWrite bookings",
      "TransactWrite bookings",
      "Update bookings",
    ]
  `);
});
