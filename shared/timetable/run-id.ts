import {
  runIdSchema,
  serviceDateSchema,
  tripIdSchema,
  type RunId,
  type ServiceDate,
  type TripId,
} from '../platform/ids.ts';

const unescaped = /^[A-Za-z0-9._-]$/;
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/** A trip id inside a run's id: `!HH` replaces every byte outside `[A-Za-z0-9._-]`, so no `~` remains. */
export const escapeTripId = (tripId: string): string =>
  Array.from(encoder.encode(tripId), (byte) => {
    const character = String.fromCharCode(byte);
    return unescaped.test(character) ? character : `!${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');

const unescapeTripId = (text: string): TripId | undefined => {
  const bytes: number[] = [];
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] !== '!') {
      bytes.push(text.charCodeAt(at));
      continue;
    }
    bytes.push(Number.parseInt(text.slice(at + 1, at + 3), 16));
    at += 2;
  }
  try {
    return tripIdSchema.safeParse(decoder.decode(Uint8Array.from(bytes))).data;
  } catch {
    return undefined;
  }
};

/**
 * The id of a trip's run: `G1~2026-12-01`, or `STBA~2026-12-01~0630` for the departure of a frequency. Throws if the
 * trip id is too long for a run id; the import refuses such trips.
 */
export const runIdOf = (tripId: TripId, serviceDate: ServiceDate, startTime?: string): RunId =>
  runIdSchema.parse(`${escapeTripId(tripId)}~${serviceDate}${startTime ? `~${startTime}` : ''}`);

export type RunIdParts = { tripId: TripId; serviceDate: ServiceDate; startTime?: string };

/** The parts of a run's id; undefined for any text that `runIdOf` does not make, so that a run has only one id. */
export const parseRunId = (text: string): RunIdParts | undefined => {
  if (!runIdSchema.safeParse(text).success) return undefined;
  const [trip = '', date = '', startTime] = text.split('~');
  const tripId = unescapeTripId(trip);
  const serviceDate = serviceDateSchema.safeParse(date).data;
  if (tripId === undefined || serviceDate === undefined || escapeTripId(tripId) !== trip) return undefined;
  return { tripId, serviceDate, ...(startTime && { startTime }) };
};
