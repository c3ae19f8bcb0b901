import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { ApiAnswer } from './api-answer.ts';
import type { Draft } from './draft.ts';
import { commonHeaders, problemAnswer } from './problem-answer.ts';

export const jsonType = 'application/json; charset=utf-8';

const lowerCased = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

/**
 * A handler's answer in the form that API Gateway expects. The route's schema parses JSON on its way out, so that a stored
 * attribute never reaches a client by mistake.
 */
export const writeAnswer = (
  answer: ApiAnswer<unknown>,
  { route: { success }, requestId }: Pick<Draft, 'route' | 'requestId'>,
): APIGatewayProxyStructuredResultV2 => {
  if (answer.outcome === 'refused') return problemAnswer(answer, requestId);
  const headers = {
    ...commonHeaders(requestId),
    ...(success.localised && { vary: 'accept-language' }),
    ...lowerCased(answer.headers ?? {}),
  };
  if (answer.outcome === 'sent') return writeAsIs(answer.contentType, answer.body, success.status, headers);
  const statusCode = answer.status ?? success.status;
  if (statusCode === 204) return { statusCode, headers };
  return {
    statusCode,
    headers: { ...headers, 'content-type': jsonType },
    body: JSON.stringify(success.body ? success.body.parse(answer.body) : answer.body),
  };
};

const writeAsIs = (
  contentType: string,
  body: string | Uint8Array,
  statusCode: number,
  others: Readonly<Record<string, string>>,
): APIGatewayProxyStructuredResultV2 => {
  const headers = { ...others, 'content-type': contentType };
  if (typeof body === 'string') return { statusCode, headers, body };
  return { statusCode, headers, body: Buffer.from(body).toString('base64'), isBase64Encoded: true };
};
