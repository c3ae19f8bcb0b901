import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type * as z from 'zod';
import { beginLog, logger, loggable } from '../../shared/platform/log.ts';
import type { Route } from '../routes/route.ts';
import type { ApiAnswer } from './api-answer.ts';
import type { ApiRequest } from './api-request.ts';
import type { Check, Draft } from './draft.ts';
import { identifyCaller, nobody } from './identify-caller.ts';
import { problemAnswer } from './problem-answer.ts';
import { problems, type FieldError, type ProblemReason } from './problems.ts';
import { readBody } from './read-body.ts';
import { readIdempotencyKey } from './read-idempotency-key.ts';
import { readInput, readPath } from './read-input.ts';
import { isTransient } from '../../shared/platform/transient.ts';
import { writeAnswer } from './write-answer.ts';

export const answered = <A>(
  body: A,
  status?: 200 | 201 | 204,
  headers?: Record<string, string>,
): ApiAnswer<A> => ({
  outcome: 'answered',
  body,
  ...(status && { status }),
  ...(headers && { headers }),
});

/** Anything but JSON: a page, a picture. */
export const sent = (
  contentType: string,
  body: string | Uint8Array,
  headers?: Record<string, string>,
): Extract<ApiAnswer<never>, { outcome: 'sent' }> => ({
  outcome: 'sent',
  contentType,
  body,
  ...(headers && { headers }),
});

export const refused = (
  reason: ProblemReason,
  more: { detail?: string; fields?: FieldError[] } = {},
): Extract<ApiAnswer<never>, { outcome: 'refused' }> => ({ outcome: 'refused', reason, ...more });

export type ApiHandler<P, Q, B, A> = (request: ApiRequest<P, Q, B>) => Promise<ApiAnswer<A>>;

export type HandlerOf<R> =
  R extends Route<infer P, infer Q, infer B, infer A>
    ? ApiHandler<z.output<P>, z.output<Q>, z.output<B>, z.input<A>>
    : never;

type Exchange = middy.Request<unknown, unknown, Error, Context, { draft?: Draft }>;

export type LambdaApiHandler = (
  event: APIGatewayProxyEventV2,
  context: Context,
) => Promise<APIGatewayProxyStructuredResultV2>;

const draftOf = (route: Route, event: APIGatewayProxyEventV2, context: Context): Draft => ({
  route,
  event,
  startedAt: performance.now(),
  path: {},
  query: {},
  body: undefined,
  caller: nobody,
  idempotency: undefined,
  requestId: event.requestContext?.requestId ?? 'none',
  headers: event.headers ?? {},
  timeLeft: () => context.getRemainingTimeInMillis(),
});

/** In order: who, where, which request, what. The first refusal is the answer, and later checks never run. */
const checks: readonly Check[] = [identifyCaller, readPath, readIdempotencyKey, readBody, readInput];

const asMiddleware =
  (check: Check) =>
  ({ internal: { draft } }: Exchange): APIGatewayProxyStructuredResultV2 | undefined => {
    if (!draft) throw new Error('the request was not opened');
    const refusal = check(draft);
    return refusal && problemAnswer(refusal, draft.requestId);
  };

/** One line a request: which route, how it ended, how long it took. Never what was in it. */
const logAnswer = ({ internal, response }: middy.Request): void => {
  const { draft } = internal as { draft?: Draft };
  if (!draft || !response) return;
  const { statusCode } = response as APIGatewayProxyStructuredResultV2;
  logger.info('answered', {
    route: `${draft.route.method} ${draft.route.path}`,
    status: statusCode,
    milliseconds: Math.round(performance.now() - draft.startedAt),
  });
};

/** The client gets a fixed text and the id under which the log has the cause. */
const answerThrown = ({ internal: { draft }, error }: Exchange): APIGatewayProxyStructuredResultV2 => {
  const reason = isTransient(error) ? 'busy' : 'internal-error';
  logger.error(problems[reason].title, { thrown: loggable(error) });
  return problemAnswer({ reason }, draft?.requestId ?? 'none');
};

/**
 * The frame of every function that answers HTTP: a middy stack, composed once per function. The handler is called
 * with a request that its route's schemas have accepted; what it returns, and whatever it throws, becomes an answer.
 *
 * middy's early time-out is off: an answer sent before the work has ended would let the work go on, frozen, into the
 * next invocation. Lambda's own time limit ends the work for good.
 */
export const apiHandler = <R extends Route>(route: R, handler: HandlerOf<R>): LambdaApiHandler => {
  const work = handler as unknown as ApiHandler<unknown, unknown, unknown, unknown>;
  const stack = middy<unknown, unknown, Error, Context, { draft?: Draft }>(
    async (draft: unknown) => writeAnswer(await work(draft as Draft), draft as Draft),
    { timeoutEarlyInMillis: 0, requestEnd: logAnswer },
  );
  stack.before((exchange) => {
    const draft = draftOf(route, exchange.event as APIGatewayProxyEventV2, exchange.context);
    exchange.internal.draft = draft;
    exchange.event = draft;
    beginLog(exchange.context, { requestId: draft.requestId });
  });
  for (const check of checks) stack.before(asMiddleware(check));
  return stack.onError(answerThrown) as unknown as LambdaApiHandler;
};
