import type { Stop } from '../timetable/model.ts';

/** Mean radius of the earth (source: IUGG). */
const earthRadiusMetres = 6_371_008.8;
const radians = (degreesValue: number): number => (degreesValue * Math.PI) / 180;

type Position = Pick<Stop, 'latitude' | 'longitude'>;

/** Great-circle distance by the haversine formula, in whole metres; undefined if a position is missing. */
export const metresBetween = (a: Position, b: Position): number | undefined => {
  if (a.latitude === undefined || a.longitude === undefined) return undefined;
  if (b.latitude === undefined || b.longitude === undefined) return undefined;
  const [latA, latB] = [radians(a.latitude), radians(b.latitude)];
  const halfLat = Math.sin((latB - latA) / 2);
  const halfLon = Math.sin(radians(b.longitude - a.longitude) / 2);
  const h = halfLat ** 2 + Math.cos(latA) * Math.cos(latB) * halfLon ** 2;
  return Math.round(2 * earthRadiusMetres * Math.asin(Math.min(1, Math.sqrt(h))));
};

/** Distances along the stops from the first one, in metres; undefined if any position is missing. */
export const metresAlong = (stops: readonly Position[]): number[] | undefined => {
  const along: number[] = [];
  for (const [at, stop] of stops.entries()) {
    const before = stops[at - 1];
    const leg = before ? metresBetween(before, stop) : 0;
    if (leg === undefined) return undefined;
    along.push((along[at - 1] ?? 0) + leg);
  }
  return along;
};
