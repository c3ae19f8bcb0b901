import { isTransient } from '../../shared/platform/transient.ts';

/** An error for the state machine: the SDK has many names for errors that pass by themselves, its `Retry` has one. */
export const asMachineError = (thrown: unknown): unknown =>
  isTransient(thrown)
    ? Object.assign(new Error(String((thrown as Error).message), { cause: thrown }), {
        name: 'TransientFailure',
      })
    : thrown;
