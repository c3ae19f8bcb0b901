import { sleep } from './random.ts';

/** How long a piece of work may still take, in milliseconds by the machine's clock. */
export type TimeLeft = () => number;

/** Nothing was learnt in time: what was asked for may have happened, may still happen, or never does. */
const outOfTime = (): Error =>
  Object.assign(new Error('there was no answer in time'), { name: 'TimeoutError' });

/**
 * Waits for some work no longer than this, and then throws a `TimeoutError`. The signal tells the work that nobody waits
 * for it any more; what it learns after that is lost.
 */
export const within = async <Value>(
  milliseconds: number,
  work: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> => {
  if (milliseconds <= 0) throw outOfTime();
  const over = new AbortController();
  const tooLate = sleep(milliseconds, over.signal).then((): never => {
    throw outOfTime();
  });
  try {
    return await Promise.race([work(over.signal), tooLate]);
  } finally {
    over.abort();
  }
};
