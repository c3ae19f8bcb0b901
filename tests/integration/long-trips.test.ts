import { importTimetable } from '../../shared/feeds/import-timetable.ts';
import { problemLines } from '../../shared/feeds/problems.ts';
import { holdAgain } from '../../shared/inventory/hold-again.ts';
import { holdSeats } from '../../shared/inventory/hold-seats.ts';
import type { Place } from '../../shared/inventory/model.ts';
import { releasePieces } from '../../shared/inventory/store.ts';
import { searchJourneys } from '../../shared/journeys/search-journeys.ts';
import { itemsOf } from '../../shared/orders/model.ts';
import {
  classSchema,
  orderIdSchema,
  serviceDateSchema,
  stopIdSchema,
  tripIdSchema,
  userIdSchema,
  type OrderId,
} from '../../shared/platform/ids.ts';
import { newUlid } from '../../shared/platform/random.ts';
import { cancelOrder } from '../../shared/selling/cancel-order.ts';
import { callsMax, type Run } from '../../shared/timetable/model.ts';
import { runIdOf } from '../../shared/timetable/run-id.ts';
import { putSales, readRun } from '../../shared/timetable/store.ts';
import { sampleLayouts } from '../support/sample-carrier.ts';
import { longFeed, type LongTrip } from '../support/long-feed.ts';
import { purchaseWorld, type PurchaseWorld } from '../support/purchase-world.ts';

const day = serviceDateSchema.parse('2026-12-02');
const second = classSchema.parse('second');
const calls = 130;
const trips = [
  { name: 'A1', calls, places: 2 },
  { name: 'A2', calls, places: 12 },
  { name: 'A3', calls: callsMax, places: 1 },
  { name: 'A4', calls: callsMax, places: 1 },
];

let world: PurchaseWorld;
const importFeed = (wanted: readonly LongTrip[]) => {
  const { source, layouts } = longFeed(wanted);
  const { tables, clock, carrier } = world;
  return importTimetable({ ...tables, now: clock, carrier, carrierLayouts: sampleLayouts })({
    source,
    options: { layouts, farePerKm: 10 },
  });
};

beforeAll(async () => {
  world = await purchaseWorld();
  const result = await importFeed(trips);
  if (result.outcome !== 'imported') throw new Error(problemLines(result.refusals).join('\n'));
  await putSales(world.timetable, { from: day, until: day });
});
afterAll(() => world.stop());

const runNamed = async (name: string): Promise<Run> => {
  const run = await readRun(world.timetable, runIdOf(tripIdSchema.parse(name), day));
  if (!run) throw new Error(`there is no run ${name}`);
  return run;
};

const seatsLeft = async (name: string, from: number, to: number): Promise<number | undefined> => {
  const [fromId, toId] = [from, to].map((n) => stopIdSchema.parse(`S${n}`)) as [never, never];
  const found = await searchJourneys(world)({ from: fromId, to: toId, date: day, passengers: 1 });
  if (found.outcome !== 'accepted') throw new Error(found.reason);
  return found.journeys.find(({ trip }) => trip === name)?.classes[0]?.seatsLeft;
};

const placesOf = async (orderId: OrderId): Promise<Place[]> =>
  itemsOf(await world.standing(orderId, 'held')).map(({ place }) => place);

/** The pieces of one seat in order: `3-120 owned`. */
const lineOf = async (run: Run, seat = 0): Promise<string[]> =>
  (await world.pieces(run))
    .filter((piece) => piece.seat === seat)
    .sort((a, b) => a.from - b.from)
    .map(({ from, to, owner }) => `${from}-${to} ${owner === 'free' ? 'free' : 'owned'}`);

