/** Errors that pass by themselves, by name: throttling and the like, and our own word for it. */
const transientNames: ReadonlySet<string> = new Set([
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'ThrottlingException',
  'TooManyRequestsException',
  'TransactionInProgressException',
  'TransientFailure',
]);

export const isTransient = (thrown: unknown): boolean =>
  thrown instanceof Error && transientNames.has(thrown.name);
