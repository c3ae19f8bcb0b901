/**
 * How long each part of the work may take, in milliseconds; what a call to AWS may take stands in aws-client.ts, and
 * what a function may take in infra/constructs/service-function.ts. Each has to fit into what is around it: docs/adr/0011
 * says why, and tests/infra/time-limits.checks.ts looks whether it does.
 */

/** A payment provider's calls. */
export const providerLimits = {
  /** One request over the wire: longer than a provider usually needs, short enough for a call that a passenger waits for. */
  request: 3000,
  /** A call of ours may be two requests; longer no provider is waited for at once. */
  patience: 6000,
  /** The time left to store the provider's answer, or that it gave none. */
  reserve: 3000,
} as const;

/** Providers wait three seconds at most for the answer to a notification; the rest of them is for the way back. */
export const notificationAnswer = 2500;

/**
 * So long a workflow asks a provider again that does not say what became of a payment, in seconds; the waits between add up
 * to more (infra/constructs/purchase-workflow.ts). A payment may be open for a whole hold and the grace after it.
 */
export const closingAskedSeconds = 27 * 60;

/** Functions behind queues: kept back for the answer, which names the messages that failed. */
export const queueAnswer = 2000;

/** Functions behind streams. */
export const streamLimits = {
  /** Longer than a call that is lost with all its attempts; two of them fit into the time of a batch. */
  item: 9500,
  /** Kept back for the answer, which names the first record that failed. */
  answer: 1000,
  /** Work that keeps its time can so name what failed, before the whole batch is given up. */
  naming: 1000,
} as const;

/** The scheduled functions, which go on from thing to thing as long as there is time. */
export const sweepLimits = {
  /** One thing may take so long, and is then given up until its next turn. */
  item: 15_000,
  /** What failed is put behind the rest, or a place is kept. */
  bookkeeping: 10_000,
  /** Telling how much needs a person. */
  telling: 10_000,
  /** No item starts with less time left: it, its bookkeeping and what comes last still fit. */
  reserve: 40_000,
  /** The clean-up ends with looking for runs that are behind, no longer than this: the rest comes in its next call. */
  lookingForRuns: 60_000,
} as const;
