import { makeDeployment } from '../../../infra/local/template/deployment.ts';
import { startHttpApi, type HttpApi } from '../../../infra/local/http/http-api.ts';
import { freePort } from '../../../infra/local/run/ports.ts';
import type { Resource } from '../../../infra/local/template/template.ts';
import { fakeFunction, silent } from './fake-function.ts';

const ours = 'https://tickets.example';
const foreign = 'https://elsewhere.example';

const reached: string[] = [];
const answers = fakeFunction('answers', ({ rawPath }: { rawPath: string }) => {
  reached.push(rawPath);
  return {
    statusCode: 200,
    headers: { vary: 'Accept-Language', 'access-control-allow-origin': '*', etag: '"1"' },
    body: 'x',
  };
});

const resources = (cors?: object): Record<string, Resource> => ({
  Api: {
    Type: 'AWS::ApiGatewayV2::Api',
    Properties: { ProtocolType: 'HTTP', ...(cors && { CorsConfiguration: cors as never }) },
  },
  Stage: { Type: 'AWS::ApiGatewayV2::Stage', Properties: { StageName: '$default' } },
  Answers: {
    Type: 'AWS::ApiGatewayV2::Integration',
    Properties: {
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: answers.settings.arn,
      PayloadFormatVersion: '2.0',
    },
  },
  MayCall: {
    Type: 'AWS::Lambda::Permission',
    Properties: {
      Action: 'lambda:InvokeFunction',
      FunctionName: answers.settings.arn,
      Principal: 'apigateway.amazonaws.com',
      SourceArn: 'arn:aws:execute-api:us-east-1:000000000000:Api/*',
    },
  },
  SignedIn: {
    Type: 'AWS::ApiGatewayV2::Authorizer',
    Properties: {
      AuthorizerType: 'JWT',
      IdentitySource: ['$request.header.Authorization'],
      JwtConfiguration: { Issuer: 'http://127.0.0.1:1', Audience: ['x'] },
    },
  },
  Any: {
    Type: 'AWS::ApiGatewayV2::Route',
    Properties: {
      RouteKey: 'ANY /mine',
      Target: { 'Fn::Join': ['/', ['integrations', { Ref: 'Answers' }]] },
      AuthorizationType: 'JWT',
      AuthorizerId: { Ref: 'SignedIn' },
    },
  },
  Rest: {
    Type: 'AWS::ApiGatewayV2::Route',
    Properties: {
      RouteKey: '$default',
      Target: { 'Fn::Join': ['/', ['integrations', { Ref: 'Answers' }]] },
    },
  },
});

const apis: HttpApi[] = [];
const start = async (cors?: object): Promise<string> => {
  const deployment = makeDeployment([{ stackName: 'Test', Resources: resources(cors) }], {
    api: '',
    issuer: '',
    sqs: '',
  });
  const api = await startHttpApi(deployment, {
    port: await freePort(),
    issuerOf: (issuer) => issuer,
    functionOf: () => answers,
    log: silent,
  });
  apis.push(api);
  return api.endpoint;
};

let open: string;
let closed: string;
beforeAll(async () => {
  open = await start({
    AllowOrigins: [ours, 'http://localhost:5173'],
    AllowMethods: ['GET', 'POST'],
    AllowHeaders: ['authorization', 'idempotency-key'],
    ExposeHeaders: ['etag', 'retry-after'],
    MaxAge: 3600,
  });
  closed = await start();
});
afterAll(() => Promise.all(apis.map((api) => api.stop())));
beforeEach(() => void reached.splice(0));

const corsOf = ({ headers }: Response): Record<string, string> =>
  Object.fromEntries([...headers].filter(([name]) => name.startsWith('access-control-')));
const varyOf = ({ headers }: Response): string[] => (headers.get('vary') ?? '').split(/,\s*/);

/** Node's own `fetch` sets these two headers as it is told; a browser would not let a page do that. */
const preflight = (endpoint: string, origin: string, path = '/mine') =>
  fetch(endpoint + path, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization',
    },
  });

test('a preflight request of an allowed page is answered by the gateway, without a token', async () => {
  const answer = await preflight(open, ours);
  expect([answer.status, await answer.text(), reached]).toEqual([204, '', []]);
  expect(corsOf(answer)).toEqual({
    'access-control-allow-origin': ours,
    'access-control-allow-methods': 'GET,POST',
    'access-control-allow-headers': 'authorization,idempotency-key',
    'access-control-max-age': '3600',
  });
  expect(varyOf(answer)).toEqual(['origin']);
});

test.each([foreign, 'https://tickets.example.elsewhere.example', 'https://TICKETS.example', 'null', '*'])(
  'a page of %s is told nothing',
  async (origin) => {
    const asked = await preflight(open, origin);
    expect([asked.status, corsOf(asked)]).toEqual([204, {}]);
    const answer = await fetch(`${open}/`, { headers: { origin } });
    expect([answer.status, corsOf(answer)]).toEqual([200, {}]);
    expect(varyOf(answer)).toEqual(['Accept-Language', 'origin']);
  },
);

test('an answer to an allowed page names that origin alone, and what the page may read', async () => {
  const answer = await fetch(`${open}/`, { headers: { origin: 'http://localhost:5173' } });
  expect(corsOf(answer)).toEqual({
    'access-control-allow-origin': 'http://localhost:5173',
    'access-control-expose-headers': 'etag,retry-after',
  });
  expect(varyOf(answer)).toEqual(['Accept-Language', 'origin']);
});

test('without an origin an answer has none either, and still depends on it', async () => {
  const answer = await fetch(`${open}/`);
  expect([corsOf(answer), varyOf(answer)]).toEqual([{}, ['Accept-Language', 'origin']]);
});

test('OPTIONS that is no preflight request reaches its route', async () => {
  await fetch(`${open}/methods`, { method: 'OPTIONS', headers: { origin: ours } });
  expect(reached).toEqual(['/methods']);
  expect((await fetch(`${open}/mine`, { method: 'OPTIONS' })).status).toBe(401);
});

test('an API without the setting hands OPTIONS to the function and adds nothing', async () => {
  const answer = await preflight(closed, ours, '/');
  expect([answer.status, reached, varyOf(answer)]).toEqual([200, ['/'], ['Accept-Language']]);
});

test('a template that lets every origin in does not run', async () => {
  await expect(start({ AllowOrigins: ['*'] })).rejects.toThrow('AllowOrigins');
});
