import type { CheckInRules } from '../platform/after-sale/check-in-rules.ts';
import type { Carrier } from '../platform/carrier.ts';
import type { ServiceDate } from '../platform/ids.ts';
import { afterBy, beforeBy, earlier, later, plusSeconds, type Instant } from '../platform/time.ts';
import type { Run } from '../timetable/model.ts';

/** The rules of a run: those in force on its service date, so that everybody at a gate has the same. */
export const checkInRulesOf = (
  { afterSale }: Pick<Carrier, 'afterSale'>,
  serviceDate: ServiceDate,
): CheckInRules | undefined =>
  afterSale?.versions.findLast(({ from }) => from === undefined || from <= serviceDate)?.checkIn;

/** When a gate lets passengers in: `[opensAt, closesAt]`. */
export type Opening = { opensAt: Instant; closesAt: Instant };

type Call = Pick<Run['stops'][number], 'stopId' | 'timeZone' | 'departs' | 'boarding'>;

/** Calendars are slow: a gate that decides about a thousand tickets of one departure computes its opening once. */
const openingsMax = 500;
const known = new WeakMap<CheckInRules, Map<string, Opening>>();

const openingOf = (rules: CheckInRules, { departs, timeZone }: Call): Opening => {
  const ofRules = known.get(rules) ?? new Map<string, Opening>();
  known.set(rules, ofRules);
  const opening = ofRules.get(`${departs} ${timeZone}`) ?? computeOpening(rules, { departs, timeZone });
  if (ofRules.size >= openingsMax) ofRules.clear();
  ofRules.set(`${departs} ${timeZone}`, opening);
  return opening;
};

const computeOpening = (
  { opensBefore, closesBefore, closesAfter }: CheckInRules,
  { departs, timeZone }: Pick<Call, 'departs' | 'timeZone'>,
): Opening => ({
  opensAt: beforeBy(departs, opensBefore, timeZone),
  closesAt: closesAfter
    ? afterBy(departs, closesAfter, timeZone)
    : beforeBy(departs, closesBefore ?? 'PT0H', timeZone),
});

/** What the gate looks at: the stretch of a ticket, and how long its code is good for. */
export type Journey = { from: string; to: string; validFrom: Instant; validUntil: Instant };

/**
 * When a gate at this stop lets the passenger of a ticket in: at the stop of boarding, and at later ones before the end
 * of the journey if the carrier allows it. A run may call at a stop twice. A run that is late keeps its gates open longer,
 * and they open as usual. Empty if it is the wrong stop.
 */
export const openingsAt = (
  stops: readonly Call[],
  rules: CheckInRules,
  { from, to, validFrom, validUntil }: Journey,
  { stopId, delayMinutes = 0 }: { stopId: string; delayMinutes?: number | undefined },
): Opening[] => {
  const delayed = (at: Instant): Instant => plusSeconds(at, delayMinutes * 60);
  const starts = indexesOf(stops, from);
  const ends = indexesOf(stops, to);
  return stops.flatMap((call, at): Opening[] => {
    const isMine = starts.some((start) => start === at || (rules.laterStops && start < at));
    if (call.stopId !== stopId || !call.boarding || !isMine || !ends.some((end) => at < end)) return [];
    const { opensAt, closesAt } = openingOf(rules, call);
    return [{ opensAt: later(opensAt, validFrom), closesAt: delayed(earlier(closesAt, validUntil)) }];
  });
};

const indexesOf = (stops: readonly Call[], stopId: string): number[] =>
  stops.flatMap((call, at) => (call.stopId === stopId ? [at] : []));

/** A use is on the day of the run. A gate's clock that says anything else has lost the time. */
const daysAroundRun = 'P2D';

/**
 * When a use without a network happened, by the gate's clock after its error was taken out: never in the future, and the
 * time at which it was told if that clock makes no sense.
 */
export const timeOfUse = (corrected: Instant, { stops }: Pick<Run, 'stops'>, now: Instant): Instant => {
  const first = stops[0];
  const isOfRun = first && beforeBy(first.departs, daysAroundRun, first.timeZone) <= corrected;
  return isOfRun && corrected <= now ? corrected : now;
};
