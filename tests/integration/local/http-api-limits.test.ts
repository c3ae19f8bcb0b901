import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { makeDeployment } from '../../../infra/local/template/deployment.ts';
import { startHttpApi, type HttpApi } from '../../../infra/local/http/http-api.ts';
import { makeFunction, type LocalFunction } from '../../../infra/local/lambda/lambda.ts';
import { freePort } from '../../../infra/local/run/ports.ts';
import { hangUp, manners } from '../../support/hang-up.ts';
import { silent } from './fake-function.ts';
import { temporaryFolder } from './temporary.ts';

const folder = temporaryFolder();
const made: LocalFunction[] = [];
const apis: HttpApi[] = [];

/**
 * An API whose only function is of this source, with one environment, so that others wait: eight at most. It may write
 * into `folder`, and waits for files there.
 */
const apiOf = async (source: string): Promise<HttpApi> => {
  const file = join(folder, `${made.length}.mjs`);
  writeFileSync(file, source);
  const one = makeFunction(
    {
      name: 'tested',
      arn: 'arn:aws:lambda:us-east-1:000000000000:function:tested',
      title: 'tested',
      file,
      exportName: 'handler',
      environment: { FOLDER: folder },
      timeoutSeconds: 20,
      memoryMegabytes: 256,
    },
    silent,
    1,
  );
  made.push(one);
  const arn = 'arn:aws:lambda:us-east-1:000000000000:function:tested';
  const Resources = {
    Permission: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        Action: 'lambda:InvokeFunction',
        FunctionName: arn,
        Principal: 'apigateway.amazonaws.com',
      },
    },
    Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { ProtocolType: 'HTTP' } },
    Stage: { Type: 'AWS::ApiGatewayV2::Stage', Properties: { StageName: '$default' } },
    Tested: {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: { IntegrationType: 'AWS_PROXY', IntegrationUri: arn, PayloadFormatVersion: '2.0' },
    },
    Rest: {
      Type: 'AWS::ApiGatewayV2::Route',
      Properties: {
        RouteKey: '$default',
        Target: { 'Fn::Join': ['/', ['integrations', { Ref: 'Tested' }]] },
      },
    },
  };
  const deployment = makeDeployment([{ stackName: 'Test', Resources }], { api: '', issuer: '', sqs: '' });
  const world = {
    port: await freePort(),
    issuerOf: (name: string) => name,
    functionOf: () => one,
    log: silent,
  };
  const api = await startHttpApi(deployment, world);
  apis.push(api);
  return api;
};

afterAll(async () => {
  await Promise.all(apis.map((api) => api.stop()));
  await Promise.all(made.map((one) => one.stop()));
});

/** Says which paths it has begun, and ends when the test writes `go` into the folder. */
const gated = (name: string): string => `
  import { appendFileSync, existsSync } from 'node:fs';
  export const handler = async ({ rawPath }) => {
    appendFileSync(process.env.FOLDER + '/${name}-begun', rawPath + '\\n');
    while (!existsSync(process.env.FOLDER + '/${name}-go')) await new Promise((done) => setTimeout(done, 5));
    return rawPath;
  };`;
const begun = (name: string): string[] => {
  const file = join(folder, `${name}-begun`);
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
};
const untilBegun = async (name: string, path: string) => {
  while (!begun(name).includes(path)) await sleep(10);
};

it('requests beyond those that may wait are answered at once, with when to come again', async () => {
  const { endpoint } = await apiOf(gated('rush'));
  const first = fetch(`${endpoint}/0`);
  await untilBegun('rush', '/0');
  const rest = Array.from({ length: 30 }, (_, n) => fetch(`${endpoint}/${n + 1}`));
  // These come although nobody has been let go: one is under way, eight wait.
  const refused: Response[] = [];
  const kept: Response[] = [];
  const all = rest.map((each) =>
    each.then((answer) => (answer.status === 503 ? refused : kept).push(answer)),
  );
  while (refused.length < 22) await sleep(10);
  expect(kept).toEqual([]);
  for (const answer of refused) {
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(answer.headers.get('apigw-requestid')).toMatch(/./);
  }
  writeFileSync(join(folder, 'rush-go'), '');
  await Promise.all(all);
  expect([refused.length, kept.length, (await first).status]).toEqual([22, 8, 200]);
  expect(begun('rush')).toHaveLength(9);
});

