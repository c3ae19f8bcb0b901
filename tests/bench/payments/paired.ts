/** Two programs that do the same: ours, and a client of the provider or of another author. Both say whether they believe it. */
export type Pair = {
  what: string;
  oracle: string;
  ours: () => boolean;
  theirs: () => boolean;
};

export type PairRate = { what: string; oracle: string; ours: number; theirs: number; ratio: number };

export type PairScale = { rounds: number; milliseconds: number };

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** Calls a second over this many milliseconds. Throws at the first call that does not believe what is genuine. */
const rateOf = (call: () => boolean, milliseconds: number): number => {
  const began = performance.now();
  let calls = 0;
  let now = began;
  while (now - began < milliseconds) {
    for (let n = 0; n < 20; n += 1) if (!call()) throw new Error('a genuine message was not believed');
    calls += 20;
    now = performance.now();
  }
  return (calls * 1000) / (now - began);
};

/**
 * The rates of both, in rounds that alternate who begins, so that the load of the machine meets both. The ratio is the median
 * of the rounds' own.
 */
export const measurePair = (
  { what, oracle, ours, theirs }: Pair,
  { rounds, milliseconds }: PairScale,
): PairRate => {
  // What runs for the first time compiles.
  rateOf(ours, milliseconds);
  rateOf(theirs, milliseconds);
  const seen = Array.from({ length: rounds }, (_, round) => {
    const first = round % 2 === 0 ? rateOf(ours, milliseconds) : rateOf(theirs, milliseconds);
    const second = round % 2 === 0 ? rateOf(theirs, milliseconds) : rateOf(ours, milliseconds);
    return round % 2 === 0 ? { ours: first, theirs: second } : { ours: second, theirs: first };
  });
  return {
    what,
    oracle,
    ours: median(seen.map((round) => round.ours)),
    theirs: median(seen.map((round) => round.theirs)),
    ratio: median(seen.map((round) => round.ours / round.theirs)),
  };
};
