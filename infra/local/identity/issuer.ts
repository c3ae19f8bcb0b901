import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { poolGroupsOf } from './pool-users.ts';
import { commandHours, tokenFor } from './issue-tokens.ts';
import { issuerKey, publicKeyOf } from './issuer-keys.ts';
import { groups, type Group } from './users.ts';
import { signInPage, tokenPage } from './issuer-pages.ts';

export type Issuer = { endpoint: string; stop(): Promise<void> };

const formBytesMax = 4096;

/**
 * Replaces Cognito: it publishes its keys where the authorizer looks for them, and signs in anybody who enters an
 * address. It does not check who that is, so it listens only on this machine.
 */
export const startIssuer = async (port: number, dataDir: string, clientId: string): Promise<Issuer> => {
  const key = await issuerKey(dataDir);
  const issuer = `http://127.0.0.1:${port}`;
  const documents: Record<string, unknown> = {
    '/.well-known/jwks.json': { keys: [publicKeyOf(key)] },
    '/.well-known/openid-configuration': {
      issuer,
      jwks_uri: `${issuer}/.well-known/jwks.json`,
      authorization_endpoint: `${issuer}/`,
      response_types_supported: ['token'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
    },
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    const document = documents[path];
    if (document) return reply(response, 200, 'application/json', JSON.stringify(document));
    if (path !== '/') return reply(response, 404, 'text/plain', 'not found');
    if (request.method !== 'POST') return reply(response, 200, 'text/html', signInPage());
    const form = new URLSearchParams(await textOf(request));
    const email = form.get('email') ?? '';
    if (!/^[^\s@]+@[^\s@]+$/.test(email)) return reply(response, 422, 'text/html', signInPage(true));
    const wanted = form.getAll('group').filter((name): name is Group => groups.includes(name as Group));
    const groupsOfUser = [...new Set([...wanted, ...poolGroupsOf(dataDir, email)])];
    const token = await tokenFor(dataDir, { issuer, clientId, email, groups: groupsOfUser });
    if (request.headers.accept?.includes('application/json'))
      return reply(response, 200, 'application/json', JSON.stringify({ token, hours: commandHours }));
    return reply(response, 200, 'text/html', tokenPage(email, token, commandHours));
  };

  const server = createServer(
    (request, response) => void handle(request, response).catch(() => response.destroy()),
  );
  await new Promise<void>((resolve, reject) => {
    server.on('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    endpoint: issuer,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

const reply = (response: ServerResponse, status: number, type: string, body: string): void => {
  response.writeHead(status, { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-store' });
  response.end(body);
};

const textOf = async (request: IncomingMessage): Promise<string> => {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > formBytesMax) throw new Error('the form is too large');
  }
  return text;
};
