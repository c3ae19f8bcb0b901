import { any } from '../fares/model.ts';
import { tripIdSchema, type TripId } from '../platform/ids.ts';
import { escapeTripId } from '../timetable/run-id.ts';
import type { Found, ProblemList } from './problems.ts';
import type { FeedRoute, FeedRoutes } from './read-routes.ts';
import type { Services } from './read-services.ts';
import type { Row } from './read-table.ts';
import { isName, nameLengthMax, nameOf, textBeside } from './visible-names.ts';

const file = 'trips.txt';
export const tripsTable = { file, required: ['route_id', 'service_id', 'trip_id'] };

/**
 * A row of trips.txt. `name` is the public name: the trip's own, or else the route's, or else the id. `nameField` is
 * the column of that name, for its translations. `headsign` is empty if the row has none.
 */
export type TripRow = {
  line: number;
  tripId: TripId;
  routeId: string;
  serviceId: string;
  name: string;
  nameField: 'trips.trip_short_name' | FeedRoute['nameField'];
  headsign: string;
};

/** The trips of a feed, and those that are left out for any reason. */
export type TripList = {
  rows: ReadonlyMap<string, TripRow>;
  leaveOut: (tripId: string, found: Found) => void;
  isLeftOut: (tripId: string) => boolean;
  /** Sets aside a valid trip on which nobody sells seats. */
  setAside: (tripId: string) => void;
  count: () => TripCount;
};

/** The number of trips of a feed, of those that are left out, and of those that passengers order. */
export type TripCount = { total: number; leftOut: number; onDemand: number };

/** A run's id contains the date and start time too, and must fit into 700 characters. */
const escapedIdMax = 680;

/** Fares have an entry for any trip, and no object keeps an entry of its own by the other name. */
const reservedIds: ReadonlySet<string> = new Set([any, '__proto__']);

export const tripReader = (routes: FeedRoutes, services: Services, problems: ProblemList) => {
  const rows = new Map<string, TripRow>();
  const leftOut = new Set<string>();
  let [nameless, onDemand] = [0, 0];
  const leaveOut = (tripId: string, found: Found): void => {
    rows.delete(tripId);
    leftOut.add(tripId);
    problems.leaveOut('trip', tripId, found);
  };
  const onRow = (tripsRow: Row): void => {
    const { line, text } = tripsRow;
    const id = text('trip_id');
    const tripId = tripIdSchema.safeParse(id).data;
    if (!tripId || escapeTripId(tripId).length > escapedIdMax) {
      const found = { kind: 'no-id', file, line, reason: 'trip_id is empty or too long for the id of a run' };
      if (id !== '') return leaveOut(id, found);
      nameless += 1;
      return problems.leaveOut('row', undefined, found);
    }
    if (leftOut.has(tripId)) return undefined;
    if (reservedIds.has(tripId)) {
      const reason = `trip_id ${tripId} is reserved for fares`;
      return leaveOut(tripId, { kind: 'no-id', file, line, reason });
    }
    const routeId = text('route_id');
    const [own, route] = [nameOf(text('trip_short_name')), routes.routes.get(routeId)];
    const name = own || route?.name || nameOf(tripId);
    const nameField = own || !route ? 'trips.trip_short_name' : route.nameField;
    const headsign = textBeside(tripsRow, 'trip_headsign', { file, problems });
    const row = { line, tripId, routeId, serviceId: text('service_id'), name, nameField, headsign } as const;
    const fault = faultOf(row, rows.get(tripId), routes, services) ?? nameFault(name);
    if (!fault) return void rows.set(tripId, row);
    const found = { ...fault, file, line };
    return fault.kind === 'repeated-row' ? problems.warn(found) : leaveOut(tripId, found);
  };
  const list: TripList = {
    rows,
    leaveOut,
    isLeftOut: (tripId) => leftOut.has(tripId),
    setAside: (tripId) => {
      rows.delete(tripId);
      onDemand += 1;
    },
    count: () => ({
      total: rows.size + leftOut.size + nameless + onDemand,
      leftOut: leftOut.size + nameless,
      onDemand,
    }),
  };
  return { onRow, list };
};

const nameFault = (name: string) =>
  isName(name)
    ? undefined
    : { kind: 'no-name', reason: `its name cannot be seen or has more than ${nameLengthMax} characters` };

const faultOf = (
  { tripId, routeId, serviceId, name, headsign }: TripRow,
  first: TripRow | undefined,
  { routes, leftOut }: FeedRoutes,
  services: Services,
): { kind: string; reason: string } | undefined => {
  if (first) {
    const isSame =
      first.routeId === routeId &&
      first.serviceId === serviceId &&
      first.name === name &&
      first.headsign === headsign;
    return isSame
      ? { kind: 'repeated-row', reason: `repeats trip ${tripId} of line ${first.line}: it counts once` }
      : { kind: 'contradicting-rows', reason: `contradicts line ${first.line}, which has the same trip_id` };
  }
  if (!routes.has(routeId)) {
    return leftOut.has(routeId)
      ? { kind: 'route-left-out', reason: `route ${routeId} is left out` }
      : { kind: 'unknown-route', reason: `route_id ${routeId} is not in routes.txt` };
  }
  if (!services.daysOf.has(serviceId)) {
    return services.leftOut.has(serviceId)
      ? { kind: 'service-left-out', reason: `service ${serviceId} is left out` }
      : { kind: 'unknown-service', reason: `service_id ${serviceId} is in no calendar` };
  }
  return undefined;
};
