import { randomBytes } from 'node:crypto';
import { codeFits } from '../../../shared/tickets/code-room.ts';
import { codeLengthMax } from '../../../shared/tickets/code-length.ts';
import { drawCode } from '../../../shared/tickets/draw-code.ts';
import { stopIdSchema, tripIdSchema, serviceDateSchema } from '../../../shared/platform/ids.ts';
import { runIdOf } from '../../../shared/timetable/run-id.ts';
import { readChanged, replaced, soundFeed, withRow } from '../../support/sample-feed.ts';

const tripsOf = async (changes: Parameters<typeof readChanged>[0]) => {
  const { feed, leftOut } = await readChanged(changes);
  return { trips: feed?.trips.map(({ tripId }) => tripId), leftOut, stops: feed?.stops.stops };
};

/** The sound feed with another id for a stop or a trip, wherever it occurs. */
const renamed = (files: string[], from: RegExp, to: string) =>
  Object.fromEntries(files.map((file) => [file, String(soundFeed[file]).replaceAll(from, to)]));

describe('ids', () => {
  test('that are too long for the code of a ticket leave their trip out before anybody pays for it', async () => {
    const [station, train] = ['站'.repeat(199), '车'.repeat(60)];
    const { trips, leftOut } = await tripsOf({
      ...renamed(['stops.txt'], /^A,/gm, `${station}A,`),
      ...withRow('trips.txt', `R1,daily,${train},K1`),
      'stop_times.txt':
        String(soundFeed['stop_times.txt']) +
        `${train},10:00:00,10:00:00,${station}A,1\n${train},11:00:00,11:00:00,B,2\n`,
    });
    expect(trips?.every((trip) => trip.length < 60)).toBe(true);
    expect(leftOut.at(-1)).toContain('its id and those of its stops are too long for the code of a ticket');
  });

  test.each(['https://example.com/trips/42?day=1&x=%20', '🚄🚄', '100%', 'a b/c#d'])(
    'like %j are sold',
    async (id) => {
      const { trips, leftOut } = await tripsOf(renamed(['trips.txt', 'stop_times.txt'], /\bday\b/g, id));
      expect([trips, leftOut]).toEqual([[id, 'night'], []]);
    },
  );

  test('that fit make a code that can be drawn, and a code of the greatest length can be', async () => {
    const runId = runIdOf(tripIdSchema.parse('t'.repeat(200)), serviceDateSchema.parse('2027-01-01'), '2359');
    const stop = (length: number) => stopIdSchema.parse('s'.repeat(length));
    expect([codeFits(runId, stop(100), stop(100)), codeFits(runId, stop(200), stop(200))]).toEqual([
      true,
      true,
    ]);
    const long = runIdOf(tripIdSchema.parse('车'.repeat(70)), serviceDateSchema.parse('2027-01-01'));
    expect(codeFits(long, stopIdSchema.parse('站'.repeat(199)), stop(200))).toBe(false);
    const code = randomBytes(codeLengthMax).toString('base64url').slice(0, codeLengthMax);
    expect((await drawCode(code)).length).toBeGreaterThan(1000);
  });
});

test.each(['*', '__proto__'])(
  'a trip whose id is %s, which means something else to fares, is left out',
  async (id) => {
    const { trips, leftOut } = await tripsOf(renamed(['trips.txt', 'stop_times.txt'], /\bday\b/g, id));
    expect(trips).toEqual(['night']);
    expect(leftOut).toEqual([`trips.txt:2: trip_id ${id} is reserved for fares: trip ${id} is left out`]);
  },
);

describe('what stands beside names', () => {
  const long = 'x'.repeat(201);
  test('counts as empty where it is too long, and the operator is told', async () => {
    const { feed, warnings } = await readChanged({
      'stops.txt': [
        'stop_id,stop_name,stop_code,stop_city,stop_initials',
        `A,Altona,${long},${long},${long}`,
        'B,Berlin Hbf,,,',
        'C,München Hbf,,,',
      ].join('\n'),
      'trips.txt': `route_id,service_id,trip_id,trip_headsign\nR1,daily,day,${long}\nR2,daily,night,\n`,
      'stop_times.txt': String(soundFeed['stop_times.txt'])
        .replaceAll(/$/gm, `,`)
        .replace('stop_sequence,', 'stop_sequence,stop_headsign')
        .replace('A,1,', `A,1,${long}`)
        .replace(/\n,$/, ''),
    });
    expect(feed?.stops.stops.get(stopIdSchema.parse('A'))).toEqual({
      stopId: 'A',
      name: 'Altona',
      code: 'A',
      timeZone: 'Europe/Berlin',
    });
    const trip = feed?.trips.find(({ tripId }) => tripId === 'day');
    expect([trip?.headsign, ...(trip?.calls.map(({ headsign }) => headsign) ?? [])]).toEqual(
      Array.from({ length: 4 }),
    );
    expect(warnings).toEqual([
      'stops.txt:2: stop_initials has more than 200 characters: it counts as empty',
      'stops.txt:2: stop_city has more than 200 characters: it counts as empty',
      'stops.txt:2: stop_code has more than 200 characters: it counts as empty',
      'trips.txt:2: trip_headsign has more than 200 characters: it counts as empty',
      'stop_times.txt:2: stop_headsign has more than 200 characters: it counts as empty',
    ]);
  });
});

describe('names', () => {
  test.each([
    ['\u{200B}\u{FEFF}', undefined],
    ['\u{301}', undefined],
    ['\u{3164}', undefined],
    ['x'.repeat(201), undefined],
    ['Ber\u{7}lin\u{202E} Hbf', 'Berlin Hbf'],
    ['Berlin \u{A0} Hbf', 'Berlin Hbf'],
    ['👨\u{200D}👩\u{200D}👧 Station', '👨\u{200D}👩\u{200D}👧 Station'],
    ['می\u{200C}خواهم', 'می\u{200C}خواهم'],
  ])('of stops, as %j, have what can be seen: %j', async (written, name) => {
    const { stops } = await tripsOf(replaced('stops.txt', 'Berlin Hbf', written));
    expect(stops?.get(stopIdSchema.parse('B'))?.name).toBe(name);
  });
});
