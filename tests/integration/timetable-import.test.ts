import { problemLines } from '../../shared/feeds/problems.ts';
import { runIdSchema } from '../../shared/platform/ids.ts';
import { instantSchema } from '../../shared/platform/time.ts';
import { findStops } from '../../shared/timetable/find-stops.ts';
import { readRun, readState } from '../../shared/timetable/store.ts';
import { readStops } from '../../shared/timetable/version-store.ts';
import { soundFeed, withRow, writeFeed, writeZip } from '../support/sample-feed.ts';
import { fileNamed, timetableWorld, type TimetableWorld } from '../support/timetable-world.ts';

let world: TimetableWorld;
beforeAll(async () => {
  world = await timetableWorld();
});
afterAll(() => world?.tables.stop());

const zeroCalendar = String(soundFeed['calendar.txt']).replace('1,1,1,1,1,1,1', '0,0,0,0,0,0,0');

describe('before anything is imported', () => {
  test('there is nothing to be found', async () => {
    expect(await readState(world.tables.timetable)).toEqual({ version: undefined, sales: undefined });
    expect(await readRun(world.tables.timetable, runIdSchema.parse('day~2027-06-10'))).toBeUndefined();
    await expect(world.search('A', 'B', '2027-06-10')).rejects.toThrow('unknown-from');
  });
});

