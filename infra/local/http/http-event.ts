import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { IncomingMessage } from 'node:http';
import { accountId } from '../template/identities.ts';
import type { JwtContext } from './jwt-authorizer.ts';

export type HttpAnswer = {
  status: number;
  headers: Record<string, string | string[]>;
  body: Buffer;
};

/** An answer of the gateway itself. It always has this shape and is never a problem document. */
export const gatewayAnswer = (
  status: number,
  message: string,
  headers: Record<string, string> = {},
): HttpAnswer => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: Buffer.from(JSON.stringify({ message })),
});

type EventParts = {
  request: IncomingMessage;
  body: Buffer;
  requestId: string;
  routeKey: string;
  apiId: string;
  pathParameters: Record<string, string> | undefined;
  authorizer: JwtContext | undefined;
};

/** The event in payload format 2.0. */
export const eventOf = (parts: EventParts): APIGatewayProxyEventV2 => {
  const { request, body, requestId, routeKey, pathParameters, authorizer } = parts;
  const { path, query } = splitUrl(request);
  const { headers, cookies } = headersOf(request);
  const sourceIp = (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  const isBase64Encoded = body.length > 0 && !isText(headers['content-type']);
  const now = new Date();
  const parameters = queryOf(query);
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString: query,
    ...(cookies.length > 0 && { cookies }),
    headers: {
      ...headers,
      'x-forwarded-for': [headers['x-forwarded-for'], sourceIp].filter(Boolean).join(', '),
      'x-forwarded-proto': 'http',
    },
    ...(parameters && { queryStringParameters: parameters }),
    ...(pathParameters && { pathParameters }),
    requestContext: {
      accountId,
      apiId: parts.apiId,
      domainName: (headers['host'] ?? '').replace(/:\d+$/, ''),
      domainPrefix: parts.apiId,
      http: {
        method: request.method ?? 'GET',
        path,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId,
      routeKey,
      stage: '$default',
      time: now.toUTCString(),
      timeEpoch: now.getTime(),
      ...(authorizer && { authorizer }),
    },
    ...(body.length > 0 && { body: body.toString(isBase64Encoded ? 'base64' : 'utf8') }),
    isBase64Encoded,
  } as APIGatewayProxyEventV2;
};

/** The path and the query as the client sent them, without any decoding. */
export const splitUrl = ({ url = '/' }: IncomingMessage): { path: string; query: string } => {
  const mark = url.indexOf('?');
  return mark < 0 ? { path: url, query: '' } : { path: url.slice(0, mark), query: url.slice(mark + 1) };
};

/**
 * AWS passes only these types as text and everything else as base64, including forms and bodies without a type. Its
 * manual does not mention this.
 */
const isText = (contentType = ''): boolean =>
  /^(?:text\/|application\/(?:json|xml|javascript)\s*(?:;|$))/i.test(contentType.trim());

/** Lower-case names; commas join the values of a repeated header; cookies are separate. */
const headersOf = (request: IncomingMessage) => {
  const headers: Record<string, string> = {};
  const cookies: string[] = [];
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    const name = (request.rawHeaders[index] ?? '').toLowerCase();
    const value = request.rawHeaders[index + 1] ?? '';
    if (name === 'cookie') cookies.push(...value.split(';').map((cookie) => cookie.trim()));
    else headers[name] = headers[name] === undefined ? value : `${headers[name]},${value}`;
  }
  return { headers, cookies };
};

const queryOf = (query: string): Record<string, string> | undefined => {
  if (query === '') return undefined;
  const values: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(query))
    values[name] = values[name] === undefined ? value : `${values[name]},${value}`;
  return values;
};

/** Turns what the function returned into HTTP: an object with a status, or anything else as the JSON body of a 200. */
export const answerOf = (returned: unknown): HttpAnswer => {
  if (typeof returned !== 'object' || returned === null || !('statusCode' in returned))
    return {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: Buffer.from(typeof returned === 'string' ? returned : JSON.stringify(returned)),
    };
  const result = returned as {
    statusCode: unknown;
    headers?: Record<string, unknown>;
    cookies?: string[];
    body?: unknown;
    isBase64Encoded?: boolean;
  };
  const status = Number(result.statusCode);
  if (!Number.isInteger(status) || status < 100 || status > 599)
    return gatewayAnswer(500, 'Internal Server Error');
  const headers: Record<string, string | string[]> = { 'content-type': 'text/plain; charset=utf-8' };
  for (const [name, value] of Object.entries(result.headers ?? {}))
    headers[name.toLowerCase()] = String(value);
  if (result.cookies?.length) headers['set-cookie'] = result.cookies;
  const body = typeof result.body === 'string' ? result.body : '';
  return { status, headers, body: Buffer.from(body, result.isBase64Encoded ? 'base64' : 'utf8') };
};
