/** The names of errors that pass by themselves: throttling and the like, and our own name for such an error. */
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

/** An AWS service states whose fault an error is; its own errors pass. */
const isServersFault = (thrown: Error): boolean => '$fault' in thrown && thrown.$fault === 'server';

export const isTransient = (thrown: unknown): boolean =>
  thrown instanceof Error && (transientNames.has(thrown.name) || isServersFault(thrown));

/** The service calls the request itself wrong: it did not accept the request, and will refuse it again. */
export const isMistake = (thrown: unknown): boolean =>
  thrown instanceof Error && '$fault' in thrown && thrown.$fault === 'client' && !isTransient(thrown);
