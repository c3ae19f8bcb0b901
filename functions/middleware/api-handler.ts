import type * as z from 'zod';
import type { Route } from '../routes/route.ts';
import type { FieldError, ProblemReason } from './problems.ts';

export type Caller = { userId: string; email: string | undefined; groups: readonly string[] };

/** What a handler gets: everything parsed, the caller known. */
export type ApiRequest<P, Q, B> = {
  path: P;
  query: Q;
  body: B;
  /** The signed-in user; an empty id on routes for anyone. */
  caller: Caller;
  /** Present on routes that need it. `bodyHash` is what tells the same body from another. */
  idempotency: { key: string; bodyHash: string } | undefined;
  requestId: string;
};

export type ApiAnswer<A> =
  | { outcome: 'answered'; status?: 200 | 201 | 204; body: A; headers?: Record<string, string> }
  | { outcome: 'refused'; reason: ProblemReason; detail?: string; fields?: FieldError[] };

export type ApiHandler<P, Q, B, A> = (request: ApiRequest<P, Q, B>) => Promise<ApiAnswer<A>>;

export const answered = <A>(body: A, status?: 200 | 201 | 204): ApiAnswer<A> => ({
  outcome: 'answered',
  body,
  ...(status && { status }),
});

export const refused = (
  reason: ProblemReason,
  more: { detail?: string; fields?: FieldError[] } = {},
): Extract<ApiAnswer<never>, { outcome: 'refused' }> => ({ outcome: 'refused', reason, ...more });

export type HandlerOf<R> =
  R extends Route<infer P, infer Q, infer B, infer A>
    ? ApiHandler<z.output<P>, z.output<Q>, z.output<B>, z.input<A>>
    : never;
