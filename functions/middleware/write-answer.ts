import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { ApiAnswer } from './api-answer.ts';
import type { Draft } from './draft.ts';
import { cacheControl, entityTag, isKnown } from './keep-answer.ts';
import { commonHeaders, problemAnswer } from './problem-answer.ts';

export const jsonType = 'application/json; charset=utf-8';

type Written = APIGatewayProxyStructuredResultV2 & { headers: Record<string, string> };

const lowerCased = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

/** The request's headers on which the answer depends: also `origin`, where the gateway lets other origins in. */
const varyOf = (...names: readonly (string | false | undefined)[]): Record<string, string> => {
  const all = names.filter((name) => name).join(', ');
  return all === '' ? {} : { vary: all };
};

/**
 * A handler's answer in the form that API Gateway expects. The route's schema parses JSON on its way out, so that a stored
 * attribute never reaches a client by mistake. An answer that caches may keep has a tag; a client that knows it gets 304.
 */
export const writeAnswer = (
  answer: ApiAnswer<unknown>,
  { route: { success }, requestId, headers: asked }: Pick<Draft, 'route' | 'requestId' | 'headers'>,
): APIGatewayProxyStructuredResultV2 => {
  if (answer.outcome === 'refused') return problemAnswer(answer, requestId);
  const { kept, localised } = success;
  const { vary, ...own } = lowerCased(answer.headers ?? {});
  const headers = {
    ...commonHeaders(requestId),
    ...varyOf(vary, localised && 'accept-language', kept && 'origin'),
    ...own,
    // The table of routes alone says who may keep an answer, so no handler can let one out by mistake.
    'cache-control': kept ? cacheControl(kept) : 'no-store',
  };
  const written =
    answer.outcome === 'sent'
      ? writeAsIs(answer.contentType, answer.body, success.status, headers)
      : writeJson(answer, success, headers);
  return kept ? unlessKnown(written, asked['if-none-match']) : written;
};

const writeJson = (
  { status, body }: Extract<ApiAnswer<unknown>, { outcome: 'answered' }>,
  success: Draft['route']['success'],
  headers: Record<string, string>,
): Written => {
  const statusCode = status ?? success.status;
  if (statusCode === 204) return { statusCode, headers };
  return {
    statusCode,
    headers: { ...headers, 'content-type': jsonType },
    body: JSON.stringify(success.body ? success.body.parse(body) : body),
  };
};

const writeAsIs = (
  contentType: string,
  body: string | Uint8Array,
  statusCode: number,
  others: Readonly<Record<string, string>>,
): Written => {
  const headers = { ...others, 'content-type': contentType };
  if (typeof body === 'string') return { statusCode, headers, body };
  return { statusCode, headers, body: Buffer.from(body).toString('base64'), isBase64Encoded: true };
};

/**
 * Gives the answer its tag. 304 has the headers that say how long it may be kept, and nothing of the body but its type: the
 * gateway would call it plain text, and a cache would then change the type of what it has.
 */
const unlessKnown = (written: Written, ifNoneMatch: string | undefined): Written => {
  const { statusCode, headers, body, isBase64Encoded = false } = written;
  if (statusCode !== 200 || body === undefined) return written;
  const etag = entityTag(isBase64Encoded ? Buffer.from(body, 'base64') : body);
  const tagged: Record<string, string> = { ...headers, etag };
  if (!isKnown(etag, ifNoneMatch)) return { ...written, headers: tagged };
  const { 'content-encoding': _encoding, ...kept } = tagged;
  return { statusCode: 304, headers: kept };
};
