import { writeAvailability } from '../../shared/inventory/availability-store.ts';
import { runIdSchema } from '../../shared/platform/ids.ts';
import { freezeRun, readFrozenRun, readRun } from '../../shared/timetable/store.ts';
import { soundFeed } from '../support/sample-feed.ts';
import { timetableWorld, twoClassLayouts, type TimetableWorld } from '../support/timetable-world.ts';

let world: TimetableWorld;
beforeAll(async () => {
  world = await timetableWorld();
  await world.open('2027-06-01', '2027-06-20');
});
afterAll(() => world?.tables.stop());

describe('a run that orders have touched', () => {
  const runId = runIdSchema.parse('day~2027-06-15');
  const later = String(soundFeed['stop_times.txt']).replaceAll('16:00:00', '17:30:00');

  test('is frozen once: the second to freeze it gets the first one’s', async () => {
    await world.imported({}, { farePerKm: 10 });
    const run = await readRun(world.tables.timetable, runId);
    expect(await readFrozenRun(world.tables.timetable, runId)).toBeUndefined();
    expect(await freezeRun(world.tables.timetable, run!)).toEqual(run);
    expect(await freezeRun(world.tables.timetable, { ...run!, trip: 'other' })).toEqual(run);
    expect(await readFrozenRun(world.tables.timetable, runId, { consistent: true })).toEqual(run);
  });

  test('keeps times, seats and fares when the timetable changes, and is reported', async () => {
    const frozen = await readFrozenRun(world.tables.timetable, runId);
    await writeAvailability(world.tables.availability, {
      runId,
      asOf: '2027-06-01T07:59:00.000Z',
      generation: 1,
      version: 1,
      feedVersion: frozen!.version,
      stopCount: 3,
      free: { standard: Uint16Array.of(80, 79, 78) },
    });
    const report = await world.imported({ 'stop_times.txt': later }, { farePerKm: 20 });
    expect(report.keptRuns).toEqual([{ runId, trip: 'ICE 701', differs: 'times' }]);
    expect(await readRun(world.tables.timetable, runId)).toEqual(frozen);
    const [sold] = await world.search('A', 'C', '2027-06-15');
    expect(sold).toMatchObject({
      runId,
      to: { arrives: '2027-06-15T16:00:00+02:00' },
      classes: [{ fare: { amount: 7606 }, seatsLeft: 79 }],
    });
    const [unsold] = await world.search('A', 'C', '2027-06-16');
    expect(unsold).toMatchObject({
      to: { arrives: '2027-06-16T17:30:00+02:00' },
      classes: [{ fare: { amount: 15212 }, seatsLeft: 80 }],
    });
  });

  test('is reported when its trip or its seats are gone', async () => {
    const { keptRuns } = await world.imported({}, { layouts: twoClassLayouts() });
    expect(keptRuns).toEqual([{ runId, trip: 'ICE 701', differs: 'layout' }]);
    const without = await world.imported({
      'trips.txt': 'route_id,service_id,trip_id\nR2,daily,night\n',
      'stop_times.txt': String(soundFeed['stop_times.txt']).replace(/^day,.*\n/gm, ''),
    });
    expect(without.keptRuns).toEqual([{ runId, trip: 'ICE 701', differs: 'gone' }]);
  });
});
