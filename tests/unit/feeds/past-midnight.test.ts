import { readChanged, soundFeed } from '../../support/sample-feed.ts';

/** A trip with these times of arrival and departure; what is read of it and what is told. */
const tripWith = async (...times: string[]) => {
  const stops = ['A', 'B', 'C'];
  const rows = times.map((each, at) => `late,${each.replace(' ', ',')},${stops[at % 3]},${at + 1}\n`);
  const { feed, leftOut, warnings } = await readChanged({
    'trips.txt': `${soundFeed['trips.txt']}R1,daily,late,\n`,
    'stop_times.txt': `${soundFeed['stop_times.txt']}${rows.join('')}`,
  });
  const trip = feed?.trips.find(({ tripId }) => tripId === 'late');
  return {
    minutes: trip?.calls.map(({ arrives, departs }) => [arrives / 60, departs / 60]),
    leftOut,
    warnings,
  };
};

describe('times that begin again at midnight', () => {
  test('are those of the next day, and the import says so', async () => {
    const read = await tripWith(
      '23:10:00 23:10:00',
      '23:50:00 23:51:00',
      '00:02:00 00:03:00',
      '00:30:00 00:30:00',
    );
    expect(read.minutes).toEqual([
      [1390, 1390],
      [1430, 1431],
      [1442, 1443],
      [1470, 1470],
    ]);
    expect([read.leftOut, read.warnings]).toEqual([
      [],
      [
        'stop_times.txt:10: begins again at midnight: this and the later times of the trip are taken a day later',
      ],
    ]);
  });

  test('may do so while the trip stands at a stop, and calls between may have no time', async () => {
    const read = await tripWith('23:10:00 23:10:00', '23:59:00 00:01:00', ' ', '00:21:00 00:21:00');
    expect(read.minutes?.[1]).toEqual([1439, 1441]);
    expect(read.minutes?.at(-1)).toEqual([1461, 1461]);
    expect(read.leftOut).toEqual([]);
  });

  test('may do so twice', async () => {
    const read = await tripWith(
      '22:30:00 22:30:00',
      '01:00:00 01:00:00',
      '22:30:00 22:30:00',
      '01:15:00 01:15:00',
    );
    expect(read.minutes?.at(-1)).toEqual([2955, 2955]);
  });

  test.each([
    [
      'a slip in the hours',
      ['08:00:00 08:00:00', '23:50:00 23:50:00', '09:00:00 09:00:00', '10:00:00 10:00:00'],
    ],
    [
      'a trip back in time',
      ['20:00:00 20:00:00', '15:00:00 15:00:00', '16:00:00 16:00:00', '17:00:00 17:00:00'],
    ],
    [
      'more than midnight',
      ['23:30:00 23:30:00', '00:10:00 00:10:00', '00:05:00 00:05:00', '00:01:00 00:01:00'],
    ],
  ])('are not guessed from %s', async (_, times) => {
    const { minutes, leftOut } = await tripWith(...times);
    expect(minutes).toBeUndefined();
    expect(leftOut).toEqual([expect.stringContaining('trip late is left out')]);
  });
});
