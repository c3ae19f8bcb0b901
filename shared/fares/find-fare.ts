import type { Table } from '../platform/dynamo.ts';
import type { Class } from '../platform/ids.ts';
import type { Money } from '../platform/money.ts';
import type { Run, Stretch } from '../timetable/model.ts';
import { explicitFare, fareByDistance } from './rules.ts';
import { readKilometreRate, readPairFares } from './store.ts';

/** The part of a run that finding a fare needs; `version` is the version in which to look (`faresVersionOf`). */
export type FareQuestion = Pick<Run, 'tripId' | 'version' | 'stops'>;

/**
 * The adult fare of a stretch in a version: the operator's own for the pair of stops, or else by distance if the import
 * received a rate.
 */
export const readFare = async (
  timetable: Table,
  run: FareQuestion,
  stretch: Stretch,
  wanted: Class,
): Promise<Money | undefined> => {
  const [from, to] = [run.stops[stretch.from], run.stops[stretch.to]];
  if (!from || !to) throw new RangeError('a stretch beyond the stops of its run');
  const explicit = explicitFare(
    await readPairFares(timetable, run.version, from.stopId, to.stopId),
    run.tripId,
    wanted,
  );
  if (explicit) return explicit === 'free' ? undefined : explicit;
  const metres =
    from.km === undefined || to.km === undefined ? undefined : Math.round((to.km - from.km) * 1000);
  return fareByDistance(await readKilometreRate(timetable, run.version), metres, wanted);
};
