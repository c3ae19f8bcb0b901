import { readChanged, replaced, soundFeed, withRow, type FeedTexts } from '../../support/sample-feed.ts';

/** The sound feed with rows more in several files. */
const withRows = (rows: Record<string, string>): FeedTexts =>
  Object.assign({}, ...Object.entries(rows).map(([file, row]) => withRow(file, row)));

/** The trips that are still sold, each with where it calls. */
const soldOf = async (changes: FeedTexts) => {
  const { feed, ...told } = await readChanged(changes);
  const sold = feed?.trips.map(
    ({ tripId, calls }) => `${tripId} ${calls.map(({ stopId }) => stopId).join('')}`,
  );
  return { ...told, sold, count: feed?.tripCount };
};

const whole = ['day ABC', 'night ABC'];
const stopsHeading = 'stop_id,stop_name,location_type,parent_station\n';

describe('what is wrong is left out, and the rest is sold', () => {
  test.each<[string, FeedTexts, string[], string[]]>([
    [
      'a trip of an unknown service',
      withRows({ 'trips.txt': 'R1,never,x,', 'stop_times.txt': 'x,10:00:00,10:00:00,A,1' }),
      ['trips.txt:4: service_id never is in no calendar: trip x is left out'],
      whole,
    ],
    [
      'a trip of a service that is wrong',
      withRows({
        'calendar.txt': 'odd,1,1,1,1,1,1,1,20270101,tomorrow',
        'trips.txt': 'R1,odd,x,',
      }),
      [
        'calendar.txt:3: end_date: tomorrow is not a date in the form YYYYMMDD: service odd is left out',
        'trips.txt:4: service odd is left out: trip x is left out',
      ],
      whole,
    ],
    [
      'a service whose dates can be two',
      withRows({ 'calendar.txt': 'odd,1,1,1,1,1,1,1,1/2/2027,20270301', 'trips.txt': 'R1,odd,x,' }),
      [
        'calendar.txt:3: start_date: 1/2/2027 can be 2027-01-02 or 2027-02-01: service odd is left out',
        'trips.txt:4: service odd is left out: trip x is left out',
      ],
      whole,
    ],
    [
      'times of an unknown trip',
      withRow('stop_times.txt', 'gone,10:00:00,10:00:00,A,1'),
      ['stop_times.txt:8: trip_id gone is not in trips.txt: the row is left out'],
      whole,
    ],
    [
      'a stop without a name, told once and not for each call',
      replaced('stops.txt', 'B,Berlin Hbf', 'B,'),
      ['stops.txt:3: stop_name is empty or cannot be seen: stop B is left out'],
      ['day AC', 'night AC'],
    ],
    [
      'a stop that is there twice and differs',
      withRow('stops.txt', 'B,Bernau,,'),
      ['stops.txt:5: contradicts line 3, which has the same stop_id: stop B is left out'],
      ['day AC', 'night AC'],
    ],
    [
      'a route that is there twice and differs, with its trips',
      withRow('routes.txt', 'R2,IC 9,'),
      [
        'routes.txt:4: contradicts line 3, which has the same route_id: route R2 is left out',
        'trips.txt:3: route R2 is left out: trip night is left out',
      ],
      ['day ABC'],
    ],
    [
      'a trip that is there twice and differs',
      withRow('trips.txt', 'R1,daily,day,ICE 999'),
      ['trips.txt:4: contradicts line 2, which has the same trip_id: trip day is left out'],
      ['night ABC'],
    ],
    [
      'a trip whose calls contradict each other',
      withRow('stop_times.txt', 'day,12:10:00,12:15:00,B,2'),
      ['stop_times.txt:8: stop_sequence 2 occurs twice, with different calls: trip day is left out'],
      ['night ABC'],
    ],
    [
      'a trip of one call',
      withRows({ 'trips.txt': 'R1,daily,x,', 'stop_times.txt': 'x,10:00:00,10:00:00,A,1' }),
      ['trips.txt:4: fewer than two of its calls can be sold: trip x is left out'],
      whole,
    ],
    [
      'a trip without any time',
      withRows({ 'trips.txt': 'R1,daily,x,', 'stop_times.txt': 'x,,,A,1\nx,,,B,2' }),
      ['trips.txt:4: fewer than two of its calls can be sold: trip x is left out'],
      whole,
    ],
    [
      'calls without a time at the end',
      withRow('stop_times.txt', 'day,,,A,4'),
      ['stop_times.txt:8: the first and the last call of a trip need their times: the row is left out'],
      whole,
    ],
    [
      'a trip with two calls back in time',
      withRows({
        'trips.txt': 'R1,daily,x,',
        'stop_times.txt': 'x,12:00:00,12:00:00,A,1\nx,11:50:00,11:50:00,B,2\nx,11:55:00,11:55:00,C,3',
      }),
      ['stop_times.txt:9: arrives before the trip departs from the call before: trip x is left out'],
      whole,
    ],
    [
      'frequencies of an unknown trip',
      { 'frequencies.txt': 'trip_id,start_time,end_time,headway_secs\nx,06:00:00,07:00:00,600\n' },
      ['frequencies.txt:2: trip_id x is not in trips.txt: the row is left out'],
      whole,
    ],
    [
      'a trip whose frequencies cannot be read: it does not run as its calls say either',
      { 'frequencies.txt': 'trip_id,start_time,end_time,headway_secs\nday,06:00:00,07:00:00,often\n' },
      [
        'frequencies.txt:2: headway_secs often is not a number above 0: the row is left out',
        'trips.txt:2: runs by headway, and none of its rows in frequencies.txt can be read: trip day is left out',
      ],
      ['night ABC'],
    ],
  ])('%s', async (_, changes, leftOut, sold) => {
    const read = await soldOf(changes);
    expect([read.refusals, read.leftOut, read.sold]).toEqual([[], leftOut, sold]);
  });

  test('trips count once, however they fall out', async () => {
    const { count } = await soldOf(
      withRows({
        'trips.txt': 'R9,daily,x,\nR1,never,y,\nR1,daily,,\nR1,daily,z,',
        'stop_times.txt': 'z,10:00:00,10:00:00,A,1',
      }),
    );
    expect(count).toEqual({ total: 6, leftOut: 4, onDemand: 0 });
  });

  test('rows that say the same twice count once', async () => {
    const again = (file: string) => String(soundFeed[file]).split('\n')[1] ?? '';
    const files = ['stops.txt', 'routes.txt', 'trips.txt', 'stop_times.txt', 'calendar.txt'];
    const { leftOut, warnings, sold } = await soldOf({
      ...withRows(Object.fromEntries(files.map((file) => [file, again(file)]))),
      'calendar_dates.txt': 'service_id,date,exception_type\ndaily,20270201,2\ndaily,2027-02-01,2.0\n',
    });
    expect([leftOut, sold]).toEqual([[], whole]);
    expect(warnings.map((line) => line.split(': ')[0])).toEqual([
      'calendar.txt:3',
      'calendar_dates.txt:3',
      'stops.txt:5',
      'routes.txt:4',
      'trips.txt:4',
      'stop_times.txt:8',
    ]);
  });

  test('trips on demand are told, and no loss', async () => {
    const heading = String(soundFeed['stop_times.txt']).replace(
      'stop_sequence',
      'stop_sequence,location_id,start_pickup_drop_off_window',
    );
    const { leftOut, warnings, sold, count } = await soldOf({
      ...withRow('trips.txt', 'R1,daily,taxi,\nR1,daily,detour,'),
      'stop_times.txt':
        `${heading}taxi,,,,1,zone,08:00:00\ntaxi,,,,2,zone,08:00:00\n` +
        'detour,10:00:00,,A,1,,\ndetour,,,,2,zone,10:00:00\ndetour,11:00:00,,B,3,,\n',
    });
    expect([leftOut, sold]).toEqual([[], [...whole, 'detour AB']]);
    expect(warnings).toEqual([
      'trips.txt:4: trip taxi runs on demand, at no fixed stop or time: no seat of it is sold',
      'trips.txt:5: trip detour also calls on demand, and no seat is sold for that',
    ]);
    expect(count).toEqual({ total: 4, leftOut: 0, onDemand: 1 });
  });

  test('trips on demand are told, and no loss, where a feed spells them as the draft of GTFS-Flex did', async () => {
    const heading = String(soundFeed['stop_times.txt']).replace(
      'stop_sequence',
      'stop_sequence,start_pickup_dropoff_window,end_pickup_dropoff_window',
    );
    const { leftOut, sold, count } = await soldOf({
      ...withRow('trips.txt', 'R1,daily,taxi,'),
      'stop_times.txt': `${heading}taxi,,,zone,1,08:00:00,20:00:00\ntaxi,,,zone,2,08:00:00,20:00:00\n`,
    });
    expect([leftOut, sold]).toEqual([[], whole]);
    expect(count).toEqual({ total: 3, leftOut: 0, onDemand: 1 });
  });

  test('a trip without a row in stop_times.txt is told so', async () => {
    const { leftOut, sold, count } = await soldOf(withRow('trips.txt', 'R1,daily,empty,'));
    expect(sold).toEqual(whole);
    expect(leftOut).toEqual([
      'trips.txt:4: stop_times.txt has no call of it that can be read: trip empty is left out',
    ]);
    expect(count).toEqual({ total: 3, leftOut: 1, onDemand: 0 });
  });

  test('calls at a station, at a part of a platform and at a platform whose station is unknown are sold', async () => {
    const { leftOut, warnings, sold } = await soldOf({
      'stops.txt': `${stopsHeading}A,Altona,1,\nA1,,0,A\nA1x,,4,A1\nB,Berlin,0,gone\nC,München,1.0,\nE,Eingang,2,A\n`,
      ...replaced('stop_times.txt', 'night,22:00:00,22:00:00,A,1', 'night,22:00:00,22:00:00,A1x,1'),
    });
    expect([leftOut, sold]).toEqual([[], whole]);
    expect(warnings).toEqual([
      'stops.txt:5: parent_station gone is not in this file: the stop has no station',
    ]);
  });

  test('a day that an exception may have removed is not sold', async () => {
    const { feed, leftOut } = await readChanged({
      'calendar_dates.txt':
        'service_id,date,exception_type\ndaily,1/2/2027,2\ndaily,20270110,7\ndaily,20270111,1\ndaily,20270111,2\n',
    });
    const [days] = feed?.trips.map((trip) => trip.days) ?? [];
    const runsOn = (day: number): boolean => (((days?.[day >> 3] ?? 0) >> (day & 7)) & 1) === 1;
    expect([0, 1, 2, 9, 10, 31, 32].map(runsOn)).toEqual([true, false, true, false, false, false, true]);
    expect(leftOut.map((line) => line.split(': ').slice(0, 3).join(': '))).toEqual([
      'calendar_dates.txt:2: date: 1/2/2027 can be 2027-01-02 or 2027-02-01, and service daily does not run on 2027-01-02, 2027-02-01',
      'calendar_dates.txt:3: exception_type 7 is neither 1 nor 2, and service daily does not run on 2027-01-10: the row is left out',
      'calendar_dates.txt:5: contradicts an earlier row: service daily does not run on 2027-01-11',
    ]);
  });

  test('overlapping windows of headway make no departure that only one of them has', async () => {
    const { feed, warnings } = await readChanged({
      'frequencies.txt':
        'trip_id,start_time,end_time,headway_secs,exact_times\n' +
        'day,06:00:00,09:00:00,3600,1\nday,08:30:00,10:00:00,1800,1\nday,10:00:00,10:01:00,20,0\n',
    });
    const starts = feed?.trips.filter(({ tripId }) => tripId === 'day').map(({ startTime }) => startTime);
    expect(starts).toEqual(['0600', '0700', '0800', '0900', '0930', '1000']);
    expect(warnings).toEqual([
      'frequencies.txt:3: overlaps another row of the trip: the earlier one counts until its end',
      'frequencies.txt:4: departs every 20 s: one departure a minute is sold',
    ]);
  });
});
