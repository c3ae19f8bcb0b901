import { tripIdSchema, type TripId } from '../platform/ids.ts';
import { isTimeZone } from '../platform/time.ts';
import { escapeTripId } from '../timetable/run-id.ts';
import type { ProblemList } from './problems.ts';
import type { Row } from './read-table.ts';

export const agencyTable = { file: 'agency.txt', required: ['agency_timezone'] };
export const routesTable = { file: 'routes.txt', required: ['route_id'] };
export const tripsTable = { file: 'trips.txt', required: ['route_id', 'service_id', 'trip_id'] };

/** The time zone of all times of a feed; GTFS requires all its agencies to have the same one. */
export const agencyReader = (problems: ProblemList) => {
  let timeZone: string | undefined;
  const onRow = ({ line, text }: Row): void => {
    const zone = text('agency_timezone');
    if (!isTimeZone(zone)) {
      return problems.report(agencyTable.file, line, `agency_timezone ${zone} is not a time zone`);
    }
    if (timeZone !== undefined && zone !== timeZone) {
      return problems.report(
        agencyTable.file,
        line,
        `agency_timezone ${zone}: the one before is ${timeZone}`,
      );
    }
    timeZone = zone;
    return undefined;
  };
  return { onRow, finish: () => timeZone };
};

export type FeedRoute = { routeId: string; name: string };

export const routeReader = (problems: ProblemList) => {
  const routes = new Map<string, FeedRoute>();
  const onRow = ({ line, text }: Row): void => {
    const routeId = text('route_id');
    if (!routeId) return problems.report(routesTable.file, line, 'route_id is empty');
    if (routes.has(routeId)) {
      return problems.report(routesTable.file, line, `the route_id ${routeId} occurs twice`);
    }
    routes.set(routeId, { routeId, name: text('route_short_name') || text('route_long_name') });
    return undefined;
  };
  return { onRow, finish: () => routes };
};

/** A row of trips.txt. `name` is the public name: the trip's own, or else the route's, or else the id. */
export type TripRow = { line: number; tripId: TripId; routeId: string; serviceId: string; name: string };

/** A run's id contains the date and start time too, and must fit into 700 characters. */
const escapedIdMax = 680;

export const tripReader = (
  routes: ReadonlyMap<string, FeedRoute>,
  services: ReadonlyMap<string, unknown>,
  problems: ProblemList,
) => {
  const trips = new Map<string, TripRow>();
  const onRow = ({ line, text }: Row): void => {
    const report = (reason: string): void => problems.report(tripsTable.file, line, reason);
    const [routeId, serviceId] = [text('route_id'), text('service_id')];
    const tripId = tripIdSchema.safeParse(text('trip_id')).data;
    if (!tripId) return report('trip_id is empty or longer than 200 characters');
    if (escapeTripId(tripId).length > escapedIdMax) return report('trip_id is too long for a run id');
    if (trips.has(tripId)) return report(`the trip_id ${tripId} occurs twice`);
    const route = routes.get(routeId);
    if (!route) report(`route_id ${routeId} is not in routes.txt`);
    if (!services.has(serviceId)) report(`service_id ${serviceId} is in no calendar`);
    const name = text('trip_short_name') || route?.name || tripId;
    trips.set(tripId, { line, tripId, routeId, serviceId, name });
    return undefined;
  };
  return { onRow, finish: () => trips };
};
