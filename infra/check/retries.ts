type Retrier = {
  MaxAttempts: number;
  IntervalSeconds?: unknown;
  BackoffRate?: unknown;
  MaxDelaySeconds?: unknown;
};

/** The seconds between all attempts of all retriers, without jitter. The defaults are those of the Amazon States Language. */
export const sumOfWaits = (retriers: readonly Retrier[]): number =>
  retriers
    .flatMap(({ MaxAttempts, IntervalSeconds = 1, BackoffRate = 2, MaxDelaySeconds = Infinity }) =>
      Array.from({ length: MaxAttempts }, (_, n) =>
        Math.min(Number(MaxDelaySeconds), Number(IntervalSeconds) * Number(BackoffRate) ** n),
      ),
    )
    .reduce((sum, wait) => sum + wait, 0);
