import { readChanged, replaced, soundFeed, withRow, type FeedTexts } from '../../support/sample-feed.ts';

describe('what is wrong with a feed is told with file, line and reason', () => {
  test.each<[string, FeedTexts, string]>([
    ['a missing file', { 'routes.txt': undefined }, 'routes.txt: the file is missing'],
    ['an empty file', { 'stops.txt': '' }, 'stops.txt: is empty'],
    [
      'no calendar at all',
      { 'calendar.txt': undefined },
      'calendar.txt: the file is missing or empty, and so is',
    ],
    [
      'a missing column',
      { 'agency.txt': 'agency_name\nX\n' },
      'agency.txt:1: lacks the column agency_timezone',
    ],
    ['a column twice', { 'agency.txt': 'a,a\nX,Y\n' }, 'agency.txt:1: the column a occurs twice'],
    ['a byte order mark alone', { 'stops.txt': Buffer.from([0xff, 0xfe]) }, 'stops.txt: is empty'],
    [
      'a quote never closed',
      withRow('stops.txt', 'D,"Dresden'),
      'stops.txt:5: has a quote that is not closed: the row is left out',
    ],
    [
      'too many fields',
      withRow('stops.txt', 'D,Dresden,1,2,3,4'),
      'stops.txt:5: has 6 fields, and the heading has 4: the row is left out',
    ],
    [
      'a stop twice',
      withRow('stops.txt', 'A,Again,,'),
      'stops.txt:5: contradicts line 2, which has the same stop_id: stop A is left out',
    ],
    ['a stop without a name', withRow('stops.txt', 'D,,,'), 'stops.txt:5: stop_name is empty'],
    [
      'a place off the earth',
      withRow('stops.txt', 'D,Dresden,91,2'),
      'stops.txt:5: stop_lat, stop_lon: 91, 2 is not',
    ],
    [
      'an agency in no zone',
      { 'agency.txt': 'agency_timezone\nEurope/Atlantis\n' },
      'agency.txt:2: agency_timezone Europe/Atlantis is not the name of one time zone',
    ],
    [
      'agencies in two zones',
      { 'agency.txt': 'agency_timezone\nEurope/Berlin\nAsia/Tokyo\n' },
      'routes.txt:2: agency without an id has no time zone that is known',
    ],
    [
      'a stop in no zone',
      { 'stops.txt': 'stop_id,stop_name,stop_timezone\nA,A,Mars/Base\n' },
      'stops.txt:2: stop_timezone Mars/Base is not the name of one time zone: stop A is left out',
    ],
    [
      'a parent that is no station',
      { 'stops.txt': 'stop_id,stop_name,parent_station\nA,A,\nB,B,A\nC,C,Z\n' },
      'stops.txt:3: parent_station A is not a station (location_type 1)',
    ],
    [
      'a trip twice',
      withRow('trips.txt', 'R1,daily,day,'),
      'trips.txt:4: contradicts line 2, which has the same trip_id: trip day is left out',
    ],
    [
      'an unknown service',
      withRow('trips.txt', 'R1,never,x,'),
      'trips.txt:4: service_id never is in no calendar',
    ],
    [
      'an unknown route',
      withRow('trips.txt', 'R9,daily,x,'),
      'trips.txt:4: route_id R9 is not in routes.txt',
    ],
    [
      'an unknown trip',
      withRow('stop_times.txt', 'x,10:00:00,10:00:00,A,1'),
      'stop_times.txt:8: trip_id x is not in trips.txt',
    ],
    [
      'an unknown stop',
      withRow('stop_times.txt', 'day,17:00:00,17:00:00,X,4'),
      'stop_times.txt:8: stop_id X is not a stop in stops.txt where trips can call',
    ],
    [
      'a minute above 59',
      withRow('stop_times.txt', 'day,25:61:00,25:61:00,A,4'),
      'stop_times.txt:8: arrival_time 25:61:00 is not a time in the form HH:MM:SS: the row is left out',
    ],
    [
      'a departure before the arrival',
      withRow('stop_times.txt', 'day,18:00:00,17:00:00,A,4'),
      'stop_times.txt:8: departs at 17:00:00, before it arrives at 18:00:00',
    ],
    [
      'a place in the order taken twice',
      withRow('stop_times.txt', 'day,18:00:00,18:00:00,A,3'),
      'stop_times.txt:8: stop_sequence 3 occurs twice, with different calls: trip day is left out',
    ],
    [
      'a last call before the one before it',
      withRow('stop_times.txt', 'day,15:00:00,15:00:00,A,4'),
      'stop_times.txt:8: arrives before the trip departs from the call before',
    ],
    [
      'a last call without a time',
      withRow('stop_times.txt', 'day,,,A,4'),
      'stop_times.txt:8: the first and the last call of a trip need their times',
    ],
    [
      'a day that does not exist',
      { 'calendar_dates.txt': 'service_id,date,exception_type\ndaily,20270229,1\n' },
      'calendar_dates.txt:2: date: 20270229 is not a date in the form YYYYMMDD: the row is left out',
    ],
    [
      'an exception twice',
      { 'calendar_dates.txt': 'service_id,date,exception_type\ndaily,20270201,2\ndaily,20270201,1\n' },
      'calendar_dates.txt:3: contradicts an earlier row: service daily does not run on 2027-02-01',
    ],
    [
      'a calendar that ends before it starts',
      replaced('calendar.txt', '20270101,20271231', '20271231,20270101'),
      'calendar.txt:2: ends on 2027-01-01, before it starts on 2027-12-31',
    ],
    [
      'a calendar for ever',
      replaced('calendar.txt', '20271231', '99991231'),
      'calendar.txt: services run from 2027-01-01 to 9999-12-31: only the days from 2027-01-01 to 2030-01-03',
    ],
    [
      'two departures of a frequency in one minute',
      { 'frequencies.txt': 'trip_id,start_time,end_time,headway_secs\nday,06:00:00,07:00:00,30\n' },
      'frequencies.txt:2: departs every 30 s: one departure a minute is sold',
    ],
  ])('%s', async (_, changes, problem) => {
    const { problems: faults, warnings } = await readChanged(changes);
    const problems = [...faults, ...warnings];
    expect(problems.find((each) => each.startsWith(problem)) ?? problems).toEqual(
      expect.stringContaining(problem),
    );
  });

  test('all at once, in whichever file', async () => {
    const { problems } = await readChanged({
      ...withRow('stops.txt', 'D,,,'),
      ...withRow('trips.txt', 'R9,never,x,'),
      ...withRow('stop_times.txt', 'day,24:60:00,,A,z'),
    });
    expect(problems).toEqual([
      'stops.txt:5: stop_name is empty or cannot be seen: stop D is left out',
      'trips.txt:4: route_id R9 is not in routes.txt: trip x is left out',
      'stop_times.txt:8: stop_sequence z is not a whole number: the row is left out',
    ]);
  });

  test('a trip with 281 calls is too long to be sold', async () => {
    const rows = Array.from(
      { length: 281 },
      (_, n) => `day,${10 + Math.floor(n / 2)}:00:00,${10 + Math.floor(n / 2)}:00:00,${'ABC'[n % 3]},${n}`,
    );
    const heading = String(soundFeed['stop_times.txt']).split('\n')[0];
    const { problems } = await readChanged({ 'stop_times.txt': [heading, ...rows, ''].join('\n') });
    expect(problems[0]).toBe(
      'stop_times.txt:282: has 281 calls, and at most 280 can be sold: trip day is left out',
    );
  });
});