describe(`a trip with ${calls} calls`, () => {
  test('is searched, held in its middle and around it, given back and sold again', async () => {
    const run = await runNamed('A1');
    expect(run.stops).toHaveLength(calls);
    expect(await seatsLeft('A1', 3, 120)).toBe(2);

    const whole = await world.held(run, [1], { from: 3, to: 120 });
    const [place] = await placesOf(whole);
    expect(place?.piece).toMatchObject({ from: 3, to: 120 });
    await world.count(run);
    expect(await seatsLeft('A1', 3, 120)).toBe(1);
    expect(await seatsLeft('A1', 61, 62)).toBe(1);
    expect(await seatsLeft('A1', 0, 3)).toBe(2);
    expect(await seatsLeft('A1', 120, 129)).toBe(2);

    // The ends of that seat fit best; the middle goes to the other, and is cut there.
    await world.held(run, [2], { from: 0, to: 3 });
    await world.held(run, [3], { from: 120, to: 129 });
    const middle = await world.held(run, [4], { from: 61, to: 63 });
    const seat = place!.piece.seat;
    expect(await lineOf(run, seat)).toEqual(['0-3 owned', '3-120 owned', '120-129 owned']);
    expect(await lineOf(run, 1 - seat)).toEqual(['0-61 free', '61-63 owned', '63-129 free']);
    expect(await world.order(run, [5], { from: 62, to: 100 })).toEqual({
      outcome: 'rejected',
      reason: expect.stringMatching(/busy|sold-out/),
    });

    await cancelOrder(world)(middle, userIdSchema.parse('user-4'));
    expect(await lineOf(run, 1 - seat)).toEqual(['0-61 free', '61-63 free', '63-129 free']);
    await world.count(run);
    expect(await seatsLeft('A1', 0, 129)).toBe(1);
    await world.held(run, [6], { from: 3, to: 120 });
    expect(await lineOf(run, 1 - seat)).toEqual(['0-3 free', '3-120 owned', '120-129 free']);
    await world.expectClean(run);
  });

  test('is sold out by a crowd, and no seat is lost or sold twice', async () => {
    const run = await runNamed('A2');
    const bounds = [0, 13, 61, 62, 63, 90, 124, 129];
    const stretches = Array.from({ length: 12 }, () =>
      bounds.slice(1).map((to, n) => ({ from: bounds[n]!, to })),
    ).flat();
    const outcomes = await Promise.all(
      stretches.map((stretch, n) => world.order(run, [100 + n], stretch).then((outcome) => ({ outcome, n }))),
    );
    // Whoever lost a race asks again: all of them fit.
    for (const { outcome, n } of outcomes)
      if (outcome.outcome === 'rejected') await world.held(run, [100 + n], stretches[n]!);
    for (let seat = 0; seat < 12; seat += 1)
      expect(await lineOf(run, seat)).toEqual(bounds.slice(1).map((to, n) => `${bounds[n]}-${to} owned`));
    await world.count(run);
    expect(await seatsLeft('A2', 62, 63)).toBe(0);
    await world.expectClean(run);
  });
});

describe(`the longest trip, of ${callsMax} calls`, () => {
  const last = callsMax - 1;
  const holdAll = async (run: Run, from: number, to: number) => {
    const held = await holdSeats(world)({
      orderId: orderIdSchema.parse(newUlid(world.time.now)),
      run,
      class: second,
      stretch: { from, to },
      party: 1,
      wishes: {},
    });
    return held.outcome === 'accepted' ? held.places : [];
  };

  /** A seat that was sold from stop to stop, and is free again in as many pieces. */
  const inPieces = async (run: Run): Promise<void> => {
    const held: Place[] = [];
    for (let from = 0; from < last; from += 1) held.push(...(await holdAll(run, from, from + 1)));
    expect(held).toHaveLength(last);
    await releasePieces(world.inventory, held);
    expect(await lineOf(run)).toHaveLength(last);
  };

  test('a seat in more pieces than one write can name is sold all the way, to one of many', async () => {
    const run = await runNamed('A3');
    await inPieces(run);
    const places = await Promise.all(Array.from({ length: 6 }, () => holdAll(run, 2, last)));
    const held = places.flat();
    expect(held).toHaveLength(1);
    expect(await lineOf(run)).toEqual(['0-1 free', '1-2 free', `2-${last} owned`]);

    await releasePieces(world.inventory, held);
    expect(await holdAll(run, 0, last)).toHaveLength(1);
    expect(await lineOf(run)).toEqual([`0-${last} owned`]);
  });

  test('late money takes such a seat again', async () => {
    const run = await runNamed('A4');
    const [place] = await holdAll(run, 0, last);
    await releasePieces(world.inventory, [place!]);
    await inPieces(run);
    const orderId = orderIdSchema.parse(newUlid(world.time.now));
    expect(await holdAgain(world)(orderId, [place!])).toMatchObject({ outcome: 'accepted' });
    expect(await lineOf(run)).toEqual([`0-${last} owned`]);
  });

  test('one call more is refused by the import', async () => {
    const result = await importFeed([{ name: 'A5', calls: callsMax + 1, places: 1 }]);
    expect(result.outcome === 'refused' && problemLines(result.leftOut)).toEqual([
      `stop_times.txt:${callsMax + 2}: has ${callsMax + 1} calls, and at most ${callsMax} can be sold: trip A5 is left out`,
    ]);
  });

  test('so are more classes than its free seats can be counted in', async () => {
    const result = await importFeed([
      { name: 'A6', calls: callsMax, places: 1, classes: ['first', 'second'] },
      { name: 'A7', calls: callsMax, places: 1, classes: ['first', 'second', 'third'] },
    ]);
    expect(result.outcome === 'refused' && problemLines(result.refusals)).toEqual([
      `trips.txt: trip A7 has ${callsMax} calls, and its layout A7 3 classes: at most 2 can be sold on so long a trip`,
    ]);
  });
});
