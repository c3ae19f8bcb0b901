import { openFeed } from '../../../shared/feeds/open-feed.ts';
import { problemList, problemText, UnreadableFile } from '../../../shared/feeds/problems.ts';
import { readFeed, type Feed } from '../../../shared/feeds/read-feed.ts';
import { soundFeed, withRow, writeFeed, type FeedTexts } from '../../support/sample-feed.ts';

const readFrom = async (
  path: string,
): Promise<{ feed: Feed | undefined; problems: string[]; warnings: string[] }> => {
  const problems = problemList();
  const files = await openFeed(path).catch((error: unknown) => {
    if (!(error instanceof UnreadableFile)) throw error;
    problems.report(error.file, error.line, error.message);
    return undefined;
  });
  const feed = files && (await readFeed({ files, problems, onProgress: () => undefined }));
  files?.close();
  return {
    feed,
    problems: problems.listed().map(problemText),
    warnings: feed?.warnings.listed().map(problemText) ?? [],
  };
};

const read = (changes: FeedTexts = {}) => readFrom(writeFeed(changes));

const trip = (feed: Feed | undefined, tripId: string) => feed?.trips.find((each) => each.tripId === tripId);
const clockTimes = (feed: Feed | undefined, tripId: string) =>
  trip(feed, tripId)?.calls.map(({ arrives, departs }) => [arrives / 3600, departs / 3600]);
const replaced = (file: string, from: string, to: string): FeedTexts => {
  const text = String(soundFeed[file]);
  expect(text).toContain(from);
  return { [file]: text.replace(from, to) };
};

