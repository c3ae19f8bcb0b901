import { isTransient } from '../../shared/platform/transient.ts';

/** An error as the state machine takes it: what passes by itself has many names in the SDK and one in its `Retry`. */
export const asMachineError = (thrown: unknown): unknown =>
  isTransient(thrown)
    ? Object.assign(new Error(String((thrown as Error).message), { cause: thrown }), {
        name: 'TransientFailure',
      })
    : thrown;
