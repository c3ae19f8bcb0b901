import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { corridor, kilometre, trains, type Train } from './corridor.ts';

/**
 * Writes the files of the demo's feed of cn-rail into its folder: `node cli/demo-feed/make.ts`. They are kept in the
 * repository, so that the demo is an import like any other; layouts.json is written by hand.
 */
const metresPerMinute = 5100;
/** What a stop costs beside the time it stands: braking and getting away again. */
const minutesPerStop = 3;
const minutesStanding = 2;
const lineKilometres = 1318;

/** Adult fares for the whole line in fen, as published for its best-known trains; pro rata in steps of half a yuan. */
const wholeLineFares = { second: 55_300, first: 93_300, business: 174_800 } as const;
const fareStep = 50;

const clock = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}:00`;

const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

const stopTimesOf = ({ name, departs, stops }: Train): string[] => {
  const start = minutesOf(departs);
  const first = stops[0];
  return stops.map((stop, at) => {
    const running = first ? (Math.abs(kilometre(stop) - kilometre(first)) * 1000) / metresPerMinute : 0;
    const before = Math.max(0, at - 1) * (minutesPerStop + minutesStanding);
    const arrives = start + Math.round(running + before);
    const leaves = at === 0 || at === stops.length - 1 ? arrives : arrives + minutesStanding;
    return [name, clock(arrives), clock(leaves), stop, at + 1].join(',');
  });
};

const fareRows = (): string[] =>
  corridor.flatMap(([from]) =>
    corridor
      .filter(([to]) => to !== from)
      .flatMap(([to]) => {
        const share = Math.abs(kilometre(to) - kilometre(from)) / lineKilometres;
        return Object.entries(wholeLineFares).map(([name, whole]) => {
          const amount = share === 1 ? whole : Math.round((whole * share) / fareStep) * fareStep;
          return ['*', from, to, name, amount, 'CNY'].join(',');
        });
      }),
  );

const table = (heading: string, rows: readonly string[]): string => `${[heading, ...rows].join('\n')}\n`;

/** Every file's name and text. */
export const demoFeed = (): Record<string, string> => ({
  'agency.txt': table('agency_id,agency_name,agency_url,agency_timezone,agency_lang', [
    'keyun,客运铁路,https://example.com,Asia/Shanghai,zh',
  ]),
  'stops.txt': table(
    'stop_id,stop_code,stop_name,stop_lat,stop_lon',
    corridor.map(([id, name, , lat, lon]) => [id, id, name, lat, lon].join(',')),
  ),
  'routes.txt': table('route_id,agency_id,route_short_name,route_long_name,route_type', [
    'JH,keyun,京沪高铁,北京南—上海虹桥,2',
  ]),
  'trips.txt': table(
    'route_id,service_id,trip_id,trip_short_name',
    trains.map(({ name }) => ['JH', 'daily', name, name].join(',')),
  ),
  'stop_times.txt': table(
    'trip_id,arrival_time,departure_time,stop_id,stop_sequence',
    trains.flatMap(stopTimesOf),
  ),
  'calendar.txt': table(
    'service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date',
    ['daily,1,1,1,1,1,1,1,20260101,20351231'],
  ),
  'fares.csv': table('trip,from,to,class,amount,currency', fareRows()),
});

if (import.meta.main) {
  for (const [file, text] of Object.entries(demoFeed())) {
    writeFileSync(join(import.meta.dirname, '../../carriers/cn-rail/demo', file), text);
  }
}
