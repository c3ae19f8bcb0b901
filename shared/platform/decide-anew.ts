import type { Outcome } from './outcome.ts';

/**
 * Loads, decides and writes. If the data changes between the read and the write, it starts again at once, at most
 * `times` times, and then returns the last rejection.
 */
export const decideAnew = async <Result extends Outcome<unknown, string>>(
  times: number,
  once: () => Promise<Result>,
): Promise<Result> => {
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await once();
    const isOver = outcome.outcome === 'accepted' || outcome.reason !== 'changed-meanwhile';
    if (isOver || attempt >= times) return outcome;
  }
};
