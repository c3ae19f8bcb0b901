import type { Outcome } from './outcome.ts';

/**
 * Loads, decides and writes once more, at once, as long as what was read changes before it is written: `times` at the
 * most, and then the last rejection stands.
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
