import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { problems, retryAfter, type ProblemReason, type Refusal } from './problems.ts';

/** Clients compare it, so it never changes, and it does not contain the host of the API. */
export const problemType = (reason: ProblemReason): string => `urn:keyun:problem:${reason}`;

/**
 * Headers of every answer. Caches keep nothing unless the answer allows it. Browsers do not guess the content type, come
 * back by HTTPS for a year, tell other sites nothing about an address here, and run and load nothing, nor show it in a
 * frame: a page allows itself what it needs.
 */
export const commonHeaders = (requestId: string): Record<string, string> => ({
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
  'x-request-id': requestId,
});

/** The answer to a request that we refuse (RFC 9457). */
export const problemAnswer = (
  { reason, detail, fields, members, headers }: Refusal,
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
      ...headers,
    },
    body: JSON.stringify({
      type: problemType(reason),
      title,
      status,
      detail,
      instance: requestId,
      errors: fields,
      ...members,
    }),
  };
};
