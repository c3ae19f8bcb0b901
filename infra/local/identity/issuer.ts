import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { openBrowserSessions } from './browser-sessions.ts';
import { issuerKey } from './issuer-keys.ts';
import { answerVisit } from './issuer-site.ts';
import type { OidcClient } from './oidc-client.ts';
import { openSignIns } from './sign-ins.ts';

export type Issuer = { endpoint: string; stop(): Promise<void> };

const formBytesMax = 16_384;
const machineSeconds = (): number => Math.floor(Date.now() / 1000);

/**
 * Replaces Cognito, with its endpoints, and signs in anybody who enters an address. It does not check who that is, so it
 * listens only on this machine. Users, refresh tokens and the key are in `dataDir`.
 */
export const startIssuer = async (wish: {
  port: number;
  dataDir: string;
  client: OidcClient;
  /** In seconds since 1970; by default the machine's clock. */
  now?: () => number;
}): Promise<Issuer> => {
  const { port, dataDir, client, now = machineSeconds } = wish;
  const issuer = `http://127.0.0.1:${port}`;
  const parts = {
    issuer,
    dataDir,
    client,
    now,
    key: await issuerKey(dataDir),
    signIns: openSignIns(dataDir, now),
    sessions: openBrowserSessions(now),
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    // Joined as text: to `new URL`, two slashes at the start would begin another host.
    const url = URL.parse(`${issuer}${request.url ?? '/'}`);
    if (!url) {
      response.writeHead(400, { 'content-type': 'text/plain' }).end('the address cannot be read');
      return;
    }
    const form = new URLSearchParams(request.method === 'POST' ? await textOf(request) : '');
    const { status, headers, body } = await answerVisit({ request, url, form }, parts);
    response.writeHead(status, { 'cache-control': 'no-store', ...headers }).end(body);
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

const textOf = async (request: IncomingMessage): Promise<string> => {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > formBytesMax) throw new Error('the form is too large');
  }
  return text;
};
