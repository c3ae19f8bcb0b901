import { inLanes } from './in-lanes.ts';
import { within, type TimeLeft } from './time-limit.ts';

/** The lanes and time limits of a batch: `timeLeft` applies to the whole batch, `itemMilliseconds` to each item. */
export type BatchTime = { timeLeft: TimeLeft; itemMilliseconds: number; lanes?: number };

const lanesUsually = 8;

/**
 * Processes many items, several at once, each within its own limit and within the time left. An item that hangs
 * occupies only its own lane for that long, and its signal then stops it. Returns the failed items in their order: they
 * threw, they hung, or there was no time left to start them.
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
