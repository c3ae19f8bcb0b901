import type { Availability } from '../inventory/model.ts';
import { seatsLeft, viewOf } from '../inventory/rules.ts';
import type { Class } from '../platform/ids.ts';
import type { Languages } from '../platform/languages.ts';
import type { Money } from '../platform/money.ts';
import { earlier, type Instant } from '../platform/time.ts';
import type { Run } from '../timetable/model.ts';
import { readRun } from '../timetable/store.ts';
import type { Stops } from '../timetable/version-store.ts';
import { alternativeOf, type Alternative } from './alternatives.ts';
import { isToBeHad, type Subject } from './decide-subject.ts';
import type { World } from './find-offers.ts';
import type { RideOffer } from './model.ts';

type Terms = { passengers: number; languages: Languages; now: Instant };

/**
 * The same run and class with a change of seats at a stop on the way, where the carrier sells that and no seat is free for
 * the whole stretch: first the stops with most seats before and after them. It costs what the whole stretch costs. It
 * reads the run; the counts are in the view that the search has read.
 */
export const findSeatChanges = async (
  world: World & { stops: Stops },
  { offer, classes }: Subject,
  terms: Terms,
): Promise<Alternative[]> => {
  const { stretch, view } = offer;
  if (!world.carrier.alternatives?.seatChange || !view || stretch.to - stretch.from < 2) return [];
  const gone = offer.classes.filter(
    (each) => classes.includes(each.class) && each.fare !== null && !isToBeHad(each, terms.passengers),
  );
  const run = gone.length > 0 ? await readRun(world.timetable, offer.runId) : undefined;
  const current = run && viewOf(view, run);
  if (!run || !current) return [];
  return gone
    .flatMap(({ class: wanted, fare }) =>
      fare ? changesOf({ ...world, run, view: current, offer, wanted, fare }, terms) : [],
    )
    .toSorted((a, b) => b.seatsLeft - a.seatsLeft || a.fare.amount - b.fare.amount);
};

type Asked = {
  stops: Stops;
  run: Run;
  view: Availability;
  offer: RideOffer;
  wanted: Class;
  fare: Money;
};

const changesOf = ({ stops, run, view, offer, wanted, fare }: Asked, terms: Terms): Alternative[] => {
  const { from, to } = offer.stretch;
  const leftOn = (first: number, last: number): number =>
    seatsLeft(view, run.layout, wanted, run.stops.length, { from: first, to: last });
  return run.stops.flatMap(({ stopId, arrives, departs }, index): Alternative[] => {
    const stop = stops.byId.get(stopId);
    if (index <= from || index >= to || !stop) return [];
    const [before, after] = [leftOn(from, index), leftOn(index, to)];
    if (Math.min(before, after) < terms.passengers) return [];
    const chosen = { class: wanted, fare };
    const found = alternativeOf(
      'seat-change',
      [
        { offer: { ...offer, to: stop, arrives }, chosen: { ...chosen, seatsLeft: before } },
        { offer: { ...offer, from: stop, departs }, chosen: { ...chosen, seatsLeft: after } },
      ],
      terms,
    );
    const [ride] = found.orders;
    if (!ride) return [];
    const order = { ...ride, to: offer.to.stopId, toIndex: to, seatChange: { at: stopId, atIndex: index } };
    return [{ ...found, fare, asOf: earlier(view.asOf as Instant, terms.now), orders: [order] }];
  });
};
