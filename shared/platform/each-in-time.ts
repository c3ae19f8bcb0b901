import { inLanes } from './in-lanes.ts';
import { within, type TimeLeft } from './time-limit.ts';

/** How much of a batch is worked on at once, and how long: `timeLeft` is of the whole, `itemMilliseconds` of each. */
export type BatchTime = { timeLeft: TimeLeft; itemMilliseconds: number; lanes?: number };

const lanesUsually = 8;

/**
 * Works on many things, several at once, none longer than its limit and none beyond the time left: one that hangs keeps
 * its own lane busy for that long, and its signal says when nobody waits any more. Answers what failed, in the order of
 * the things: it threw, it hung, or there was no time left to begin it.
 */
export const eachInTime = async <Thing>(
  things: readonly Thing[],
  { timeLeft, itemMilliseconds, lanes = lanesUsually }: BatchTime,
  work: (thing: Thing, signal: AbortSignal) => Promise<void>,
): Promise<{ thing: Thing; why: unknown }[]> => {
  const failed = new Map<number, unknown>();
  await inLanes(things.entries(), { lanes }, async ([index, thing]) => {
    try {
      await within(Math.min(itemMilliseconds, timeLeft()), (signal) => work(thing, signal));
    } catch (error) {
      failed.set(index, error);
    }
  });
  return things.flatMap((thing, index) => (failed.has(index) ? [{ thing, why: failed.get(index) }] : []));
};
