import type { Instant } from '../platform/time.ts';
import { plusSeconds } from '../platform/time.ts';

/** When a ride leaves and when it arrives. */
type Timed = { departs: Instant; arrives: Instant };

/** Two rides with a change between them. */
export type Pair<Ride> = { first: Ride; second: Ride };

/** Nobody is asked to wait longer for the second run. */
export const waitSecondsMax = 6 * 3600;

/**
 * Each ride to the stop of the change with the rides on that leave in time, the earliest to arrive first. `perRide`
 * limits the number for each first ride.
 */
export const pairDepartures = <Ride extends { departure: Timed & { runId: string } }>(
  firsts: readonly Ride[],
  seconds: readonly Ride[],
  { transferSeconds, perRide }: { transferSeconds: number; perRide: number },
): Pair<Ride>[] => {
  const onwards = seconds.toSorted((a, b) => compare(a.departure.arrives, b.departure.arrives));
  return firsts.flatMap((first) => {
    const earliest = plusSeconds(first.departure.arrives, transferSeconds);
    const latest = plusSeconds(first.departure.arrives, waitSecondsMax);
    return onwards
      .filter(
        ({ departure: { departs, runId } }) =>
          departs >= earliest && departs <= latest && runId !== first.departure.runId,
      )
      .slice(0, perRide)
      .map((second) => ({ first, second }));
  });
};

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** Whether a journey leaves no earlier than another and arrives no later. */
const isAsGoodAs = (a: Timed, b: Timed): boolean => a.departs >= b.departs && a.arrives <= b.arrives;

/**
 * The best journeys by their times, the earliest to arrive first: first those that no other is as good as, and then, up
 * to `max`, the others, because the seats of the best may be gone.
 */
export const bestByTime = <Journey extends Timed>(journeys: readonly Journey[], max: number): Journey[] => {
  const inOrder = journeys.toSorted((a, b) => compare(a.arrives, b.arrives) || compare(b.departs, a.departs));
  const best = withoutWorse(inOrder, []);
  const rest = inOrder.filter((each) => !best.includes(each));
  return [...best, ...rest].slice(0, max);
};

/** Leaves out each journey that an earlier one of the list, or one of `others`, is as good as. */
export const withoutWorse = <Journey extends Timed>(
  inOrder: readonly Journey[],
  others: readonly Timed[],
): Journey[] => {
  const kept: Journey[] = [];
  for (const each of inOrder)
    if (![...others, ...kept].some((other) => isAsGoodAs(other, each))) kept.push(each);
  return kept;
};
