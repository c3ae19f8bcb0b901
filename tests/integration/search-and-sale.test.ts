import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { searchJourneys } from '../../shared/journeys/search-journeys.ts';
import { readAvailability } from '../../shared/inventory/availability-store.ts';
import { orderIdSchema, stopIdSchema, type RunId } from '../../shared/platform/ids.ts';
import { instantSchema } from '../../shared/platform/time.ts';
import { cleanUp } from '../../shared/upkeep/clean-up.ts';
import { closeRun } from '../../shared/runs/close-run.ts';
import type { Run } from '../../shared/timetable/model.ts';
import { readState } from '../../shared/timetable/store.ts';
import { by } from '../support/faulty-table.ts';
import { orderFor } from '../support/order-for.ts';
import { runWorld, type RunWorld } from '../support/run-world.ts';
import { trainDay } from '../support/train-version.ts';

let world: RunWorld;
beforeEach(async () => {
  world = await runWorld();
});
afterEach(() => world.stop());

type Dependencies = RunWorld['dependencies'];
type Stretch = { from: number; to: number };

/** What a buyer reads of a run between two stops, where it can be bought: when, for how much, how many seats. */
const shown = async (runId: RunId, { from, to }: Stretch, dependencies: Dependencies) => {
  const result = await searchJourneys(dependencies)({
    from: stopIdSchema.parse(`S${from}`),
    to: stopIdSchema.parse(`S${to}`),
    date: trainDay,
    passengers: 1,
  });
  if (result.outcome === 'rejected') return undefined;
  const journey = result.journeys.find((each) => each.runId === runId);
  const [cls] = journey?.classes ?? [];
  if (!journey || !cls?.fare || cls.seatsLeft === 0) return undefined;
  const { departs } = journey.from;
  return { departs, arrives: journey.to.arrives, fare: cls.fare.amount, seats: cls.seatsLeft };
};

let people = 100;
const someone = (count: number): number[] => Array.from({ length: count }, () => (people += 1));

/** What an order of one seat gets, and how many seats more can be had. */
const sold = async (runId: RunId, stretch: Stretch, dependencies: Dependencies) => {
  const run = { runId, stops: [] } as unknown as Run;
  const placed = await orderFor(dependencies, run, someone(1), stretch);
  if (placed.outcome === 'rejected') return undefined;
  const order = await world.standing(orderIdSchema.parse(placed.answer), 'held');
  let seats = 1;
  while ((await orderFor(dependencies, run, someone(1), stretch)).outcome === 'accepted') seats += 1;
  return { departs: order.from.departs, arrives: order.to.arrives, fare: order.amount.amount, seats };
};

const asSold = async (
  name: string,
  stretch: Stretch = { from: 0, to: 3 },
  dependencies: Dependencies = world.dependencies,
) => {
  const runId = world.runIdOfTrain(name);
  const [search, sale] = [
    await shown(runId, stretch, dependencies),
    await sold(runId, stretch, dependencies),
  ];
  expect(search).toEqual(sale);
  return search;
};

const cleanedUp = async (...seconds: number[]) => {
  for (const each of seconds) {
    world.pass(each);
    await cleanUp(world.dependencies)({ hasTime: () => true });
  }
};
const later = { leaves: 10, coaches: [2], fare: 3000 };
const asTimetabled = { departs: '2026-12-02T08:00:00+08:00', fare: 3000, seats: 6 };
const asLater = { departs: '2026-12-02T10:00:00+08:00', fare: 9000, seats: 2 };

describe('search shows what is sold of a run', () => {
  test('that nobody has touched', async () => {
    await world.inForce('A1');
    expect(await asSold('A1')).toMatchObject(asTimetabled);
  });

  test.each([true, false])('that is as the newest version has it, counted: %s', async (isCounted) => {
    const run = await world.runOf('A2', await world.inForce('A2'));
    await world.held(run, [1, 2]);
    await world.count(run);
    expect(await shown(run.runId, { from: 0, to: 3 }, world.dependencies)).toMatchObject({ seats: 4 });
    if (!isCounted) await world.forgetView(run);
    const search = await shown(run.runId, { from: 0, to: 3 }, world.dependencies);
    expect(search).toMatchObject({ ...asTimetabled, seats: isCounted ? 4 : 6 });
  });

  test.each([true, false])('that is held and behind, counted: %s', async (isCounted) => {
    const { run } = await world.behind('A3', later);
    if (isCounted) await world.count(run);
    // Its own times and seats, at the newest fare.
    expect(await asSold('A3')).toMatchObject({ ...asTimetabled, fare: 9000 });
  });

  test('that is older than the newest version, which has it just so', async () => {
    await world.behind('A4', {});
    expect(await asSold('A4')).toMatchObject(asTimetabled);
  });

  test('that has followed, whose view is still of the seats it had', async () => {
    const { run } = await world.behind('A5', later);
    await world.count(run);
    expect(await world.follow('A5')).toBe('changed');
    expect(await asSold('A5')).toMatchObject(asLater);
  });

  test('whose last hold has ended, before it has followed and after', async () => {
    const old = await world.inForce('A6');
    const run = await world.runOf('A6', old);
    const orderId = await world.held(run, [1, 2, 3]);
    await world.count(run);
    await cleanedUp(1300);
    await world.standing(orderId, 'expired');
    await world.inForce('A6', later);
    const { departs } = (await shown(run.runId, { from: 0, to: 3 }, world.dependencies))!;
    expect(departs).toBe(asTimetabled.departs);
    expect(await world.follow('A6')).toBe('changed');
    expect(await asSold('A6')).toMatchObject(asLater);
  });

  test('that somebody has bought', async () => {
    const run = await world.runOf('A7', await world.inForce('A7'));
    const payment = await world.pay(await world.held(run, [1]));
    world.buyerPays(payment);
    await cleanedUp(1300);
    await world.inForce('A7', later);
    expect(await world.follow('A7')).toBe('kept');
    await world.count(run);
    expect(await asSold('A7')).toMatchObject({ ...asTimetabled, fare: 9000, seats: 5 });
  });

  test('that is newer than what a process remembers to be in force', async () => {
    const timetable = by(world.timetable, (command, send) => send(command));
    const { run } = await world.behind('A8', {});
    await readState(timetable);
    await world.inForce('A8', later);
    expect(await world.follow('A8')).toBe('changed');
    const found = await asSold('A8', { from: 0, to: 3 }, { ...world.dependencies, timetable });
    expect(found).toMatchObject(asLater);
    expect(run.generation).toBe(1);
  });
});

