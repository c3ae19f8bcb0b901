import { join } from 'node:path';
import { noLayouts } from '../../shared/feeds/read-layouts.ts';
import { writeFeed } from '../support/sample-feed.ts';
import {
  fileNamed,
  timetableWorld,
  twoClassLayouts,
  type TimetableWorld,
} from '../support/timetable-world.ts';

let world: TimetableWorld;
beforeAll(async () => {
  world = await timetableWorld();
});
afterAll(() => world?.tables.stop());

const fares = { farePerKm: 10 };

describe('trips without a layout', () => {
  test('are not on sale, and the report names them', async () => {
    const result = await world.run(writeFeed(), { ...fares, layouts: twoClassLayouts() }, noLayouts);
    expect(result).toMatchObject({
      outcome: 'imported',
      report: {
        trips: 1,
        feedTrips: 2,
        tripsWithoutLayout: 1,
        warnings: [
          {
            kind: 'no-layout',
            count: 1,
            listed: [{ file: 'trips.txt', reason: 'trip Nachtzug has no layout, so it is not on sale' }],
          },
        ],
      },
    });
    await world.open('2027-06-01', '2027-06-20');
    const found = await world.search('A', 'C', '2027-06-10');
    expect(found.map(({ trip }) => trip)).toEqual(['ICE 701']);
  });

  test('are no timetable: a feed in which no trip has one is refused', async () => {
    expect(await world.run(writeFeed(), fares, noLayouts)).toMatchObject({
      outcome: 'refused',
      refusals: [
        {
          kind: 'no-layouts',
          listed: [
            {
              file: 'trips.txt',
              reason:
                'no trip has a layout: use --layouts, or give the carrier a layouts.json with a default',
            },
          ],
        },
      ],
    });
  });

  test('have the one of the carrier’s folder, which the operator’s file may also assign', async () => {
    const layouts = fileNamed(
      'layouts.json',
      JSON.stringify({ layouts: [], assign: [{ layout: 'standard', trips: ['ICE*'] }] }),
    );
    const result = await world.run(writeFeed(), { ...fares, layouts });
    expect(result).toMatchObject({ report: { trips: 2, tripsWithoutLayout: 0, layouts: 1, warnings: [] } });
  });
});

test('the examples of docs/how-to/layouts-and-fares.md are imported as the page says', async () => {
  const examples = join(import.meta.dirname, '../../docs/how-to/examples');
  const options = { layouts: join(examples, 'layouts.json'), fares: join(examples, 'fares.csv') };
  expect(await world.run(writeFeed(), options, noLayouts)).toMatchObject({
    outcome: 'imported',
    report: { trips: 2, layouts: 2, tripsWithoutLayout: 0, warnings: [] },
  });
  await world.open('2027-06-01', '2027-06-20');
  const found = await world.search('A', 'C', '2027-06-10');
  expect(found.map(({ trip, classes }) => [trip, classes])).toEqual([
    [
      'ICE 701',
      [
        { class: 'first', fare: { amount: 15_900, currency: 'EUR' }, seatsLeft: 36 },
        { class: 'second', fare: { amount: 8990, currency: 'EUR' }, seatsLeft: 124 },
      ],
    ],
    ['Nachtzug', [{ class: 'sleeper', fare: { amount: 11_900, currency: 'EUR' }, seatsLeft: 6 }]],
  ]);
});
