import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { problems, retryAfter, type ProblemReason, type Refusal } from './problems.ts';

/** Clients compare it, so it never changes, and it does not contain the host of the API. */
export const problemType = (reason: ProblemReason): string => `urn:keyun:problem:${reason}`;

/** Headers of every answer: caches keep nothing unless the answer allows it, and browsers do not guess the content type. */
export const commonHeaders = (requestId: string): Record<string, string> => ({
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'x-request-id': requestId,
});

/** The answer to a request that we refuse (RFC 9457). */
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
