import type { ProblemList } from './problems.ts';
import type { FeedAgencies } from './read-agencies.ts';
import type { Row } from './read-table.ts';
import { nameOf } from './visible-names.ts';

const file = 'routes.txt';
export const routesTable = { file, required: ['route_id'] };

/**
 * `nameField` is the column of the name, for its translations. `agencyId` and `networkId` are empty if the feed has
 * none.
 */
export type FeedRoute = {
  routeId: string;
  name: string;
  nameField: 'routes.route_short_name' | 'routes.route_long_name';
  agencyId: string;
  networkId: string;
};

/** The routes that we import, and the ids of those that are left out with all their trips. */
export type FeedRoutes = {
  timeZone: string;
  routes: ReadonlyMap<string, FeedRoute>;
  leftOut: ReadonlySet<string>;
};

type RouteRow = FeedRoute & { line: number };

export const routeReader = (problems: ProblemList) => {
  const rows = new Map<string, RouteRow>();
  const leftOut = new Set<string>();
  const onRow = ({ line, text }: Row): void => {
    const routeId = text('route_id');
    const at = { file, line };
    if (!routeId) {
      return problems.leaveOut('row', undefined, { ...at, kind: 'no-id', reason: 'route_id is empty' });
    }
    if (leftOut.has(routeId)) return undefined;
    const short = nameOf(text('route_short_name'));
    const name = short || nameOf(text('route_long_name'));
    const nameField = short ? 'routes.route_short_name' : 'routes.route_long_name';
    const [agencyId, networkId] = [text('agency_id'), text('network_id')];
    const row = { line, routeId, name, nameField, agencyId, networkId } as const;
    const first = rows.get(routeId);
    if (!first) return void rows.set(routeId, row);
    if (isSame(first, row)) {
      const reason = `repeats route ${routeId} of line ${first.line}: it counts once`;
      return problems.warn({ ...at, kind: 'repeated-row', reason });
    }
    rows.delete(routeId);
    leftOut.add(routeId);
    const reason = `contradicts line ${first.line}, which has the same route_id`;
    return problems.leaveOut('route', routeId, { ...at, kind: 'contradicting-rows', reason });
  };
  return { onRow, finish: (agencies: FeedAgencies) => joinRoutes(rows, leftOut, agencies, problems) };
};

const isSame = (a: RouteRow, b: RouteRow): boolean =>
  JSON.stringify({ ...a, line: 0 }) === JSON.stringify({ ...b, line: 0 });

const joinRoutes = (
  rows: ReadonlyMap<string, RouteRow>,
  leftOut: Set<string>,
  { zoneOf, zones }: FeedAgencies,
  problems: ProblemList,
): FeedRoutes => {
  const onlyZone = zones.length === 1 ? zones[0] : undefined;
  const zoneOfRoute = ({ agencyId }: RouteRow): string | undefined =>
    zoneOf.has(agencyId) ? zoneOf.get(agencyId) : onlyZone;
  const timeZone =
    mostFrequent([...rows.values()].flatMap((row) => zoneOfRoute(row) ?? [])) ?? zones[0] ?? '';
  const routes = new Map<string, FeedRoute>();
  for (const row of rows.values()) {
    const { line, ...route } = row;
    const { routeId, agencyId } = route;
    const known = zoneOf.has(agencyId) || agencyId === '';
    if (!known) {
      const reason = `agency_id ${agencyId} is not in agency.txt`;
      problems.warn({ kind: 'unknown-agency', file, line, reason });
    }
    const zone = zoneOfRoute(row);
    if (zone === timeZone) {
      routes.set(routeId, route);
      continue;
    }
    leftOut.add(routeId);
    const where = zone ? `has the time zone ${zone}` : 'has no time zone that is known';
    const reason = `agency ${agencyId || 'without an id'} ${where}, and the times of this feed count in ${timeZone}`;
    problems.leaveOut('route', routeId, { kind: 'another-time-zone', file, line, reason });
  }
  return { timeZone, routes, leftOut };
};

const mostFrequent = (values: readonly string[]): string | undefined => {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].toSorted(([, a], [, b]) => b - a)[0]?.[0];
};