describe('an import', () => {
  test('puts trips on sale with their times, once the dates are opened', async () => {
    const report = await world.imported({}, { farePerKm: 10 });
    expect(report).toMatchObject({
      stops: 3,
      trips: 2,
      calls: 6,
      firstDate: '2027-01-01',
      lastDate: '2027-12-31',
      movedWeeks: 0,
      timeZone: 'Europe/Berlin',
      feedTrips: 2,
      tripsLeftOut: 0,
      tripsWithoutLayout: 0,
      pairsWithoutFare: 0,
      leftOut: [],
      warnings: [],
      changedRuns: [],
      waitingRuns: [],
      keptRuns: [],
    });
    expect(await world.search('A', 'C', '2027-06-10')).toEqual([]);
    await world.open('2027-06-01', '2027-06-20');
    expect(await world.search('A', 'C', '2027-06-10')).toEqual([
      {
        runId: 'day~2027-06-10',
        trip: 'ICE 701',
        from: { stopId: 'A', name: 'Altona', departs: '2027-06-10T10:00:00+02:00' },
        to: { stopId: 'C', name: 'München Hbf', arrives: '2027-06-10T16:00:00+02:00' },
        durationMinutes: 360,
        classes: [{ class: 'standard', fare: { amount: 7606, currency: 'EUR' }, seatsLeft: 80 }],
      },
      expect.objectContaining({ runId: 'night~2027-06-10', durationMinutes: 490 }),
    ]);
    expect(await world.search('B', 'C', '2027-06-11')).toEqual([
      expect.objectContaining({ runId: 'night~2027-06-10' }),
      expect.objectContaining({ runId: 'day~2027-06-11' }),
    ]);
    expect(await world.search('A', 'C', '2027-06-21')).toEqual([]);
  });

  test.each([
    ['unknown-from', 'X', 'C'],
    ['unknown-to', 'A', 'X'],
    ['same-stop', 'A', 'A'],
  ])('leaves a search refused as %s from %s to %s', async (reason, from, to) => {
    await expect(world.search(from, to, '2027-06-10')).rejects.toThrow(reason);
  });

  test('gives a run by its id on days when it runs, and on no other', async () => {
    const { timetable } = world.tables;
    const found = await readRun(timetable, runIdSchema.parse('night~2027-06-10'));
    expect(found).toMatchObject({ trip: 'Nachtzug', state: 'open', layout: { layoutId: 'standard' } });
    expect(found?.stops[1]).toMatchObject({ stopId: 'B', departs: '2027-06-10T22:40:00.000Z' });
    for (const other of [
      'night~2026-12-31',
      'night~2028-01-01',
      'nobody~2027-06-10',
      'night~2027-06-10~0600',
    ]) {
      expect(await readRun(timetable, runIdSchema.parse(other))).toBeUndefined();
    }
  });

  test('that is refused changes nothing at all', async () => {
    const before = await readState(world.tables.timetable);
    const result = await world.run(writeFeed(withRow('trips.txt', 'R9,never,x,')));
    expect(result).toMatchObject({
      outcome: 'refused',
      refusals: [
        {
          kind: 'too-many-trips-left-out',
          count: 1,
          listed: [
            {
              file: 'trips.txt',
              reason:
                '1 of 3 trips are left out, 33.3 %, and at most 1 % may be: ' +
                'correct the feed, or import it with --tolerate 34',
            },
          ],
        },
      ],
      leftOut: [
        {
          kind: 'unknown-route',
          count: 1,
          listed: [
            { file: 'trips.txt', line: 4, reason: 'route_id R9 is not in routes.txt: trip x is left out' },
          ],
        },
      ],
    });
    expect(await readState(world.tables.timetable)).toEqual(before);
    expect(await world.search('A', 'C', '2027-06-10')).toHaveLength(2);
  });

  test.each<[string, () => string, string]>([
    ['nothing there', () => '/no/such/feed.zip', '/no/such/feed.zip: there is no such file or folder'],
    [
      'a zip that is none',
      () => fileNamed('feed.zip', 'x'),
      'feed.zip: is a text file, and neither a zip nor a folder',
    ],
    [
      'a feed without a day of service',
      () => writeFeed({ 'calendar_dates.txt': undefined, 'calendar.txt': zeroCalendar }),
      'trips.txt: no trip that can be sold runs on any day',
    ],
  ])('is refused with %s', async (_, make, problem) => {
    const result = await world.run(make());
    expect(result.outcome === 'refused' && problemLines(result.refusals)[0]).toContain(problem);
  });

  test('without a bad trip is what the operator may ask for, and no part of a feed is what another may', async () => {
    const source = writeFeed(withRow('trips.txt', 'R9,never,x,'));
    const tolerated = await world.run(source, { tolerate: 34, farePerKm: 10 });
    expect(tolerated).toMatchObject({
      outcome: 'imported',
      report: { trips: 2, feedTrips: 3, tripsLeftOut: 1 },
    });
    expect(await world.search('A', 'C', '2027-06-10')).toHaveLength(2);
    const strict = await world.run(writeFeed(withRow('stops.txt', 'D,,,')), { strict: true });
    expect(strict.outcome === 'refused' && problemLines(strict.refusals)).toEqual([
      'trips.txt: 1 part of the feed would be left out, and --strict tolerates none',
    ]);
  });

  test('reads a zip as it reads a folder', async () => {
    const result = await world.run(writeZip(soundFeed));
    expect(result).toMatchObject({ outcome: 'imported', report: { stops: 3, trips: 2 } });
  });

  test('moves dates by whole weeks, so that weekdays stay right', async () => {
    world.time.now = instantSchema.parse('2028-06-01T08:00:00.000Z');
    const report = await world.imported({}, { moveDates: true });
    world.time.now = instantSchema.parse('2027-06-01T08:00:00.000Z');
    expect(report).toMatchObject({ movedWeeks: 31, lastDate: '2028-08-04', firstDate: '2027-08-06' });
  });
});

test('the stops of a version are found by name and by the ids of their platforms', async () => {
  await world.imported({
    'stops.txt':
      'stop_id,stop_name,location_type,parent_station\nA,Altona,0,\nB,Berlin Hbf (tief),0,S\nS,Berlin Hbf,1,\nC,München,0,\n',
  });
  const { version } = await readState(world.tables.timetable);
  const stops = await readStops(world.tables.timetable, version!);
  expect(findStops(stops, 'berlin', 20).map(({ stopId, calls }) => [stopId, calls])).toEqual([['S', 2]]);
  expect(await world.search('A', 'B', '2027-06-16')).toEqual([
    expect.objectContaining({ to: expect.objectContaining({ stopId: 'S', name: 'Berlin Hbf' }) }),
    expect.objectContaining({ runId: 'night~2027-06-16' }),
  ]);
});
