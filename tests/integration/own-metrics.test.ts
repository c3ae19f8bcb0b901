import { alarmsOfTemplate } from '../infra/watched-alarms.ts';
import { assembly } from '../infra/synthesis.ts';
import { isOff, type Datapoint } from '../support/alarms/evaluate-alarm.ts';
import { pointsOfLine } from '../support/alarms/metric-lines.ts';
import { watchMetrics } from '../support/alarms/watch-metrics.ts';
import { metricLinesOfCleanUp } from '../support/clean-up-lines.ts';
import { declinedRefund } from '../support/declined-refund.ts';
import { purchaseWorld, type PurchaseWorld } from '../support/purchase-world.ts';
import type { OrderId } from '../../shared/platform/ids.ts';
import { storeTaskToken } from '../../shared/orders/marks-store.ts';

/** What the real clean-up writes, judged by the alarms of the template. It starts a process for each minute. */
jest.setTimeout(120_000);
let world: PurchaseWorld;
let points: Datapoint[];
beforeAll(() => void assembly(), 120_000);
beforeEach(async () => {
  world = await purchaseWorld();
  points = [];
});
afterEach(() => {
  jest.restoreAllMocks();
  return world.stop();
});

const alarms = () =>
  [...alarmsOfTemplate().values()].filter(({ watched }) =>
    watched.every(({ namespace }) => namespace === 'Keyun'),
  );

/** The names of the alarms on our own metrics that are off now. */
const off = (): string[] =>
  alarms()
    .filter((alarm) =>
      isOff(alarm, points, {
        now: Date.parse(world.time.now),
        nameOf: (value) => (value === 'dev' ? 'test' : String(value)),
      }),
    )
    .map(({ name }) => name.replace('Keyun-dev-', ''));

const cleanUp = async (): Promise<void> => {
  points = [...points, ...(await metricLinesOfCleanUp(world)).flatMap(pointsOfLine)];
};

const minutes = async (count: number): Promise<void> => {
  for (let n = 0; n < count; n += 1) {
    await cleanUp();
    world.pass(60);
  }
};

test('a clean-up that runs is quiet; once it stops, its alarm goes off, and ends when it runs again', async () => {
  expect(alarms().length).toBeGreaterThan(5);
  await minutes(2);
  expect(off()).toEqual([]);
  world.pass(11 * 60);
  expect(off()).toEqual(['clean-up-stopped']);
  await minutes(1);
  world.pass(120);
  expect(off()).toEqual([]);
});

test('what needs a person sets off its alarm, and nothing else', async () => {
  await declinedRefund(world, await world.openRun('2026-12-20', 2));
  world.pass(60);
  await minutes(1);
  world.pass(5 * 60);
  await minutes(1);
  world.pass(120);
  expect(off()).toEqual(['refunds-parked']);
});

/** Buyers pay, no notification tells us, and the clean-up asks. */
const paidInSilence = async (count: number): Promise<void> => {
  const run = await world.nextRun(count);
  for (let n = 0; n < count; n += 1)
    world.buyerPays(await world.pay(await world.held(run, [n + 1], { user: `user-${n}` })));
  world.pass(130);
  await world.sweep();
};

test('money of which no notification told sets off the alarm on notifications, and it ends', async () => {
  const metrics = watchMetrics();
  await paidInSilence(3);
  expect(metrics.valuesOf('FoundByAsking')).toEqual([1, 1, 1]);
  // What counts in this process names its own stage.
  points = metrics.points.map((point) => ({ ...point, dimensions: { ...point.dimensions, stage: 'test' } }));
  world.pass(60);
  expect(off()).toContain('notifications-fail-alipay');
  world.pass(1200);
  expect(off()).not.toContain('notifications-fail-alipay');
});

test('money found by asking counts once, and not where a notification was first', async () => {
  const metrics = watchMetrics();
  await paidInSilence(1);
  await world.sweep();
  const payment = await world.pay(await world.held(await world.nextRun(), [1]));
  world.buyerPays(payment);
  await world.notify(payment);
  world.pass(130);
  await world.sweep();
  expect(metrics.valuesOf('FoundByAsking')).toEqual([1]);
});

const holds = async (count: number): Promise<OrderId[]> => {
  const run = await world.nextRun(count);
  const held: OrderId[] = [];
  for (let n = 0; n < count; n += 1) held.push(await world.held(run, [n + 1], { user: `user-${n}` }));
  return held;
};

test('holds that never had a workflow are counted when the clean-up ends them: their events arrive nowhere', async () => {
  await holds(5);
  world.pass(16 * 60);
  await minutes(2);
  expect(points.filter(({ name }) => name === 'MissedEvents')).toHaveLength(5);
  expect(off()).toEqual(['events-missed']);
});

test('a hold whose workflow died is not counted', async () => {
  for (const orderId of await holds(2)) await storeTaskToken(world.bookings, orderId, 'a-token');
  world.pass(16 * 60);
  await minutes(1);
  expect(points.filter(({ name }) => name === 'MissedEvents')).toEqual([]);
});
