import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startAuthorizingProxy, type AuthorizingProxy } from '../../../infra/local/iam/authorizing-proxy.ts';
import { hangUp, manners, moments, type WireRequest } from '../../support/hang-up.ts';

/** A service that answers when it is told to: `quick` at once, the rest when `answerAll` is called. */
const held: ServerResponse[] = [];
let service: Server;
let proxy: AuthorizingProxy;

const bytes = Buffer.alloc(4 * 1024 * 1024, 'x');

beforeAll(async () => {
  service = createServer((request, response) => {
    request.resume().on('end', () => {
      if (request.url === '/quick') response.end('quick');
      else if (request.url === '/large') response.end(bytes);
      else if (request.url === '/breaks') {
        response.writeHead(200, { 'content-length': bytes.length });
        response.write(bytes.subarray(0, 1000), () => response.destroy());
      } else held.push(response);
    });
  });
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  const { port } = service.address() as AddressInfo;
  proxy = await startAuthorizingProxy(() => undefined, { dynamodb: `http://127.0.0.1:${port}` });
});
afterAll(async () => {
  await proxy.stop();
  service.closeAllConnections();
  await new Promise((resolve) => void service.close(resolve));
});

const authorization =
  'AWS4-HMAC-SHA256 Credential=somebody/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0';

const requestTo = (path: string): WireRequest => ({
  endpoint: proxy.endpoint,
  path,
  headers: { authorization },
  body: JSON.stringify({ TableName: 'Items', Text: 'x'.repeat(5000) }),
});

const served = async (): Promise<string> =>
  (await fetch(`${proxy.endpoint}/quick`, { method: 'POST', headers: { authorization }, body: '{}' })).text();

const whileHeld = async (count: number): Promise<void> => {
  while (held.length < count) await served();
};

describe.each(manners)('a client that %s', (manner) => {
  it('before the answer is there does not end the proxy', async () => {
    for (let round = 0; round < 20; round += 1) {
      const leaving = hangUp(requestTo('/held'), 'in the answer', manner);
      await whileHeld(1);
      // Whoever waits for an answer is told one by one: a second request comes when the first is under way.
      const gone = hangUp(requestTo('/held'), 'a little after the body', manner);
      await whileHeld(2);
      await gone;
      expect(await served()).toBe('quick');
      for (const response of held.splice(0)) response.end('late');
      await leaving;
      expect(await served()).toBe('quick');
    }
  });

  it.each(moments)('%s does not end the proxy', async (moment) => {
    for (const path of ['/quick', '/large', '/breaks'])
      await Promise.all(Array.from({ length: 10 }, () => hangUp(requestTo(path), moment, manner)));
    expect(await served()).toBe('quick');
  });
});
