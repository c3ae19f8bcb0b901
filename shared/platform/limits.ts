/**
 * The time limit of each part of the work, in milliseconds. aws-client.ts limits calls to AWS, and
 * infra/constructs/service-function.ts limits functions. Each limit must fit inside the one around it: docs/adr/0011
 * explains why, and tests/infra/time-limits.checks.ts checks it.
 */

/** A payment provider's calls. */
export const providerLimits = {
  /**
   * One request over the network: longer than a provider usually needs, short enough for a passenger who waits for it.
   */
  request: 3000,
  /** One call of ours may take two requests; we wait no longer than this for any provider in one go. */
  patience: 6000,
  /** The time left to store the provider's answer, or to store that there was none. */
  reserve: 3000,
} as const;

/** A payment provider's bills, for which nobody waits: their limits are for a provider that hangs. */
export const billLimits = {
  /** One request for a bill, or for a page of it. */
  request: 20_000,
  /** The whole file. */
  download: 180_000,
} as const;

/** Providers wait at most three seconds for the answer to a notification; the rest of that time is for the way back. */
export const notificationAnswer = 2500;

/** Secrets that people change: together, a change is in use within five minutes. */
export const secretLimits = {
  /** The age at which a secret is read again. */
  age: 240_000,
  /** The same for one by which a signature did not verify: a flood of forgeries makes no more than one read a minute. */
  doubtedAge: 60_000,
  /** How long a caller waits for that. Then the old text serves. */
  patience: 1000,
  /** After a read that failed, the old text serves for so long without another one. */
  pause: 30_000,
  /** The same for a function that has no text yet: each caller gets the error. */
  firstPause: 1000,
} as const;

/**
 * A workflow asks a silent provider about a payment for this long, in seconds; the workflow's waits add up to more
 * (infra/constructs/purchase-workflow.ts). A payment may be open for a whole hold and the grace period after it.
 */
export const closingAskedSeconds = 27 * 60;

/** Functions behind queues reserve this time for the answer, which names the messages that failed. */
export const queueAnswer = 2000;

/** Functions behind streams. */
export const streamLimits = {
  /** Longer than a call whose attempts all fail; two items fit into the time of a batch. */
  item: 9500,
  /** Reserved for the answer, which names the first record that failed. */
  answer: 1000,
  /** Reserved for naming the items that failed, before the whole batch runs out of time. */
  naming: 1000,
} as const;

/** The scheduled functions, which take one item after another while there is time. */
export const sweepLimits = {
  /** The limit of one item; the function then leaves it until its next turn. */
  item: 15_000,
  /** A job's last step of an item's time begins no later than this before its end. */
  jobStep: 6000,
  /** The time to put failed items behind the rest, or to store the place reached. */
  bookkeeping: 10_000,
  /** The time to publish how many items need a person. */
  telling: 10_000,
  /** No item starts with less time left: the item, its bookkeeping and the last steps still fit. */
  reserve: 40_000,
  /**
   * The clean-up ends with a search for runs that are behind, no longer than this; its next call continues the search.
   */
  lookingForRuns: 60_000,
} as const;

/** Only the holder of its lease runs a sweep. */
export const leaseLimits = {
  /** A lease lasts so long, unless its holder renews it. One that died does not keep out the call of the next minute. */
  lasts: 50_000,
  /** Its holder renews it at the first look after this. */
  renewedAfter: 10_000,
} as const;
