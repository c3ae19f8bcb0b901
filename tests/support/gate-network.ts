import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gateRoutes } from '../../functions/routes/gate.ts';
import type { LambdaApiHandler } from '../../functions/middleware/api-handler.ts';
import { send } from '../unit/functions/api-request.ts';

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
};

/** The routes of gates behind a real address. A token is the name of its group. `state` says whether anybody answers. */
export const gateNetwork = async () => {
  const state = { isUp: true, requests: [] as string[] };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '', 'http://gate');
    const parts = url.pathname.split('/').map(decodeURIComponent);
    const route = Object.values(gateRoutes).find(
      ({ method, path }) =>
        method === request.method &&
        path.split('/').length === parts.length &&
        path.split('/').every((part, n) => part.startsWith('{') || part === parts[n]),
    );
    const body = await bodyOf(request);
    state.requests.push(`${request.method} ${url.pathname}`);
    if (!route || !state.isUp) {
      request.socket.destroy();
      return;
    }
    const { handler } = (await import(`../../functions/${route.function}.ts`)) as {
      handler: LambdaApiHandler;
    };
    const group = request.headers.authorization?.slice('Bearer '.length) ?? '';
    const { status, headers, raw } = await send(handler, {
      claims: { sub: 'gate-1', token_use: 'access', 'cognito:groups': `[${group}]` },
      headers: { 'content-type': request.headers['content-type'] ?? '' },
      path: { runId: parts.at(-1) ?? '' },
      query: url.search.slice(1),
      ...(body && { body }),
    });
    response.writeHead(status, headers).end(raw.body);
  };

  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    state,
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => server.close(),
  };
};
