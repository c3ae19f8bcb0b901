import type * as z from 'zod';
import type { ProblemReason } from '../middleware/problems.ts';

export type Caller = 'anyone' | 'passenger' | 'operators' | 'gates' | 'provider';

/**
 * How many seconds caches may keep an answer: a browser, and a cache that many share. With zero a cache may keep it and
 * asks each time whether it is still good. Only an answer that is the same for everybody may say so.
 */
export type Keeping = { browserSeconds: number; sharedSeconds: number };

/**
 * One route: API Gateway, the authorizer, OpenAPI and the handler's types come from it. `function` names the entry file
 * below `functions/`, without `.ts`. Path and query values arrive as text, so their schemas take text.
 */
export type Route<
  Path extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Answer extends z.ZodType = z.ZodType,
> = {
  method: 'GET' | 'POST' | 'DELETE';
  path: `/${string}`;
  function: `${'api' | 'payment-callbacks'}/${string}`;
  caller: Caller;
  tag: string;
  summary: string;
  /** Needs an `Idempotency-Key`. */
  idempotent?: boolean;
  pathParameters?: Path;
  query?: Query;
  body?: Body;
  /**
   * `body` is JSON; `mediaType` names another form of the answer, such as a page or an image. `localised` means that
   * names come in the language that the client wants. Nobody keeps an answer without `kept`.
   */
  success: {
    status: 200 | 201 | 204;
    description: string;
    body?: Answer;
    mediaType?: string;
    localised?: boolean;
    kept?: Keeping;
  };
  problems: readonly ProblemReason[];
};

/** Keeps the exact schema types of a route. */
export const route = <P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, A extends z.ZodType>(
  definition: Route<P, Q, B, A>,
): Route<P, Q, B, A> => definition;
