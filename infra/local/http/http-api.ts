import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import * as z from 'zod';
import type { Deployment } from '../template/deployment.ts';
import { corsSchema, preflightAnswer, withCors } from './cors.ts';
import { answerOf, eventOf, gatewayAnswer, splitUrl, type HttpAnswer } from './http-event.ts';
import { makeRouter } from './http-routes.ts';
import { makeAuthorizer, type Authorizer, type JwtContext } from './jwt-authorizer.ts';
import { endUnread, readBody } from './http-body.ts';
import { readServiceCalls, routeArn } from '../iam/service-calls.ts';
import type { Invocation, LocalFunction } from '../lambda/lambda.ts';
import type { LocalLog } from '../run/local-log.ts';
import { LocalRunError } from '../run/ports.ts';
import { absent, number } from '../template/template-shapes.ts';

const apiSchema = z.object({ ProtocolType: z.literal('HTTP'), CorsConfiguration: corsSchema.optional() });
const stageSchema = z.object({ StageName: z.literal('$default') });
const integrationSchema = z.object({
  IntegrationType: z.literal('AWS_PROXY'),
  IntegrationUri: z.string(),
  PayloadFormatVersion: z.literal('2.0'),
  TimeoutInMillis: number.default(30_000),
});
const routeSchema = z.object({
  RouteKey: z.string(),
  Target: z.string(),
  AuthorizationType: z.enum(['NONE', 'JWT']).default('NONE'),
  AuthorizerId: z.string().optional(),
  AuthorizationScopes: absent,
});
const authorizerSchema = z.object({
  AuthorizerType: z.literal('JWT'),
  IdentitySource: z.tuple([z.literal('$request.header.Authorization')]),
  JwtConfiguration: z.object({ Issuer: z.string(), Audience: z.array(z.string()) }),
});

type Route = {
  key: string;
  target: LocalFunction;
  timeoutMilliseconds: number;
  authorizer: Authorizer | undefined;
  /** Why the gateway may not call the function. */
  refusal: string | undefined;
};

type World = {
  port: number;
  issuerOf(issuer: string): string;
  functionOf(arn: string): LocalFunction;
  log: LocalLog;
};

export type HttpApi = { endpoint: string; stop(): Promise<void> };

/** Limits of API Gateway's HTTP APIs that AWS does not raise. */
const bodyBytesMax = 10 * 1024 * 1024;
const integrationMillisecondsMax = 30_000;

/** When the client may retry: this gateway says it, AWS's gateway leaves it to the client. */
const retryAfterSeconds = '1';

/**
 * Runs the template's HTTP API with its routes and authorizers. If Lambda cannot take a request now, the gateway
 * answers at once; it does not start a request whose client has disconnected. It answers 500 for a route whose function has no
 * permission for it. It does not limit rates.
 */
