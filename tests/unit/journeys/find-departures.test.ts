import { findDepartures } from '../../../shared/journeys/find-departures.ts';
import { serviceDateSchema, stopIdSchema, tripIdSchema } from '../../../shared/platform/ids.ts';
import { inZone, instantSchema } from '../../../shared/platform/time.ts';
import type { StopCall } from '../../../shared/timetable/model.ts';

const day = (text: string) => serviceDateSchema.parse(text);
const allDays = new Uint8Array(100).fill(255);

const call = (trip: string, index: number, hours: number, more: Partial<StopCall> = {}): StopCall => ({
  tripId: tripIdSchema.parse(trip),
  name: trip,
  layoutId: 'standard',
  days: allDays,
  index,
  stopCount: 9,
  arrives: hours * 3600,
  departs: hours * 3600,
  boarding: true,
  alighting: true,
  ...more,
});

const search = (
  date: string,
  callsFrom: StopCall[],
  callsTo: StopCall[],
  zones: { agency?: string; stop?: string; now?: string } = {},
) => {
  const stopZone = zones.stop ?? 'Europe/Berlin';
  return findDepartures({
    version: {
      version: 'v1',
      importedAt: instantSchema.parse('2026-01-01T00:00:00.000Z'),
      timeZone: zones.agency ?? 'Europe/Berlin',
      firstDate: day('2027-01-01'),
      lastDate: day('2029-01-01'),
      stops: 2,
      trips: 1,
      tripBuckets: 1,
    },
    from: { stopId: stopIdSchema.parse('A'), name: 'A', code: 'A', timeZone: stopZone },
    date: day(date),
    callsFrom,
    callsTo,
    sales: { from: day('2027-01-01'), until: day('2028-12-31') },
    carrier: { saleClosesSeconds: 300, holdSecondsMin: 180 },
    now: instantSchema.parse(zones.now ?? '2027-01-01T00:00:00.000Z'),
  }).map(({ runId, departs }) => `${runId} ${inZone(departs, stopZone)}`);
};

describe('departures on a date', () => {
  test('are those whose clock at the stop shows that date, whenever the trip began', () => {
    const from = [call('day', 0, 10), call('night', 2, 24.5), call('long', 5, 52)];
    const to = [call('day', 1, 12), call('night', 3, 30), call('long', 6, 60)];
    expect(search('2027-06-10', from, to)).toEqual([
      'day~2027-06-10 2027-06-10T10:00:00+02:00',
      'night~2027-06-09 2027-06-10T00:30:00+02:00',
      'long~2027-06-08 2027-06-10T04:00:00+02:00',
    ]);
  });

  test('come once each when clocks change, though such a day is longer or shorter', () => {
    // On 31 October 2027 the hour from two to three comes twice; service time counts from noon less 12 hours.
    const from = [call('a', 0, 0.5), call('b', 0, 23.5), call('c', 0, 25.5)];
    const to = from.map((each) => ({ ...each, index: 1, arrives: each.arrives + 600 }));
    expect(search('2027-10-31', from, to).toSorted()).toEqual(
      [
        'b~2027-10-31 2027-10-31T23:30:00+01:00',
        'c~2027-10-30 2027-10-31T01:30:00+02:00',
        'a~2027-10-31 2027-10-31T01:30:00+02:00',
      ].toSorted(),
    );
    const spring = search('2027-03-28', from, to);
    expect(spring).toContain('b~2027-03-28 2027-03-28T23:30:00+02:00');
    // Half past midnight of this service day is half an hour before the day by the clock.
    expect(spring.some((each) => each.startsWith('a~2027-03-28'))).toBe(false);
    expect(search('2027-03-27', from, to)).toContain('a~2027-03-28 2027-03-27T23:30:00+01:00');
  });

  test.each(['0000-01-01', '2026-12-30', '2029-01-20', '9999-12-31'])(
    'are none on %s, far from the timetable',
    (date) => expect(search(date, [call('day', 0, 10)], [call('day', 1, 12)])).toEqual([]),
  );

  test('go by the zone of the stop where that is not the agency’s', () => {
    const from = [call('x', 0, 1)];
    const to = [call('x', 1, 3)];
    const zones = { agency: 'Europe/Moscow', stop: 'Asia/Vladivostok' };
    expect(search('2027-06-10', from, to, zones)).toEqual(['x~2027-06-10 2027-06-10T08:00:00+10:00']);
    const west = { agency: 'Asia/Tokyo', stop: 'America/Los_Angeles' };
    expect(search('2027-06-09', from, to, west)).toEqual(['x~2027-06-10 2027-06-09T09:00:00-07:00']);
  });

  test('include 29 February', () => {
    expect(search('2028-02-29', [call('x', 0, 1)], [call('x', 1, 3)])).toHaveLength(1);
  });

  test('leave out the other direction, what has left, and days without service', () => {
    const from = [call('x', 0, 10), call('back', 5, 11)];
    const to = [call('x', 1, 12), call('back', 4, 10)];
    expect(search('2027-06-10', from, to)).toEqual(['x~2027-06-10 2027-06-10T10:00:00+02:00']);
    expect(search('2027-06-10', from, to, { now: '2027-06-10T08:00:00.000Z' })).toEqual([]);
    const never = [call('x', 0, 10, { days: new Uint8Array(100) })];
    expect(search('2027-06-10', never, to)).toEqual([]);
  });

  test('take the shortest way of a trip that calls twice', () => {
    const from = [call('x', 0, 8), call('x', 4, 12)];
    const to = [call('x', 2, 10), call('x', 5, 13)];
    expect(search('2027-06-10', from, to)).toEqual(['x~2027-06-10 2027-06-10T12:00:00+02:00']);
  });
});
