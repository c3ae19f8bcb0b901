import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** A line has this many stops, which its trips all call at. */
const stopsPerLine = 25;
const tripsPerLine = 40;
/** Lines share every fifth stop with the line before, so that there are stops at which many trips call. */
const sharedEvery = 5;

const time = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}:00`;

const stopOf = (line: number, at: number): string =>
  `S${at % sharedEvery === 0 ? line - (line % 2) : line}-${at}`;

/**
 * Writes a feed of a country's size into a folder, always the same for a number: lines of 25 stops, 40 trips a day on
 * each, on weekdays or at weekends. Returns the folder.
 */
export const makeFeed = (folder: string, stopTimes: number): string => {
  mkdirSync(folder, { recursive: true });
  const lines = Math.ceil(stopTimes / (stopsPerLine * tripsPerLine));
  const write = (file: string, heading: string, rowsOf: (line: number) => string[]): void => {
    const to = openSync(join(folder, file), 'w');
    writeSync(to, `${heading}\n`);
    for (let line = 0; line < lines; line += 1) {
      const rows = rowsOf(line);
      if (rows.length > 0) writeSync(to, `${rows.join('\n')}\n`);
    }
    closeSync(to);
  };
  const stops = Array.from({ length: stopsPerLine }, (_, at) => at);
  const trips = Array.from({ length: tripsPerLine }, (_, trip) => trip);
  writeFileSync(
    join(folder, 'agency.txt'),
    'agency_id,agency_name,agency_url,agency_timezone\nA,Made,https://made.example,Europe/Berlin\n',
  );
  writeFileSync(
    join(folder, 'calendar.txt'),
    'service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n' +
      'week,1,1,1,1,1,0,0,20270101,20271231\nend,0,0,0,0,0,1,1,20270101,20271231\n',
  );
  write('routes.txt', 'route_id,agency_id,route_short_name,route_type', (line) => [`R${line},A,${line},2`]);
  write('stops.txt', 'stop_id,stop_name,stop_lat,stop_lon', (line) =>
    stops
      .filter((at) => stopOf(line, at).startsWith(`S${line}-`))
      .map(
        (at) =>
          `S${line}-${at},Halt ${line}.${at},${(40 + line / 100).toFixed(4)},${(5 + at / 20).toFixed(4)}`,
      ),
  );
  write('trips.txt', 'route_id,service_id,trip_id,trip_headsign', (line) =>
    trips.map((trip) => `R${line},${trip % 4 === 3 ? 'end' : 'week'},T${line}-${trip},Halt ${line}.24`),
  );
  write('stop_times.txt', 'trip_id,arrival_time,departure_time,stop_id,stop_sequence', (line) =>
    trips.flatMap((trip) =>
      stops.map((at) => {
        const minutes = 300 + trip * 25 + at * 7;
        return `T${line}-${trip},${time(minutes)},${time(minutes + 1)},${stopOf(line, at)},${at + 1}`;
      }),
    ),
  );
  return folder;
};
