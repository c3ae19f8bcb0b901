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
 * Sits between the functions and every AWS service that they call, and checks permissions as IAM does, because
 * emulators accept anything from anybody. It passes an allowed request to the service's own address and streams the
 * answer back.
 */
export const startAuthorizingProxy = (
  authorize: Authorize,
  addresses: Readonly<Record<string, string>>,
): Promise<AuthorizingProxy> => {
  const agent = new Agent({ keepAlive: true });
  const server = createServer((incoming, outgoing) => {
    // The caller has disconnected, so we cannot report this to anybody.
    pass(incoming, outgoing, { authorize, addresses, agent }).catch(() => outgoing.destroy());
  });
  // A connection that closes at the moment of its reuse would look like a request whose answer was lost.
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
  // As if the service itself had closed the connection: the SDK retries.
  onward.on('error', () => outgoing.destroy());
  onward.on('response', (response) => giveBack(response, outgoing));
  onward.end(body);
};

/** Either side may disconnect, before or in the middle of an answer. Then we drop the other side and report nothing. */
const giveBack = (response: IncomingMessage, outgoing: ServerResponse): void => {
  if (outgoing.destroyed) {
    // We read to the end, so that the connection to the service can be reused. A pipeline would throw.
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

/** A signature names the owner of the credentials and the service. */
const signerOf = ({ authorization = '' }: IncomingHttpHeaders) => {
  const [, accessKeyId = '', service = ''] =
    /Credential=([^/]+)\/\d+\/[^/]*\/([^/]+)\/aws4_request/.exec(authorization) ?? [];
  return { accessKeyId, service };
};

/** Some emulators keep separate tables for each access key, so they always get the same key. */
const asLocal = (headers: IncomingHttpHeaders, accessKeyId: string): IncomingHttpHeaders => {
  const { host: _host, authorization = '', ...rest } = endToEnd(headers);
  const credential = `Credential=${localCredentials.accessKeyId}/`;
  return { ...rest, authorization: authorization.replace(`Credential=${accessKeyId}/`, credential) };
};

/** The headers without those that concern a single connection. */
const endToEnd = (headers: IncomingHttpHeaders): IncomingHttpHeaders => {
  const { connection: _connection, 'transfer-encoding': _encoding, ...rest } = headers;
  delete rest['keep-alive'];
  return rest;
};