export const startHttpApi = async (deployment: Deployment, world: World): Promise<HttpApi> => {
  const { ref: apiId, properties } = deployment.one('AWS::ApiGatewayV2::Api', apiSchema);
  const { CorsConfiguration: cors } = properties;
  const find = makeRouter(routesOf(deployment, apiId, world));

  const handle = async (
    request: IncomingMessage,
    requestId: string,
    gone: AbortController,
  ): Promise<HttpAnswer> => {
    const preflight = preflightAnswer(cors, request);
    if (preflight) return preflight;
    const matched = find(request.method ?? 'GET', splitUrl(request).path);
    if (!matched) return gatewayAnswer(404, 'Not Found');
    const { route, pathParameters } = matched;
    let authorizer: JwtContext | undefined;
    if (route.authorizer) {
      const checked = await route.authorizer(request.headers.authorization);
      if (checked.outcome === 'unauthorized') return unauthorized(checked.why);
      authorizer = checked.context;
    }
    const body = await readBody(request, bodyBytesMax);
    if (body === 'too large') return tooLarge;
    if (route.refusal !== undefined) {
      world.log.say(route.refusal);
      return failed;
    }
    const event = eventOf({
      request,
      body,
      requestId,
      routeKey: route.key,
      apiId,
      pathParameters,
      authorizer,
    });
    const answer = invoked(route.target, event, gone.signal);
    return withCors(cors, request, await withinLimit(route.timeoutMilliseconds, answer, gone));
  };

  const server = createServer((request, response) => {
    const requestId = randomUUID();
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    handle(request, requestId, gone).then(
      (answer) => send(response, request, answer, requestId),
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.on('error', reject);
    server.listen(world.port, '127.0.0.1', resolve);
  });
  return {
    endpoint: `http://127.0.0.1:${world.port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

const routesOf = (
  deployment: Deployment,
  apiId: string,
  world: Pick<World, 'issuerOf' | 'functionOf'>,
): Map<string, Route> => {
  const stage = deployment.one('AWS::ApiGatewayV2::Stage', stageSchema).properties.StageName;
  const refusalOf = readServiceCalls(deployment);
  const integrations = new Map(
    deployment
      .all('AWS::ApiGatewayV2::Integration', integrationSchema)
      .map(({ ref, properties }) => [`integrations/${ref}` as string, properties] as const),
  );
  const authorizers = new Map(
    deployment.all('AWS::ApiGatewayV2::Authorizer', authorizerSchema).map(({ ref, properties }) => {
      const { Issuer, Audience } = properties.JwtConfiguration;
      return [ref, makeAuthorizer(world.issuerOf(Issuer), Audience)] as const;
    }),
  );
  return new Map(
    deployment.all('AWS::ApiGatewayV2::Route', routeSchema).map(({ logicalId, properties }) => {
      const { RouteKey: key, Target, AuthorizationType, AuthorizerId } = properties;
      const integration = integrations.get(Target);
      const authorizer = AuthorizationType === 'JWT' ? authorizers.get(AuthorizerId ?? '') : undefined;
      if (!integration || (AuthorizationType === 'JWT' && !authorizer))
        throw new LocalRunError(`${logicalId}: the route ${key} has no integration or authorizer`);
      const target = world.functionOf(integration.IntegrationUri);
      const timeoutMilliseconds = Math.min(integration.TimeoutInMillis, integrationMillisecondsMax);
      const refusal = refusalOf({
        service: 'apigateway',
        source: routeArn(apiId, stage, key),
        target: integration.IntegrationUri,
      });
      return [key, { key, target, timeoutMilliseconds, authorizer, refusal }];
    }),
  );
};

const unauthorized = (why: string): HttpAnswer =>
  gatewayAnswer(401, 'Unauthorized', {
    'www-authenticate': `Bearer scope="" error="invalid_token" error_description="${why.replaceAll(/[^\w .,:-]/g, '')}"`,
  });

/** The answer to a body above the gateway's own limit, and to one that makes an event above Lambda's limit. */
const tooLarge = gatewayAnswer(413, 'Request Entity Too Large', { connection: 'close' });
const unavailable = gatewayAnswer(503, 'Service Unavailable', { 'retry-after': retryAfterSeconds });
const failed = gatewayAnswer(500, 'Internal Server Error');

const invoked = async (target: LocalFunction, event: unknown, gone: AbortSignal): Promise<HttpAnswer> =>
  answerTo(await target.invoke(event, { gone }));

const answerTo = (invocation: Invocation): HttpAnswer => {
  if (invocation.outcome === 'returned') return answerOf(invocation.payload);
  if (invocation.refusal === 'too large') return tooLarge;
  return invocation.refusal ? unavailable : failed;
};

/**
 * If the gateway gives up waiting, a function that already runs continues, as on AWS; one that has not started never
 * starts.
 */
const withinLimit = async (
  milliseconds: number,
  answer: Promise<HttpAnswer>,
  gone: AbortController,
): Promise<HttpAnswer> => {
  const { promise: tooLate, resolve } = Promise.withResolvers<HttpAnswer>();
  const timer = setTimeout(() => {
    resolve(unavailable);
    gone.abort();
  }, milliseconds);
  try {
    return await Promise.race([answer, tooLate]);
  } finally {
    clearTimeout(timer);
  }
};

const send = (
  response: ServerResponse,
  request: IncomingMessage,
  answer: HttpAnswer,
  requestId: string,
): void => {
  const { status, headers, body } = answer;
  const bodyless = request.method === 'HEAD' || status === 204 || status === 304;
  try {
    response.writeHead(status, {
      ...headers,
      'apigw-requestid': requestId,
      ...(!bodyless && { 'content-length': body.length }),
    });
  } catch {
    // The function returned a header that HTTP cannot carry.
    return send(response, request, failed, requestId);
  }
  if (!bodyless) response.write(body);
  if (request.complete) response.end();
  else endUnread(request, response);
};
