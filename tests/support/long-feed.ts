import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { writeFeed } from './sample-feed.ts';

const rows = (count: number, row: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => row(n)).join('\n');

const clock = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}:00`;

export type LongTrip = { name: string; calls: number; places: number; classes?: readonly string[] };

/**
 * A feed of trips with many calls, three minutes apart from eight o'clock on, at the stops S0, S1 … of one line; in
 * December 2026, in Shanghai. Each has one
 * coach a class, second alone where nothing is said, with so many places without numbers.
 */
export const longFeed = (trips: readonly LongTrip[]): { source: string; layouts: string } => {
  const stops = Math.max(...trips.map(({ calls }) => calls));
  const source = writeFeed({
    'agency.txt': 'agency_name,agency_timezone\nMetro,Asia/Shanghai\n',
    'stops.txt': `stop_id,stop_name,stop_lat,stop_lon\n${rows(stops, (n) => `S${n},Halt ${n},${(30 + n / 100).toFixed(2)},121`)}\n`,
    'routes.txt': 'route_id,route_short_name\nR1,A\n',
    'trips.txt': `route_id,service_id,trip_id,trip_short_name\n${trips.map(({ name }) => `R1,daily,${name},${name}`).join('\n')}\n`,
    'stop_times.txt': `trip_id,arrival_time,departure_time,stop_id,stop_sequence\n${trips
      .map(({ name, calls }) =>
        rows(calls, (n) => `${name},${clock(480 + 3 * n)},${clock(480 + 3 * n)},S${n},${n}`),
      )
      .join('\n')}\n`,
    'calendar.txt':
      'service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n' +
      'daily,1,1,1,1,1,1,1,20261201,20261231\n',
  });
  const layouts = join(source, 'layouts.json');
  const coaches = ({ places, classes = ['second'] }: LongTrip) =>
    classes.map((cls, n) => ({ coach: String(n + 1), class: cls, seats: { count: places } }));
  writeFileSync(
    layouts,
    JSON.stringify({
      layouts: trips.map((trip) => ({ layoutId: trip.name, coaches: coaches(trip) })),
      assign: trips.map(({ name }) => ({ layout: name, trips: [name] })),
    }),
  );
  return { source, layouts };
};
