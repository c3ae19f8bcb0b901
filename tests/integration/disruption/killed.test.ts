import type { OrderId } from '../../../shared/platform/ids.ts';
import type { Table } from '../../../shared/platform/dynamo.ts';
import type { Run } from '../../../shared/timetable/model.ts';
import { disruptionWorld, type DisruptionWorld } from '../../support/disruption-world.ts';
import { dyingAt } from '../../support/stopping-table.ts';

/* A worker that dies between any two writes, and the clean-up that goes on. */

let world: DisruptionWorld;
beforeEach(async () => {
  world = await disruptionWorld();
});
afterEach(() => world.stop());

const leaseSeconds = 60;
const days = 86_400;

const told = async (orderId: OrderId): Promise<number> => {
  const { order } = await world.stored(orderId);
  if (!order || order.state === 'void') throw new Error(`there is no order ${orderId}`);
  return order.history.filter(({ event }) => event === 'order-disrupted').length;
};

/** Two orders with tickets, one that is only held. */
const sold = async (run: Run): Promise<{ issued: OrderId[]; held: OrderId }> => ({
  issued: [
    await world.issued(run, [1, 2], { user: 'user-1' }),
    await world.issued(run, [3], { user: 'user-2' }),
  ],
  held: await world.held(run, [4], { user: 'user-3' }),
});

/** One worker that dies at its nth write. Whether it lived to its end. */
const survives = async (
  jobId: Awaited<ReturnType<DisruptionWorld['announced']>>,
  n: number,
  when: 'before' | 'after',
): Promise<boolean> => {
  const names = ['bookings', 'inventory', 'timetable'] as const;
  const dying = dyingAt(
    names.map((name) => world[name]),
    n,
    when,
  );
  const instead = Object.fromEntries(names.map((name, at) => [name, dying.tables[at]])) as Record<
    (typeof names)[number],
    Table
  >;
  const finished = world.work(jobId, instead).then(() => true);
  return Promise.race([finished, dying.death.then(() => false)]);
};

test.each(['before', 'after'] as const)(
  'at whichever write a worker dies, %s it takes effect, nothing is missed and nothing happens twice',
  async (when) => {
    for (let n = 1, lived = false; !lived; n += 1) {
      const run = await world.nextRun(1);
      const { issued, held } = await sold(run);
      const jobId = await world.announced(run);
      lived = await survives(jobId, n, when);
      world.pass(leaseSeconds);
      await world.sweep();
      world.pass(leaseSeconds);
      await world.sweep();
      expect(await world.job(jobId)).toMatchObject({ state: 'waiting' });
      await world.standing(held, 'cancelled');
      expect(await Promise.all(issued.map(told))).toEqual([1, 1]);
      for (const orderId of issued)
        for (const ticket of (await world.stored(orderId)).tickets)
          expect(ticket).toMatchObject({ state: 'issued', waiver: { jobId } });
      expect(n).toBeLessThan(60);
    }
  },
  300_000,
);

test.each(['before', 'after'] as const)(
  'at whichever write of paying back a worker dies, %s it takes effect, each ticket is paid back once',
  async (when) => {
    for (let n = 1, lived = false; !lived; n += 1) {
      const run = await world.openRun(`2026-12-${10 + n}`, 1);
      const { issued } = await sold(run);
      const jobId = await world.announced(run);
      await world.work(jobId);
      world.pass(3 * days);
      lived = await survives(jobId, n, when);
      world.pass(leaseSeconds);
      await world.sweep();
      world.pass(leaseSeconds);
      await world.sweep();
      expect(await world.job(jobId)).toMatchObject({ state: 'done' });
      for (const orderId of issued) {
        const { tickets, refunds } = await world.stored(orderId);
        expect(tickets.map(({ state }) => state)).toEqual(tickets.map(() => 'refunded'));
        expect(refunds.reduce((sum, { amount }) => sum + amount.amount, 0)).toBe(30_000 * tickets.length);
      }
      expect(await world.owned(run)).toEqual([]);
      world.time.now = '2026-12-01T00:00:00.000Z' as typeof world.time.now;
      expect(n).toBeLessThan(40);
    }
  },
  300_000,
);
