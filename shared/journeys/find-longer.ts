import { readFare } from '../fares/find-fare.ts';
import type { Languages } from '../platform/languages.ts';
import type { Instant } from '../platform/time.ts';
import { seatsLeft, viewOf } from '../inventory/rules.ts';
import type { Class, StopId } from '../platform/ids.ts';
import type { Run } from '../timetable/model.ts';
import { faresVersionOf } from '../timetable/rules.ts';
import { readRun } from '../timetable/store.ts';
import { alternativeOf, type Alternative } from './alternatives.ts';
import { isToBeHad, type Subject } from './decide-subject.ts';
import type { World } from './find-offers.ts';

/** The number of stops beyond the passenger's own to which a search looks for a fare. */
export const longerMax = 3;

type Terms = { passengers: number; languages: Languages; now: Instant };

/**
 * A ticket to a stop beyond the passenger's own, where the carrier allows it and has no fare to their own. A seat that is
 * free further is free to the passenger's stop too, so this never helps where only the seats are gone. It reads the run,
 * and the fares to `longerMax` stops.
 */
export const findLonger = async (
  world: World,
  { offer, classes }: Subject,
  terms: Terms,
): Promise<Alternative[]> => {
  const unpriced = classes.filter((wanted) =>
    offer.classes.some((each) => each.class === wanted && each.fare === null),
  );
  if (!world.carrier.alternatives?.buyLonger || unpriced.length === 0) return [];
  const run = await readRun(world.timetable, offer.runId);
  if (!run) return [];
  const beyond = run.stops
    .map((stop, index) => ({ stop, index }))
    .slice(offer.stretch.to + 1)
    .filter(({ stop }) => stop.alighting)
    .slice(0, longerMax);
  const found = await Promise.all(
    unpriced.flatMap((wanted) =>
      beyond.map(({ stop, index }) =>
        longerOf(world, run, { offer, wanted, index, stopId: stop.stopId }, terms),
      ),
    ),
  );
  return found.filter((each) => each !== undefined).toSorted((a, b) => a.fare.amount - b.fare.amount);
};

const longerOf = async (
  { timetable, version }: World,
  run: Run,
  { offer, wanted, index, stopId }: { offer: Subject['offer']; wanted: Class; index: number; stopId: StopId },
  terms: Terms,
): Promise<Alternative | undefined> => {
  const bought = { from: offer.stretch.from, to: index };
  const fares = { ...run, version: faresVersionOf(run, version) };
  const fare = await readFare(timetable, fares, bought, wanted);
  const left = seatsLeft(viewOf(offer.view, run), run.layout, wanted, run.stops.length, bought);
  const chosen = { class: wanted, fare: fare ?? null, seatsLeft: left };
  if (!fare || !isToBeHad(chosen, terms.passengers)) return undefined;
  const { orders, ...ride } = alternativeOf('longer', [{ offer, chosen: { ...chosen, fare } }], terms);
  return { ...ride, orders: orders.map((order) => ({ ...order, to: stopId, toIndex: index })) };
};
