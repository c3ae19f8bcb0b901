import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { problems, retryAfter, type ProblemReason, type Refusal } from './problems.ts';

/** Stable for ever, whatever host the API answers from: clients compare it. */
export const problemType = (reason: ProblemReason): string => `urn:keyun:problem:${reason}`;

/** Headers of every answer: nothing is kept by a cache unless the answer says so, nothing is sniffed. */
export const commonHeaders = (requestId: string): Record<string, string> => ({
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'x-request-id': requestId,
});

/** A refusal as the client gets it (RFC 9457). */
export const problemAnswer = (
  { reason, detail, fields }: Refusal,
  requestId: string,
): APIGatewayProxyStructuredResultV2 => {
  const { status, title } = problems[reason];
  const seconds = retryAfter(reason);
  return {
    statusCode: status,
    headers: {
      ...commonHeaders(requestId),
      'content-type': 'application/problem+json',
      ...(seconds !== undefined && { 'retry-after': String(seconds) }),
    },
    body: JSON.stringify({
      type: problemType(reason),
      title,
      status,
      detail,
      instance: requestId,
      errors: fields,
    }),
  };
};
