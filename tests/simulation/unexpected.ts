/** Errors that are part of the plan: what the simulation injects, and how tasks tell the machine what they found. */
const planned = new Set([
  'TimeoutError',
  // What was given up in time stops at its next call, and says so of whatever it was at.
  'AbortError',
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
  'TransactionConflictException',
  'TransactionCanceledException',
  'TransientFailure',
  'OrderEnded',
  'AlreadyPaid',
  'OrderDue',
  'CannotIssue',
  'PaymentsUnfinished',
]);

/** Any other error is a fault: of the product, or of an expression that DynamoDB does not take. */
export const unexpectedError = (error: unknown): string | undefined => {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return planned.has(name) ? undefined : `${name}: ${message}`;
};
