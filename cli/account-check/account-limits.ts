import type { CallLimits } from '../../shared/platform/aws-client.ts';

/** A person waits for the answers. */
export const accountLimits: CallLimits = {
  attempts: 3,
  attemptMilliseconds: 20_000,
  connectMilliseconds: 5000,
};
