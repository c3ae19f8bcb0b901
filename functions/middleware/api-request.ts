import type { Languages } from '../../shared/platform/languages.ts';
import type { TimeLeft } from '../../shared/platform/time-limit.ts';

/**
 * The caller. `email` is defined only if the access token says that it belongs to the caller and is confirmed; Cognito's
 * tokens never do.
 */
export type Caller = { userId: string; email: string | undefined; groups: readonly string[] };

/** What a handler gets: the parsed request and its caller. */
export type ApiRequest<P, Q, B> = {
  path: P;
  query: Q;
  body: B;
  /** The signed-in user; on routes for anyone, the id is empty. */
  caller: Caller;
  /** Defined on routes that need it. `bodyHash` tells bodies apart; do not store it. */
  idempotency: { key: string; bodyHash: string } | undefined;
  /** The network address of the client; undefined if the gateway does not tell it. */
  address: string | undefined;
  requestId: string;
  /** The method and the undecoded path as the client sent them: `HEAD` has the route of `GET`. */
  method: string;
  rawPath: string;
  /** The original values under names in lower case, for headers such as `accept` that a route reads itself. */
  headers: Readonly<Record<string, string | undefined>>;
  /** The languages that the client wants, the first one most. */
  languages: Languages;
  /** Milliseconds until the function's own time-out. */
  timeLeft: TimeLeft;
};
