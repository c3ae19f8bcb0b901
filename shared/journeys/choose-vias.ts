import type { StopId } from '../platform/ids.ts';
import type { Stop, Way } from '../timetable/model.ts';
import type { KeptStop } from '../timetable/version-store.ts';

/** The number of stops at which a search looks for connections: each costs a query unless the process remembers it. */
export const viasMax = 6;

/** A stop where passengers can change, and the seconds that it takes. */
export type Via = { stop: KeptStop; transferSeconds: number };

/** A way round that is this much longer than the straight one is no connection that anybody wants. */
const detourMax = 2.5;
/** Below this distance, in kilometres, a detour matters little. */
const detourFreeKilometres = 50;

/**
 * The stops where a change is most likely to help: rides lead there from the first stop, and from there to the last, many
 * of them, and the way is short. `transferSecondsMin` counts at stops of which the timetable says nothing; without it,
 * nobody changes there.
 */
export const chooseVias = (input: {
  from: Stop;
  to: Stop;
  waysFrom: readonly Way[];
  waysTo: readonly Way[];
  stops: ReadonlyMap<StopId, KeptStop>;
  transferSecondsMin: number | undefined;
}): Via[] => {
  const { from, to, stops, transferSecondsMin } = input;
  const ridesOn = new Map(input.waysTo.map(({ stopId, back }) => [stopId, back]));
  const direct = kilometresBetween(from, to);
  const found = input.waysFrom.flatMap(({ stopId, there }) => {
    const stop = stops.get(stopId);
    const rides = Math.min(there, ridesOn.get(stopId) ?? 0);
    const transferSeconds = stop?.transfer ?? transferSecondsMin;
    if (!stop || rides === 0 || stopId === from.stopId || stopId === to.stopId) return [];
    if (transferSeconds === undefined || transferSeconds === 'impossible') return [];
    const detour = detourOver(stop, from, to, direct);
    return detour > detourMax ? [] : [{ stop, transferSeconds, worth: rides / detour ** 2 }];
  });
  return found.toSorted((a, b) => b.worth - a.worth).slice(0, viasMax);
};

/** How many times as long as the straight way the way over a stop is; 1 if a position is unknown. */
const detourOver = (via: Stop, from: Stop, to: Stop, direct: number | undefined): number => {
  const [there, on] = [kilometresBetween(from, via), kilometresBetween(via, to)];
  if (direct === undefined || there === undefined || on === undefined) return 1;
  return (there + on + detourFreeKilometres) / (direct + detourFreeKilometres);
};

const earthKilometres = 6371;

/** The distance as the crow flies: the haversine formula (Sinnott, Virtues of the Haversine, 1984). */
const kilometresBetween = (a: Stop, b: Stop): number | undefined => {
  if (a.latitude === undefined || a.longitude === undefined) return undefined;
  if (b.latitude === undefined || b.longitude === undefined) return undefined;
  const radians = (degrees: number): number => (degrees * Math.PI) / 180;
  const [north, east] = [radians(b.latitude - a.latitude), radians(b.longitude - a.longitude)];
  const across = Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * Math.sin(east / 2) ** 2;
  return 2 * earthKilometres * Math.asin(Math.min(1, Math.sqrt(Math.sin(north / 2) ** 2 + across)));
};
