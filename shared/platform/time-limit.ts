import { sleep } from './random.ts';

/** The time that a piece of work has left, in milliseconds by the machine's clock. */
export type TimeLeft = () => number;

/** No answer came in time: the request may have succeeded, may still succeed, or never will. */
const outOfTime = (): Error =>
  Object.assign(new Error('there was no answer in time'), { name: 'TimeoutError' });

/**
 * Waits for some work up to this limit, and then throws a `TimeoutError`. The signal stops the work, because nobody
 * waits for it any more; any later result is lost.
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