describe('search shows nothing where nothing is sold', () => {
  test('since the newest version does not have the run', async () => {
    await world.behind('B1', { isGone: true });
    expect(await asSold('B1')).toBeUndefined();
  });

  test('since the newest version does not call at a stop, or the run as it stands does not', async () => {
    await world.behind('B2', { stops: ['S0', 'S1', 'S3'] });
    expect(await asSold('B2', { from: 0, to: 2 })).toBeUndefined();
    await world.behind('B3', { leaves: 9 }, { stops: ['S0', 'S1', 'S3'] });
    expect(await asSold('B3', { from: 0, to: 2 })).toBeUndefined();
    expect(await asSold('B3', { from: 0, to: 1 })).toBeDefined();
  });

  test('since the newest version has no fare for it', async () => {
    await world.behind('B4', { leaves: 9, fare: 0 });
    expect(await asSold('B4')).toBeUndefined();
  });

  test.each([true, false])('since it is closed, counted: %s', async (isCounted) => {
    const { run } = await world.behind('B5', later);
    await closeRun(world.dependencies, run.runId);
    if (isCounted) await world.count(run);
    expect(await asSold('B5')).toBeUndefined();
    await closeRun(world.dependencies, (await world.runOf('B6', await world.inForce('B6'))).runId);
    expect(await asSold('B6')).toBeUndefined();
  });

  test('since it has left, by the newest version or as it stands', async () => {
    await world.behind('B7', { leaves: 6 }, { leaves: 20 });
    world.time.now = instantSchema.parse('2026-12-02T04:00:00.000Z');
    expect(await asSold('B7')).toBeUndefined();
    await world.behind('B8', { leaves: 20 }, { leaves: 6 });
    expect(await asSold('B8')).toBeUndefined();
  });
});

describe('a run that no order has frozen', () => {
  /** Of a party for which the whole train is too small. */
  const tooMany = async (name: string) =>
    orderFor(
      world.dependencies,
      { runId: world.runIdOfTrain(name), stops: [] } as unknown as Run,
      someone(7),
      { from: 0, to: 3 },
    );

  test('gets no view from a buyer it is too small for, and is on sale after the next import', async () => {
    const old = await world.inForce('C1');
    expect(await tooMany('C1')).toMatchObject({ reason: 'sold-out' });
    world.pass(10);
    expect(await tooMany('C1')).toMatchObject({ reason: 'sold-out' });
    const { runId } = await world.runOf('C1', old);
    expect(await readAvailability(world.availability, [runId])).toEqual(new Map());
    await world.inForce('C1', later);
    expect(await asSold('C1')).toMatchObject(asLater);
  });

  test('is shown though a view of some earlier version stands there', async () => {
    const old = await world.inForce('C2');
    await world.count(await world.runOf('C2', old));
    await world.inForce('C2', later);
    expect(await asSold('C2')).toMatchObject(asLater);
  });
});

test('a run that changed under a request is counted as it is then when its seats turn out to be sold', async () => {
  const { run } = await world.behind('D1', later);
  await world.count(run);
  const { serviceDate, runId } = run;
  const before = await world.timetable.client.send(
    new GetCommand({ TableName: world.timetable.name, Key: { pk: `frozen#${serviceDate}`, sk: runId } }),
  );
  expect(await world.follow('D1')).toBe('changed');
  const changed = await world.frozen('D1');
  await world.held(changed, [1]);
  await world.held(changed, [2]);
  // The request still reads the run as it was, once.
  let isFirst = true;
  const timetable = by(world.timetable, async (command, send) => {
    const { constructor, input } = command as {
      constructor: { name: string };
      input: { Key?: { sk?: string } };
    };
    const answer = await send(command);
    if (!isFirst || constructor.name !== 'GetCommand' || input.Key?.sk !== run.runId) return answer;
    isFirst = false;
    return before;
  });
  const placed = await orderFor({ ...world.dependencies, timetable }, run, [3]);
  expect(placed).toMatchObject({ outcome: 'rejected', reason: 'sold-out' });
  const view = (await readAvailability(world.availability, [run.runId])).get(run.runId);
  expect(view).toMatchObject({ generation: 2, feedVersion: changed.version });
});
