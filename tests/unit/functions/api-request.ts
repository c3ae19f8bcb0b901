import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type { LambdaApiHandler } from '../../../functions/middleware/api-handler.ts';
import { logger } from '../../../shared/platform/log.ts';

logger.setLogLevel('SILENT');

/** What a test says of a request; the rest is as API Gateway would have it. */
export type Sent = {
  body?: string;
  isBase64Encoded?: boolean;
  headers?: Record<string, string>;
  path?: Record<string, string>;
  query?: string;
  claims?: unknown;
  method?: string;
  rawPath?: string;
};

export const eventOf = ({
  body,
  isBase64Encoded = false,
  headers = {},
  path,
  query = '',
  claims,
  method,
  rawPath,
}: Sent) =>
  ({
    version: '2.0',
    rawQueryString: query,
    ...(rawPath !== undefined && { rawPath }),
    headers,
    isBase64Encoded,
    ...(body !== undefined && { body }),
    ...(path && { pathParameters: path }),
    requestContext: {
      requestId: 'request-1',
      ...(method && { http: { method } }),
      ...(claims !== undefined && { authorizer: { jwt: { claims, scopes: null } } }),
    },
  }) as unknown as APIGatewayProxyEventV2;

export const context = {
  awsRequestId: 'invocation-1',
  getRemainingTimeInMillis: () => 10_000,
} as Context;

export type Answer = {
  status: number;
  headers: Record<string, string>;
  body: Record<string, unknown>;
  raw: APIGatewayProxyStructuredResultV2;
};

/** Sends a request through a handler and reads the JSON that came back. */
export const send = async (handler: LambdaApiHandler, sent: Sent = {}): Promise<Answer> => {
  const raw = await handler(eventOf(sent), context);
  const headers = (raw.headers ?? {}) as Record<string, string>;
  const isJson = headers['content-type']?.includes('json') ?? false;
  return {
    status: raw.statusCode ?? 0,
    headers,
    body: isJson ? (JSON.parse(raw.body ?? '{}') as Record<string, unknown>) : {},
    raw,
  };
};

export const json = { 'content-type': 'application/json' };
/** The claims of an access token, as the gateway passes them on. */
export const passenger = { sub: 'user-1', username: 'user-1', token_use: 'access', scope: 'openid' };
