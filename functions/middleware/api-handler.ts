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
import type { ProblemReason, Refusal } from './problems.ts';
import { readBody } from './read-body.ts';
import { readIdempotencyKey } from './read-idempotency-key.ts';
import { readInput, readPath } from './read-input.ts';
import { readLanguages } from './read-languages.ts';
import { clientAddress, refuseAroundFront } from './through-front.ts';
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

/** An answer that is not JSON: a page or an image. */
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
  more: Omit<Refusal, 'reason'> = {},
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
  address: clientAddress(event),
  requestId: event.requestContext?.requestId ?? 'none',
  method: event.requestContext?.http?.method ?? route.method,
  rawPath: event.rawPath ?? '',
  headers: event.headers ?? {},
  languages: readLanguages(event.headers ?? {}),
  timeLeft: () => context.getRemainingTimeInMillis(),
});

/** In this order: the way here, caller, path, key, body, fields. The first refusal is the answer, and later checks do not run. */
const checks: readonly Check[] = [
  refuseAroundFront,
  identifyCaller,
  readPath,
  readIdempotencyKey,
  readBody,
  readInput,
];

const asMiddleware =
  (check: Check) =>
  ({ internal: { draft } }: Exchange): APIGatewayProxyStructuredResultV2 | undefined => {
    if (!draft) throw new Error('the first middleware made no draft of the request');
    const refusal = check(draft);
    return refusal && problemAnswer(refusal, draft.requestId);
  };

/** Logs one line for each request: route, status and duration, and never its content. */
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

/** The client gets a fixed text and the request id; the log has the cause under that id. */
const answerThrown = ({ internal: { draft }, error }: Exchange): APIGatewayProxyStructuredResultV2 => {
  const reason = isTransient(error) ? 'busy' : 'internal-error';
  logger.error('a request failed', { reason, thrown: loggable(error) });
  return problemAnswer({ reason }, draft?.requestId ?? 'none');
};

/** The answer to HEAD is that to GET without its body. Whoever sends it leaves the length out: of no body, it is not known. */
const withoutBody = (
  event: APIGatewayProxyEventV2,
  answer: APIGatewayProxyStructuredResultV2,
): APIGatewayProxyStructuredResultV2 => {
  if (event.requestContext?.http?.method !== 'HEAD') return answer;
  const { body: _body, isBase64Encoded: _encoded, ...head } = answer;
  return head;
};

/**
 * The frame of every function that answers HTTP: one middy stack for each function. It calls the handler with a request
 * that the schemas of the route accepted, and turns its result or its error into an answer.
 *
 * middy's early time-out is off: after an early answer Lambda freezes the unfinished work and continues it in the next
 * invocation. Lambda's own time limit ends the work for good.
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
  stack.onError(answerThrown);
  const answer = stack as unknown as LambdaApiHandler;
  return async (event, context) => withoutBody(event, await answer(event, context));
};
