/** Errors that pass by themselves, by name: throttling and the like, and our own word for it. */
const transientNames: ReadonlySet<string> = new Set([
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'ThrottlingException',
  'TimeoutError',
  'TooManyRequestsException',
  'TransactionConflictException',
  'TransactionInProgressException',
  'TransientFailure',
]);

/** An AWS service says of an error whose fault it is: its own passes. */
const isServersFault = (thrown: Error): boolean => '$fault' in thrown && thrown.$fault === 'server';

export const isTransient = (thrown: unknown): boolean =>
  thrown instanceof Error && (transientNames.has(thrown.name) || isServersFault(thrown));

/** A service says that a request was wrong: it was not taken, and sent again it is refused again. */
export const isMistake = (thrown: unknown): boolean =>
  thrown instanceof Error && '$fault' in thrown && thrown.$fault === 'client' && !isTransient(thrown);