it.each(manners)('the request of a client that %s before its turn is not begun', async (manner) => {
  const { endpoint } = await apiOf(gated(manner));
  const first = fetch(`${endpoint}/first`);
  await untilBegun(manner, '/first');
  const request = { endpoint, path: '/gone', body: '{}' };
  await Promise.all(Array.from({ length: 5 }, () => hangUp(request, 'a little after the body', manner)));
  // The machine has told the server by now, which looks once in each turn of its loop.
  for (let turn = 0; turn < 10; turn += 1) await setImmediate();
  const last = fetch(`${endpoint}/last`);
  writeFileSync(join(folder, `${manner}-go`), '');
  expect([(await first).status, (await last).status]).toEqual([200, 200]);
  expect(begun(manner)).toEqual(['/first', '/last']);
});

const echo = `export const handler = async ({ body, isBase64Encoded }) => ({
  statusCode: 200, body: String(Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8').length) });`;
const megabyte = 1024 * 1024;
const post = (endpoint: string, bytes: number, type: string) =>
  fetch(endpoint, { method: 'POST', body: Buffer.alloc(bytes, 'x'), headers: { 'content-type': type } });

it('a body beyond the gateway’s limit or Lambda’s is 413 with a request id', async () => {
  const { endpoint } = await apiOf(echo);
  for (const [bytes, type, status] of [
    [5 * megabyte, 'text/plain', 200],
    [7 * megabyte, 'text/plain', 413],
    // As base64 it is a third longer.
    [4 * megabyte, 'application/octet-stream', 200],
    [5 * megabyte, 'application/octet-stream', 413],
    [10 * megabyte + 1, 'text/plain', 413],
    [40 * megabyte, 'text/plain', 413],
  ] as const) {
    const answer = await post(endpoint, bytes, type);
    const text = await answer.text();
    expect([bytes, type, answer.status]).toEqual([bytes, type, status]);
    expect(answer.headers.get('apigw-requestid')).toMatch(/./);
    expect(text).toBe(status === 200 ? String(bytes) : '{"message":"Request Entity Too Large"}');
  }
});

/** Everything that comes until the other side closes, while `write` goes on sending. */
const talk = async (endpoint: string, head: string, write: (socket: Socket) => void): Promise<string> => {
  const { hostname, port } = new URL(endpoint);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  let heard = '';
  socket.on('data', (chunk) => (heard += String(chunk)));
  socket.write(head);
  write(socket);
  await new Promise((resolve) => (socket.closed ? resolve(0) : socket.on('close', resolve)));
  return heard;
};

it('a body that never ends is answered when it is too large, and not read on for ever', async () => {
  const { endpoint } = await apiOf(echo);
  const chunk = `${(64 * 1024).toString(16)}\r\n${'x'.repeat(64 * 1024)}\r\n`;
  let bytes = 0;
  const heard = await talk(
    endpoint,
    'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n',
    (socket) => {
      const goOn = () => {
        if (!socket.writable) return;
        bytes += chunk.length;
        socket.write(chunk, () => setTimeout(goOn));
      };
      goOn();
    },
  );
  expect(heard).toMatch(/^HTTP\/1.1 413 .*apigw-requestid: .*Request Entity Too Large/is);
  expect(bytes).toBeLessThan(60 * megabyte);
});

it('a body that says it will be too large is answered before it comes', async () => {
  const { endpoint } = await apiOf(echo);
  const heard = await talk(
    endpoint,
    `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${11 * megabyte}\r\n\r\n`,
    () => undefined,
  );
  expect(heard).toMatch(/^HTTP\/1.1 413 .*connection: close.*apigw-requestid/is);
});

it('an answer beyond Lambda’s limit, or with a header that HTTP cannot carry, is 500 and ends nothing', async () => {
  const { endpoint } = await apiOf(`export const handler = async ({ rawPath }) => rawPath === '/long'
    ? { statusCode: 200, body: 'x'.repeat(7 * 1024 * 1024) }
    : { statusCode: 200, headers: { 'x-name': rawPath === '/header' ? '客运\\nx' : 'fine' }, body: 'fine' };`);
  for (const [path, status] of [
    ['/long', 500],
    ['/header', 500],
    ['/fine', 200],
  ] as const)
    expect([path, (await fetch(endpoint + path)).status]).toEqual([path, status]);
});
