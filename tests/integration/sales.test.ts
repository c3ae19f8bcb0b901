import { runIdSchema, serviceDateSchema } from '../../shared/platform/ids.ts';
import { rejected } from '../../shared/platform/outcome.ts';
import type { SaleSubject } from '../../shared/timetable/model.ts';
import { changeSales, openSales } from '../../shared/timetable/open-sales.ts';
import { putSales } from '../../shared/timetable/store.ts';
import { importingWorld, late, runOfTrain, type ImportingWorld } from '../support/importing-world.ts';

let world: ImportingWorld;
beforeEach(async () => {
  world = await importingWorld();
  await world.imported();
});
afterEach(() => world.stop());

const day = (text: string) => serviceDateSchema.parse(text);
const today = day('2027-06-01');

const close = (subject: SaleSubject) =>
  changeSales(world.timetable, { what: 'close', subject, dates: { from: today } }, today);
const reopen = (subject: SaleSubject) => changeSales(world.timetable, { what: 'open', subject }, today);
const both = ['ICE 701 16:00 7606', 'Nachtzug 06:10 7606'];

describe('a night train', () => {
  const yesterdays = { from: 'B', on: runIdSchema.parse('night~2027-06-09') };

  test('that began before the first date on sale is sold where it leaves on that date, and not before', async () => {
    await putSales(world.timetable, { from: day('2027-06-10'), until: day('2027-06-10') });
    expect(await world.journeys('B', day('2027-06-10'))).toEqual([
      expect.stringMatching(/^Nachtzug 06:10/),
      expect.stringMatching(/^ICE 701 16:00/),
    ]);
    expect(await world.order(1, 'night', yesterdays)).toMatchObject({ outcome: 'accepted' });
    expect(await world.order(2, 'night', { ...yesterdays, from: 'A' })).toEqual(rejected('not-on-sale'));
    expect(await world.journeys('A', day('2027-06-09'))).toEqual([]);
  });

  test('that begins on the last date on sale is not sold where it leaves on the next', async () => {
    await putSales(world.timetable, { from: day('2027-06-01'), until: day('2027-06-09') });
    expect(await world.journeys('A', day('2027-06-09'))).toHaveLength(2);
    expect(await world.journeys('B', day('2027-06-10'))).toEqual([]);
    expect(await world.order(1, 'night', yesterdays)).toEqual(rejected('not-on-sale'));
    expect(await world.order(2, 'night', { ...yesterdays, from: 'A' })).toMatchObject({
      outcome: 'accepted',
    });
  });
});

describe('closing the sale', () => {
  test('of everything keeps no run from a timetable that comes into force meanwhile', async () => {
    await world.heldBy(1, 'night');
    await world.cleanUpAfter(1000);
    await close({ kind: 'all' });
    expect(await world.imported(late)).toMatchObject({
      changedRuns: [{ runId: runOfTrain('night'), trip: 'Nachtzug', differs: 'times' }],
    });
    await openSales(world.timetable, { from: today, until: day('2027-06-20') }, today);
    expect(await world.journeys()).toEqual(['ICE 701 17:30 7606', 'Nachtzug 07:10 7606']);
  });

  test.each<[string, SaleSubject]>([
    ['a trip by its public name', { kind: 'trip', id: 'ICE 701' }],
    ['a trip by its id', { kind: 'trip', id: 'day' }],
    ['a route', { kind: 'route', id: 'R1' }],
  ])(
    'of %s ends search and sale, also of a run that orders have frozen, and keeps what is sold',
    async (_, subject) => {
      const sold = await world.boughtBy(1, 'day');
      const { orderId } = await world.heldBy(2, 'day');
      expect(await world.journeys()).toEqual(both);
      await close(subject);
      expect(await world.journeys()).toEqual(both.slice(1));
      expect(await world.order(3, 'day')).toEqual(rejected('not-on-sale'));
      const unfrozen = { on: runIdSchema.parse('day~2027-06-16') };
      expect(await world.order(4, 'day', unfrozen)).toEqual(rejected('not-on-sale'));
      expect(await world.order(5, 'night')).toMatchObject({ outcome: 'accepted' });
      // Whoever holds a seat may still pay for it.
      world.buyerPays(await world.pay(orderId));
      await world.cleanUpAfter(1000);
      await world.standing(orderId, 'issued');
      await world.standing(sold.orderId, 'issued');
      expect(await world.frozen('day')).toMatchObject({ state: 'open' });
      await reopen(subject);
      expect(await world.journeys()).toEqual(both);
      expect(await world.order(6, 'day')).toMatchObject({ outcome: 'accepted' });
    },
  );

  test('stays when another timetable comes, which opens nothing by itself', async () => {
    await close({ kind: 'route', id: 'R1' });
    await world.imported({}, { farePerKm: 20 });
    expect(await world.journeys()).toEqual(['Nachtzug 06:10 15212']);
    expect(await world.journeys('A', day('2027-06-21'))).toEqual([]);
  });

  test('of everything leaves nothing, and opening dates leaves closed what was closed by itself', async () => {
    await close({ kind: 'trip', id: 'ICE 701' });
    await close({ kind: 'all' });
    expect(await world.journeys()).toEqual([]);
    expect(await world.order(1, 'night')).toEqual(rejected('not-on-sale'));
    const dates = { from: today, until: day('2027-06-20') };
    await changeSales(world.timetable, { what: 'open', subject: { kind: 'all' }, dates }, today);
    expect(await world.journeys()).toEqual(both.slice(1));
  });

  test('by two operators at once loses neither', async () => {
    const subjects = ['a', 'b', 'c'].map((id): SaleSubject => ({ kind: 'trip', id }));
    const closed = await Promise.all(subjects.map(close));
    expect(closed.map(({ outcome }) => outcome)).toEqual(['accepted', 'accepted', 'accepted']);
    const last = await reopen({ kind: 'route', id: 'none' });
    expect(last.outcome === 'accepted' && last.sales.exceptions).toHaveLength(3);
  });
});

test('a run that is frozen keeps the trip and route by which its sale is closed', async () => {
  await world.heldBy(1, 'day');
  expect(await world.frozen('day')).toMatchObject({ tripId: 'day', routeId: 'R1', runId: runOfTrain('day') });
});
