import {
  Agent,
  createServer,
  request as requestOf,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream';
import { accessDenied, unreadable, type Answer } from './access-denied.ts';
import type { Authorize } from './authorize-request.ts';
import { localCredentials } from './local-credentials.ts';
import type { ServiceRequest } from './needed-permissions.ts';

export type AuthorizingProxy = { endpoint: string; stop(): Promise<void> };

/**
 * Stands between the functions and every AWS service that they call, and does what IAM does there: emulators take
 * anything from anybody. What is granted goes on to the service's own address and streams back.
 */
export const startAuthorizingProxy = (
  authorize: Authorize,
  addresses: Readonly<Record<string, string>>,
): Promise<AuthorizingProxy> => {
  const agent = new Agent({ keepAlive: true });
  const server = createServer((incoming, outgoing) => {
    // Who called has gone away, and with it whoever could be told.
    pass(incoming, outgoing, { authorize, addresses, agent }).catch(() => outgoing.destroy());
  });
  // A connection that is closed just when it is used again would look like a request whose answer was lost.
  server.keepAliveTimeout = 0;
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve({
        endpoint: `http://127.0.0.1:${address && typeof address === 'object' ? address.port : 0}`,
        stop: () =>
          new Promise((done) => {
            agent.destroy();
            server.close(() => done());
            server.closeAllConnections();
          }),
      });
    });
  });
};

type Way = { authorize: Authorize; addresses: Readonly<Record<string, string>>; agent: Agent };

const pass = async (
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { authorize, addresses, agent }: Way,
): Promise<void> => {
  const body = await buffer(incoming);
  const { headers, method = 'GET', url = '/' } = incoming;
  const { accessKeyId, service } = signerOf(headers);
  const address = addresses[service];
  const target = String(headers['x-amz-target'] ?? '');
  const path = url.split('?')[0] ?? '';
  const refusal = address
    ? refusalOf(authorize, accessKeyId, { service, method, path, target, body })
    : unreadable('UnknownOperationException', `functions have no ${service || 'unsigned service'} locally`);
  if (refusal) {
    outgoing.writeHead(refusal.status, refusal.headers).end(refusal.body);
    return;
  }
  const onward = requestOf(new URL(url, address), { agent, method, headers: asLocal(headers, accessKeyId) });
  // As if the service itself had closed the connection: the SDK tries again.
  onward.on('error', () => outgoing.destroy());
  onward.on('response', (response) => giveBack(response, outgoing));
  onward.end(body);
};

/** Either side may have gone, or go in the middle: then the other is let go, and nobody else hears of it. */
const giveBack = (response: IncomingMessage, outgoing: ServerResponse): void => {
  if (outgoing.destroyed) {
    // Read to its end, so that the connection to the service can be used again. A pipeline would throw.
    response.on('error', () => undefined).resume();
    return;
  }
  outgoing.writeHead(response.statusCode ?? 502, endToEnd(response.headers));
  pipeline(response, outgoing, () => undefined);
};

const refusalOf = (
  authorize: Authorize,
  accessKeyId: string,
  request: ServiceRequest,
): Answer | undefined => {
  try {
    const message = authorize(accessKeyId, request);
    return message === undefined ? undefined : accessDenied(request.service, message);
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    return unreadable(name, message);
  }
};

/** A signature says whose credentials they are and which service they are for. */
const signerOf = ({ authorization = '' }: IncomingHttpHeaders) => {
  const [, accessKeyId = '', service = ''] =
    /Credential=([^/]+)\/\d+\/[^/]*\/([^/]+)\/aws4_request/.exec(authorization) ?? [];
  return { accessKeyId, service };
};

/** Some emulators keep the tables of each access key apart: to them, everybody is the same. */
const asLocal = (headers: IncomingHttpHeaders, accessKeyId: string): IncomingHttpHeaders => {
  const { host: _host, authorization = '', ...rest } = endToEnd(headers);
  const credential = `Credential=${localCredentials.accessKeyId}/`;
  return { ...rest, authorization: authorization.replace(`Credential=${accessKeyId}/`, credential) };
};

/** Without what concerns one connection alone. */
const endToEnd = (headers: IncomingHttpHeaders): IncomingHttpHeaders => {
  const { connection: _connection, 'transfer-encoding': _encoding, ...rest } = headers;
  delete rest['keep-alive'];
  return rest;
};
