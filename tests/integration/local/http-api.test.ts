import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeDeployment } from '../../../infra/local/template/deployment.ts';
import { startHttpApi, type HttpApi } from '../../../infra/local/http/http-api.ts';
import { freePort } from '../../../infra/local/run/ports.ts';
import type { Resource } from '../../../infra/local/template/template.ts';
import { fakeFunction, silent } from './fake-function.ts';

const arnOf = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;

/** What lets API Gateway call a function for the routes of this pattern. */
const permission = (name: string, routes: string): Resource => ({
  Type: 'AWS::Lambda::Permission',
  Properties: {
    Action: 'lambda:InvokeFunction',
    FunctionName: arnOf(name),
    Principal: 'apigateway.amazonaws.com',
    SourceArn: `arn:aws:execute-api:us-east-1:000000000000:Api/${routes}`,
  },
});

const integration = (name: string, TimeoutInMillis = 30_000): Resource => ({
  Type: 'AWS::ApiGatewayV2::Integration',
  Properties: {
    IntegrationType: 'AWS_PROXY',
    IntegrationUri: arnOf(name),
    PayloadFormatVersion: '2.0',
    TimeoutInMillis,
  },
});
const route = (RouteKey: string, to: string, more = {}): Resource => ({
  Type: 'AWS::ApiGatewayV2::Route',
  Properties: { RouteKey, Target: { 'Fn::Join': ['/', ['integrations', { Ref: to }]] }, ...more },
});

const functions = {
  echo: fakeFunction('echo', (event: APIGatewayProxyEventV2) => event),
  fails: fakeFunction('fails', () => {
    throw new Error('secret');
  }),
  slow: fakeFunction('slow', () => sleep(500)),
  full: fakeFunction('full', () => ({
    statusCode: 201,
    headers: { 'X-One': 'a' },
    cookies: ['a=1', 'b=2'],
    body: Buffer.from('bytes').toString('base64'),
    isBase64Encoded: true,
  })),
  text: fakeFunction('text', () => 'just text'),
  forbidden: fakeFunction('forbidden', () => 'called'),
} as const;

const Resources: Record<string, Resource> = {
  Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { ProtocolType: 'HTTP' } },
  Stage: { Type: 'AWS::ApiGatewayV2::Stage', Properties: { StageName: '$default' } },
  Echo: integration('echo'),
  Fails: integration('fails'),
  Slow: integration('slow', 100),
  Full: integration('full'),
  Text: integration('text'),
  SignedIn: {
    Type: 'AWS::ApiGatewayV2::Authorizer',
    Properties: {
      AuthorizerType: 'JWT',
      IdentitySource: ['$request.header.Authorization'],
      JwtConfiguration: { Issuer: 'http://127.0.0.1:1', Audience: ['x'] },
    },
  },
  One: route('GET /orders/{orderId}', 'Echo'),
  Two: route('POST /orders', 'Echo'),
  Three: route('GET /orders/latest', 'Text'),
  Four: route('GET /fails', 'Fails'),
  Five: route('GET /slow', 'Slow'),
  Six: route('GET /full', 'Full'),
  Seven: route('GET /mine', 'Echo', { AuthorizationType: 'JWT', AuthorizerId: { Ref: 'SignedIn' } }),
  Rest: route('$default', 'Echo'),
  Forbidden: integration('forbidden'),
  Eight: route('GET /forbidden', 'Forbidden'),
  Nine: route('GET /forbidden/{id}', 'Forbidden'),
  MayEcho: permission('echo', '*/*/*'),
  MayEchoUnknown: permission('echo', '*/$default'),
  MayFail: permission('fails', '*/GET/fails'),
  MayBeSlow: permission('slow', '*/*/slow'),
  MayBeFull: permission('full', '*'),
  MayText: permission('text', '$default/GET/orders/latest'),
  MayOneOfTwo: permission('forbidden', '*/*/forbidden/{id}'),
};

let api: HttpApi;
const said: string[] = [];
const world = () => ({
  issuerOf: (issuer: string) => issuer,
  functionOf: (arn: string) => functions[(arn.split(':').at(-1) ?? '') as keyof typeof functions],
  log: { ...silent, say: (line: string) => void said.push(line) },
});
beforeAll(async () => {
  const deployment = makeDeployment([{ stackName: 'Test', Resources }], { api: '', issuer: '', sqs: '' });
  api = await startHttpApi(deployment, { ...world(), port: await freePort() });
});
afterAll(() => api.stop());

