import { problemType } from '../middleware/problem-answer.ts';
import { problems, retryAfter, type ProblemReason } from '../middleware/problems.ts';
import type { Route } from '../routes/route.ts';
import type { JsonSchema } from './json-schemas.ts';

/** Whether the frame answers 401 or 403 on this route before the handler runs. */
export const needsToken = ({ caller }: Route): boolean => caller !== 'anyone' && caller !== 'provider';

/** The reasons for which the frame refuses a request, in addition to the route's own. */
const refusedByFrame = (route: Route): ProblemReason[] => [
  ...(needsToken(route) ? (['unauthorized'] as const) : []),
  ...(route.caller === 'operators' || route.caller === 'gates' ? (['forbidden'] as const) : []),
  ...(route.pathParameters ? (['not-found'] as const) : []),
  ...(route.idempotent ? (['bad-request', 'idempotency-key-missing'] as const) : []),
  ...(route.body ? (['bad-request', 'request-too-large', 'unsupported-media-type'] as const) : []),
  ...(route.body || route.query ? (['invalid-input'] as const) : []),
  'internal-error',
  'busy',
];

const exampleOf = (reason: ProblemReason): JsonSchema => {
  const { title, status } = problems[reason];
  return {
    type: problemType(reason),
    title,
    status,
    instance: 'JKJaXmPLvHcESHA=',
    ...(reason === 'invalid-input' && {
      errors: [
        {
          field: 'passengers[0].document.number',
          message: 'has a wrong check digit',
        },
      ],
    }),
  };
};

/** The gateway counts requests before any function sees them, so its answer is no problem document. */
export const tooMany: JsonSchema = {
  description:
    'There are too many requests at the moment, or from your address. Wait a little and try again.',
  content: {
    'application/json': { schema: { type: 'object', properties: { message: { type: 'string' } } } },
  },
};

const responseOf = (reasons: readonly ProblemReason[]): JsonSchema => {
  const retried = reasons.some((reason) => retryAfter(reason) !== undefined);
  return {
    description: reasons.map((reason) => `- \`${reason}\`: ${problems[reason].title}`).join('\n'),
    headers: {
      'X-Request-Id': { $ref: '#/components/headers/RequestId' },
      ...(retried && { 'Retry-After': { $ref: '#/components/headers/RetryAfter' } }),
    },
    content: {
      'application/problem+json': {
        schema: { $ref: '#/components/schemas/Problem' },
        examples: Object.fromEntries(
          reasons.map((reason) => [reason, { $ref: `#/components/examples/${reason}` }]),
        ),
      },
      // API Gateway's authorizer answers a missing or wrong token before it calls a function.
      ...(reasons.includes('unauthorized') && {
        'application/json': { schema: { type: 'object', properties: { message: { type: 'string' } } } },
      }),
    },
  };
};

/** An example of every problem, as components that the responses refer to. */
export const problemExamples: JsonSchema = Object.fromEntries(
  (Object.keys(problems) as ProblemReason[]).map((reason) => [
    reason,
    { summary: problems[reason].title, value: exampleOf(reason) },
  ]),
);

/** One response for each status, with one example for each reason of the route and of the frame. */
export const problemResponses = (route: Route): Record<string, JsonSchema> => {
  const byStatus = new Map<number, Set<ProblemReason>>();
  for (const reason of [...route.problems, ...refusedByFrame(route)]) {
    const { status } = problems[reason];
    byStatus.set(status, (byStatus.get(status) ?? new Set()).add(reason));
  }
  return Object.fromEntries(
    [...byStatus]
      .sort(([a], [b]) => a - b)
      .map(([status, reasons]) => [String(status), responseOf([...reasons])]),
  );
};

/** RFC 9457, with the fields that are not valid. The list of types is complete: a client may switch over it. */
export const problemSchema: JsonSchema = {
  type: 'object',
  description: 'Why we refused the request (RFC 9457).',
  required: ['type', 'title', 'status', 'instance'],
  properties: {
    type: { type: 'string', enum: (Object.keys(problems) as ProblemReason[]).map(problemType) },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    instance: { type: 'string', description: 'The id of the request, as in the header `X-Request-Id`.' },
    opensAt: { type: 'string', description: 'With `too-early-to-board`: when the gate opens.' },
    closedAt: { type: 'string', description: 'With `too-late-to-board`: when the gate has closed.' },
    firstUse: {
      type: 'object',
      description: 'With `already-checked-in`: when, where and by which gate the ticket was used first.',
      required: ['at', 'stopId', 'gateId'],
      properties: { at: { type: 'string' }, stopId: { type: 'string' }, gateId: { type: 'string' } },
    },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['field', 'message'],
        properties: { field: { type: 'string' }, message: { type: 'string' } },
      },
    },
  },
};