describe('a sound feed', () => {
  test('is read without a word', async () => {
    const { feed, problems, warnings } = await read();
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
    const { feed, problems } = await read({ 'stops.txt': stops });
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

describe('what is wrong with a feed is told with file, line and reason', () => {
  test.each<[string, FeedTexts, string]>([
    ['a missing file', { 'routes.txt': undefined }, 'routes.txt: the file is missing'],
    ['an empty file', { 'stops.txt': '' }, 'stops.txt: is empty'],
    ['no calendar at all', { 'calendar.txt': undefined }, 'calendar.txt: the file is missing, and so is'],
    [
      'a missing column',
      { 'agency.txt': 'agency_name\nX\n' },
      'agency.txt:1: lacks the column agency_timezone',
    ],
    ['a column twice', { 'agency.txt': 'a,a\nX,Y\n' }, 'agency.txt:1: the column a stands there twice'],
    [
      'text that is not UTF-8',
      { 'stops.txt': Buffer.from([0xff, 0xfe, 0x41]) },
      'stops.txt: is not UTF-8 text',
    ],
    ['a quote never closed', withRow('stops.txt', 'D,"Dresden'), 'stops.txt:5: Quote Not Closed'],
    [
      'too many fields',
      withRow('stops.txt', 'D,Dresden,1,2,3,4'),
      'stops.txt:5: has 6 fields, the heading has 4',
    ],
    ['a stop twice', withRow('stops.txt', 'A,Again,,'), 'stops.txt:5: the stop_id A stands there twice'],
    ['a stop without a name', withRow('stops.txt', 'D,,,'), 'stops.txt:5: stop_name is empty'],
    [
      'a place off the earth',
      withRow('stops.txt', 'D,Dresden,91,2'),
      'stops.txt:5: stop_lat, stop_lon: 91, 2 is not',
    ],
    [
      'an agency in no zone',
      { 'agency.txt': 'agency_timezone\nEurope/Atlantis\n' },
      'agency.txt:2: agency_timezone Europe/Atlantis is not a time zone',
    ],
    [
      'agencies in two zones',
      { 'agency.txt': 'agency_timezone\nEurope/Berlin\nAsia/Tokyo\n' },
      'agency.txt:3: agency_timezone Asia/Tokyo: the one before is Europe/Berlin',
    ],
    [
      'a stop in no zone',
      { 'stops.txt': 'stop_id,stop_name,stop_timezone\nA,A,Mars/Base\n' },
      'stops.txt:2: stop_timezone Mars/Base is not a time zone',
    ],
    [
      'a parent that is no station',
      { 'stops.txt': 'stop_id,stop_name,parent_station\nA,A,\nB,B,A\nC,C,Z\n' },
      'stops.txt:3: parent_station A is not a station (location_type 1)',
    ],
    [
      'a trip twice',
      withRow('trips.txt', 'R1,daily,day,'),
      'trips.txt:4: the trip_id day stands there twice',
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
      'stop_times.txt:8: arrival_time 25:61:00 is not a time written HH:MM:SS',
    ],
    [
      'a departure before the arrival',
      withRow('stop_times.txt', 'day,18:00:00,17:00:00,A,4'),
      'stop_times.txt:8: departs at 17:00:00, before it arrives at 18:00:00',
    ],
    [
      'a place in the order taken twice',
      withRow('stop_times.txt', 'day,18:00:00,18:00:00,A,3'),
      'stop_times.txt:8: stop_sequence 3 comes twice',
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
      'calendar_dates.txt:2: date: 20270229 is not a day written YYYYMMDD',
    ],
    [
      'an exception twice',
      { 'calendar_dates.txt': 'service_id,date,exception_type\ndaily,20270201,2\ndaily,20270201,1\n' },
      'calendar_dates.txt:3: service daily has 2027-02-01 twice',
    ],
    [
      'a calendar that ends before it starts',
      replaced('calendar.txt', '20270101,20271231', '20271231,20270101'),
      'calendar.txt:2: ends on 2027-01-01, before it starts on 2027-12-31',
    ],
    [
      'a calendar for ever',
      replaced('calendar.txt', '20271231', '99991231'),
      'calendar.txt: services from 2027-01-01 to 9999-12-31: at most 30 years',
    ],
    [
      'two departures of a frequency in one minute',
      { 'frequencies.txt': 'trip_id,start_time,end_time,headway_secs\nday,06:00:00,07:00:00,30\n' },
      'frequencies.txt:2: trip day departs twice at 0600',
    ],
  ])('%s', async (_, changes, problem) => {
    const { problems } = await read(changes);
    expect(problems.find((each) => each.startsWith(problem)) ?? problems).toEqual(
      expect.stringContaining(problem),
    );
  });

  test('all at once, in whichever file', async () => {
    const { problems } = await read({
      ...withRow('stops.txt', 'D,,,'),
      ...withRow('trips.txt', 'R9,never,x,'),
      ...withRow('stop_times.txt', 'x,24:60:00,,A,z'),
    });
    expect(problems).toEqual([
      'stops.txt:5: stop_name is empty',
      'trips.txt:4: route_id R9 is not in routes.txt',
      'trips.txt:4: service_id never is in no calendar',
      'stop_times.txt:8: stop_sequence z is not a whole number',
    ]);
  });

  test('a trip with 61 calls is too long to be sold', async () => {
    const rows = Array.from(
      { length: 61 },
      (_, n) => `day,${10 + n}:00:00,${10 + n}:00:00,${'ABC'[n % 3]},${n}`,
    );
    const heading = String(soundFeed['stop_times.txt']).split('\n')[0];
    const { problems } = await read({ 'stop_times.txt': [heading, ...rows, ''].join('\n') });
    expect(problems).toEqual(['stop_times.txt:62: a trip with 61 calls: at most 60 can be sold']);
  });
});

describe('times', () => {
  test('that are blank are passed at an even speed', async () => {
    const blank = replaced('stop_times.txt', 'day,12:00:00,12:05:00,B,2', 'day,,,B,2');
    const { feed } = await read(blank);
    const [, [berlin] = []] = clockTimes(feed, 'day') ?? [];
    expect(berlin).toBeCloseTo(10 + 6 * (254_873 / 758_922), 1);
    const unplaced = { ...blank, 'stops.txt': 'stop_id,stop_name\nA,A\nB,B\nC,C\n' };
    expect(clockTimes((await read(unplaced)).feed, 'day')).toEqual([
      [10, 10],
      [13, 13],
      [16, 16],
    ]);
  });

  test('of one call alone that contradict the rest close that call, with a warning', async () => {
    const { feed, problems, warnings } = await read(
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
    const { feed } = await read({
      'stop_times.txt':
        'trip_id,arrival_time,departure_time,stop_id,stop_sequence\n' +
        'day,16:00:00,16:00:00,C,30\nday,10:00:00,10:00:00,A,7\nday,12:00:00,12:05:00,B,20\n',
    });
    expect(trip(feed, 'day')?.calls.map(({ stopId }) => stopId)).toEqual(['A', 'B', 'C']);
  });

  test('of frequencies make a trip of every departure', async () => {
    const { feed, problems } = await read({
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
    const { feed } = await read(changes);
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
    const { feed, problems } = await read({
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
