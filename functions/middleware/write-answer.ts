import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { ApiAnswer } from './api-handler.ts';
import type { Draft } from './draft.ts';
import { commonHeaders, problemAnswer } from './problem-answer.ts';

const lowerCased = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

/**
 * A handler's answer as API Gateway takes it. JSON passes the route's schema on its way out, so that a field of
 * storage that slipped into it never leaves. An answer that names its own `content-type` is sent as it is: a text, or
 * bytes such as an image.
 */
export const writeAnswer = (answer: ApiAnswer<unknown>, draft: Draft): APIGatewayProxyStructuredResultV2 => {
  if (answer.outcome === 'refused') return problemAnswer(answer, draft.requestId);
  const { success } = draft.route;
  const statusCode = answer.status ?? success.status;
  const headers = { ...commonHeaders(draft.requestId), ...lowerCased(answer.headers ?? {}) };
  if (statusCode === 204) return { statusCode, headers };
  const { body } = answer;
  if ('content-type' in headers) {
    if (typeof body === 'string') return { statusCode, headers, body };
    if (!(body instanceof Uint8Array))
      throw new TypeError('an answer with its own content-type is text or bytes');
    return { statusCode, headers, body: Buffer.from(body).toString('base64'), isBase64Encoded: true };
  }
  return {
    statusCode,
    headers: { ...headers, 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(success.body ? success.body.parse(body) : body),
  };
};
