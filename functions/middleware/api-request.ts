import type { TimeLeft } from '../../shared/platform/time-limit.ts';

/** Who calls. `email` only where the identity provider has confirmed that it is theirs. */
export type Caller = { userId: string; email: string | undefined; groups: readonly string[] };

/** What a handler gets: everything parsed, the caller identified. */
export type ApiRequest<P, Q, B> = {
  path: P;
  query: Q;
  body: B;
  /** The signed-in user; an empty id on routes for anyone. */
  caller: Caller;
  /** Present on routes that need it. `bodyHash` distinguishes bodies; do not store it. */
  idempotency: { key: string; bodyHash: string } | undefined;
  requestId: string;
  /** As they came, names in lower case; for what a route negotiates itself, such as `accept`. */
  headers: Readonly<Record<string, string | undefined>>;
  /** Until the function's own time-out. */
  timeLeft: TimeLeft;
};
