import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Carrier } from '../../shared/platform/carrier.ts';
import { providerNames } from '../../shared/payments/known-providers.ts';
import type { SmokePlan, SmokeTrip } from './plan.ts';

const table = (...rows: readonly string[]): string => `${rows.join('\n')}\n`;

/** `HH:MM:SS` of a service day, beyond 24:00:00 after midnight. */
const timeOf = (seconds: number): string =>
  [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');

const rideSeconds = 1800;

const callsOf = ({ from, to }: SmokePlan, { tripId, departs }: SmokeTrip): string[] => [
  `${tripId},${timeOf(departs)},${timeOf(departs)},${from},1`,
  `${tripId},${timeOf(departs + rideSeconds)},${timeOf(departs + rideSeconds)},${to},2`,
];

/** Seats of this class, for little, and yet for more than the least that providers charge in most currencies. */
export const smokeClass = 'standard';
const fareMinorUnits = 20_000;

const layoutOf = (layoutId: string, seats: number) => ({
  layoutId,
  coaches: [{ coach: '1', class: smokeClass, seats: Array.from({ length: seats }, (_, n) => String(n + 1)) }],
});

/**
 * The files of the test carrier's feed: two stops, a trip with one seat, one with a seat for a purchase with each provider, and
 * a fare.
 */
const filesOf = (
  plan: SmokePlan,
  { timeZone, currency }: Pick<Carrier, 'timeZone' | 'currency'>,
): Record<string, string> => {
  const { mark, from, to, soon, later } = plan;
  const trips = [soon, later];
  const layouts = {
    layouts: [layoutOf(mark, 1), layoutOf(`${mark}-later`, providerNames.length)],
    assign: [
      { layout: `${mark}-later`, trips: [later.tripId] },
      { layout: mark, default: true },
    ],
  };
  return {
    'agency.txt': table('agency_name,agency_url,agency_timezone', `${mark},https://example.com,${timeZone}`),
    'stops.txt': table(
      'stop_id,stop_name,stop_lat,stop_lon',
      `${from},${from},0.1,0.1`,
      `${to},${to},0.2,0.2`,
    ),
    'routes.txt': table('route_id,route_short_name,route_type', `${mark},${mark},2`),
    'trips.txt': table(
      'route_id,service_id,trip_id',
      ...trips.map(({ tripId }) => `${mark},${tripId},${tripId}`),
    ),
    'calendar_dates.txt': table(
      'service_id,date,exception_type',
      ...trips.map(({ tripId, date }) => `${tripId},${date.replaceAll('-', '')},1`),
    ),
    'stop_times.txt': table(
      'trip_id,arrival_time,departure_time,stop_id,stop_sequence',
      ...trips.flatMap((trip) => callsOf(plan, trip)),
    ),
    'layouts.json': JSON.stringify(layouts),
    'fares.csv': table(
      'trip,from,to,class,amount,currency',
      `*,${from},${to},${smokeClass},${fareMinorUnits},${currency}`,
    ),
  };
};

/** Writes the feed into a folder; returns what an import gets. */
export const writeSmokeFeed = (
  folder: string,
  plan: SmokePlan,
  carrier: Pick<Carrier, 'timeZone' | 'currency'>,
): { source: string; options: { layouts: string; fares: string } } => {
  const source = join(folder, 'feed');
  mkdirSync(source);
  const beside = { layouts: join(folder, 'layouts.json'), fares: join(folder, 'fares.csv') };
  for (const [name, text] of Object.entries(filesOf(plan, carrier)))
    writeFileSync(join(/^(?:layouts|fares)\./.test(name) ? folder : source, name), text);
  return { source, options: beside };
};
