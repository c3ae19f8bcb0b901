import type { Feed } from '../../../shared/feeds/read-feed.ts';
import { readChanged, replaced, type FeedTexts } from '../../support/sample-feed.ts';

const trip = (feed: Feed | undefined, tripId: string) => feed?.trips.find((each) => each.tripId === tripId);
const clockTimes = (feed: Feed | undefined, tripId: string) =>
  trip(feed, tripId)?.calls.map(({ arrives, departs }) => [arrives / 3600, departs / 3600]);
describe('a sound feed', () => {
  test('is read without a word', async () => {
    const { feed, problems, warnings } = await readChanged();
    expect([problems, warnings]).toEqual([[], []]);
    expect(feed).toMatchObject({ timeZone: 'Europe/Berlin', firstDate: '2027-01-01', services: 1 });
    expect(feed?.trips.map(({ name }) => name)).toEqual(['ICE 701', 'Nachtzug']);
    expect(clockTimes(feed, 'night')?.at(-1)).toEqual([30 + 10 / 60, 30 + 10 / 60]);
  });

  test('is the same with a byte order mark, CRLF, quotes, blank lines and columns in another order', async () => {
    const stops = [
      '\u{FEFF}"stop_name",stop_lon,stop_lat,"stop_id",unknown',
      '"Altona",9.935,53.552,A,x',
      '"Berlin ""Hbf"", unten",13.369,52.525,"B",',
      '',
      'München Hbf,11.558,48.140,C',
    ].join('\r\n');
    const { feed, problems } = await readChanged({ 'stops.txt': stops });
    expect(problems).toEqual([]);
    expect([...(feed?.stops.stops.values() ?? [])].map(({ name }) => name)).toEqual([
      'Altona',
      'Berlin "Hbf", unten',
      'München Hbf',
    ]);
    const metres = trip(feed, 'day')?.calls.map((call) => Math.round((call.metres ?? -1) / 1000));
    expect(metres).toEqual([0, 256, 761]);
  });
});

describe('times', () => {
  test('that are blank are passed at an even speed', async () => {
    const blank = replaced('stop_times.txt', 'day,12:00:00,12:05:00,B,2', 'day,,,B,2');
    const { feed } = await readChanged(blank);
    const [, [berlin] = []] = clockTimes(feed, 'day') ?? [];
    expect(berlin).toBeCloseTo(10 + 6 * (254_873 / 758_922), 1);
    const unplaced = { ...blank, 'stops.txt': 'stop_id,stop_name\nA,A\nB,B\nC,C\n' };
    expect(clockTimes((await readChanged(unplaced)).feed, 'day')).toEqual([
      [10, 10],
      [13, 13],
      [16, 16],
    ]);
  });

  test('of one call alone that contradict the rest close that call, with a warning', async () => {
    const { feed, problems, warnings } = await readChanged(
      replaced('stop_times.txt', 'day,12:00:00,12:05:00,B,2', 'day,09:00:00,09:05:00,B,2'),
    );
    expect(problems).toEqual([]);
    expect(warnings).toEqual([
      'stop_times.txt:3: arrives before the trip departs from the call before: nobody can board or alight there',
    ]);
    const calls = trip(feed, 'day')?.calls ?? [];
    expect(calls.map(({ boarding, alighting }) => boarding && alighting)).toEqual([true, false, true]);
    expect(calls[1]?.arrives).toBeGreaterThan(10 * 3600);
  });

  test('follow the order of the sequence, not of the rows', async () => {
    const { feed } = await readChanged({
      'stop_times.txt':
        'trip_id,arrival_time,departure_time,stop_id,stop_sequence\n' +
        'day,16:00:00,16:00:00,C,30\nday,10:00:00,10:00:00,A,7\nday,12:00:00,12:05:00,B,20\n',
    });
    expect(trip(feed, 'day')?.calls.map(({ stopId }) => stopId)).toEqual(['A', 'B', 'C']);
  });

  test('of frequencies make a trip of every departure', async () => {
    const { feed, problems } = await readChanged({
      'frequencies.txt':
        'trip_id,start_time,end_time,headway_secs\nday,06:00:00,07:30:00,1800\nday,25:00:00,25:10:00,600\n',
    });
    expect(problems).toEqual([]);
    const departures = feed?.trips.filter(({ tripId }) => tripId === 'day') ?? [];
    expect(departures.map(({ startTime }) => startTime)).toEqual(['0600', '0630', '0700', '2500']);
    expect(departures[1]?.calls.map(({ departs }) => departs / 3600)).toEqual([6.5, 6.5 + 125 / 60, 12.5]);
  });
});

describe('days of service', () => {
  const daysOf = async (changes: FeedTexts) => {
    const { feed } = await readChanged(changes);
    const days = trip(feed, 'day')?.days ?? new Uint8Array();
    const first = Date.parse(feed?.firstDate ?? '');
    return Array.from({ length: days.length * 8 }, (_, n) => n)
      .filter((n) => ((days[n >> 3] ?? 0) >> (n & 7)) & 1)
      .map((n) => new Date(first + n * 86_400_000).toISOString().slice(0, 10));
  };
  const heading = 'service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n';
  const exceptions = 'service_id,date,exception_type\n';

  test('follow weekdays, and exceptions add and remove, 29 February included', async () => {
    expect(
      await daysOf({
        'calendar.txt': `${heading}daily,1,0,0,0,0,0,1,20280221,20280306\n`,
        'calendar_dates.txt': `${exceptions}daily,20280228,2\ndaily,20280229,1\ndaily,20280310,1\ndaily,20270101,2\n`,
      }),
    ).toEqual(['2028-02-21', '2028-02-27', '2028-02-29', '2028-03-05', '2028-03-06', '2028-03-10']);
  });

  test('can be exceptions alone', async () => {
    expect(
      await daysOf({
        'calendar.txt': undefined,
        'calendar_dates.txt': `${exceptions}daily,20280310,1\ndaily,20280301,1\n`,
      }),
    ).toEqual(['2028-03-01', '2028-03-10']);
  });
});

describe('platforms', () => {
  const stations =
    'stop_id,stop_name,location_type,parent_station,stop_code\n' +
    'S,Süd,1,,\nS1,Süd Gleis 1,0,S,\nS2,Süd Gleis 2,,S,\nN,Nord,0,,NN\nE,Eingang,2,S,\n' +
    'A,Altona,,,\nB,Berlin,,,\nC,München,,,\nU,Unbenutzt,1,,\n';

  test('stand for their station, whose entrances are no stops', async () => {
    const { feed, problems } = await readChanged({
      'stops.txt': stations,
      'stop_times.txt':
        'trip_id,arrival_time,departure_time,stop_id,stop_sequence\n' +
        'day,10:00:00,10:00:00,S1,1\nday,12:00:00,12:05:00,N,2\nnight,10:00:00,10:00:00,N,1\nnight,12:00:00,12:00:00,S2,2\n',
    });
    expect(problems).toEqual([]);
    expect([...(feed?.stops.stops.values() ?? [])].map(({ stopId, code }) => [stopId, code])).toEqual([
      ['S', 'S'],
      ['N', 'NN'],
      ['A', 'A'],
      ['B', 'B'],
      ['C', 'C'],
    ]);
    expect(trip(feed, 'day')?.calls[0]?.stopId).toBe('S');
    expect(trip(feed, 'night')?.calls[1]?.stopId).toBe('S');
  });
});
