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

/** An error as the state machine takes it: what passes by itself has many names in the SDK and one in its `Retry`. */
export const asMachineError = (thrown: unknown): unknown =>
  isTransient(thrown)
    ? Object.assign(new Error(String((thrown as Error).message), { cause: thrown }), {
        name: 'TransientFailure',
      })
    : thrown;