const send = (path: string, init?: RequestInit) => fetch(api.endpoint + path, init);
const event = async (path: string, init?: RequestInit) =>
  (await (await send(path, init)).json()) as APIGatewayProxyEventV2;

it('hands over path and query as they were sent, and decoded', async () => {
  const got = await event('/orders/a%20b?x=1&x=2&y=%C3%A9');
  expect(got).toMatchObject({
    version: '2.0',
    routeKey: 'GET /orders/{orderId}',
    rawPath: '/orders/a%20b',
    rawQueryString: 'x=1&x=2&y=%C3%A9',
    pathParameters: { orderId: 'a b' },
    queryStringParameters: { x: '1,2', y: 'é' },
  });
  expect(got.requestContext.http).toMatchObject({ method: 'GET', sourceIp: '127.0.0.1' });
});

it('takes literal text before a variable, and $default for the rest', async () => {
  expect(await (await send('/orders/latest')).text()).toBe('just text');
  expect((await event('/orders/')).routeKey).toBe('$default');
  expect((await event('/nothing', { method: 'DELETE' })).routeKey).toBe('$default');
});

it('hands headers over in lower case, repeated ones joined, cookies apart', async () => {
  const headers = new Headers({ 'X-Own': 'a', cookie: 'one=1; two=2' });
  headers.append('X-Own', 'b');
  const got = await event('/orders/1', { headers });
  expect(got.headers).toMatchObject({ 'x-own': 'a, b' });
  expect(got.headers).not.toHaveProperty('cookie');
  expect(got.cookies).toEqual(['one=1', 'two=2']);
});

it.each([
  ['application/json', false],
  ['application/json; charset=utf-8', false],
  ['text/plain', false],
  ['application/x-www-form-urlencoded', true],
  ['application/problem+json', true],
  ['image/png', true],
  ['', true],
])('a body of type "%s" arrives as base64: %s', async (type, isBase64Encoded) => {
  const body = new Blob([Buffer.from('{"a":"é"}')]);
  const got = await event('/orders', { method: 'POST', body, headers: type ? { 'content-type': type } : {} });
  expect(got.isBase64Encoded).toBe(isBase64Encoded);
  expect(Buffer.from(got.body ?? '', isBase64Encoded ? 'base64' : 'utf8').toString()).toBe('{"a":"é"}');
});

it('sends what the function says: status, headers, cookies and bytes', async () => {
  const response = await send('/full');
  expect(response.status).toBe(201);
  expect(response.headers.get('x-one')).toBe('a');
  expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  expect(await response.text()).toBe('bytes');
});

it('keeps its own answers short: no token, too large, failed, too slow', async () => {
  const unauthorized = await send('/mine');
  expect([unauthorized.status, await unauthorized.json()]).toEqual([401, { message: 'Unauthorized' }]);
  const large = await send('/orders', { method: 'POST', body: Buffer.alloc(10 * 1024 * 1024 + 1) });
  expect([large.status, await large.json()]).toEqual([413, { message: 'Request Entity Too Large' }]);
  const failed = await send('/fails');
  expect([failed.status, await failed.json()]).toEqual([500, { message: 'Internal Server Error' }]);
  const slow = await send('/slow');
  expect([slow.status, await slow.json()]).toEqual([503, { message: 'Service Unavailable' }]);
});

it('answers 500 for a route whose function does not let it in, and calls the function for one that it lets in', async () => {
  const refused = await send('/forbidden');
  expect([refused.status, await refused.json()]).toEqual([500, { message: 'Internal Server Error' }]);
  expect(said).toEqual([
    expect.stringMatching(/apigateway may not call .*:forbidden for .*:Api\/\$default\/GET\/forbidden:/),
  ]);
  const allowed = await send('/forbidden/1');
  expect([allowed.status, await allowed.text()]).toEqual([200, 'called']);
});

it('a permission for every route of the API does not cover unknown paths, which have no method', async () => {
  const { MayEchoUnknown: _, ...others } = Resources;
  const deployment = makeDeployment([{ stackName: 'Test', Resources: others }], {
    api: '',
    issuer: '',
    sqs: '',
  });
  const strict = await startHttpApi(deployment, { ...world(), port: await freePort() });
  const known = await fetch(`${strict.endpoint}/orders/1`);
  const unknown = await fetch(`${strict.endpoint}/nothing`);
  expect([known.status, unknown.status]).toEqual([200, 500]);
  await strict.stop();
});
