import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { randomUUID } from 'node:crypto';
import { AwsError, type Operation } from './aws-operation.ts';
import { answerQuery, isQuery } from './aws-query.ts';

export type AwsJsonServer = { endpoint: string; stop(): Promise<void> };

/**
 * Speaks the AWS JSON protocol (1.0 and 1.1) on the loopback, so that unmodified SDK clients work: operations by the
 * value of `X-Amz-Target`, such as `secretsmanager.GetSecretValue`. A form is a request of the query protocol; `queries`
 * has its operations by action.
 */
export const startAwsJsonServer = (
  port: number,
  operations: Readonly<Record<string, Operation>>,
  queries: Readonly<Record<string, Operation>> = {},
): Promise<AwsJsonServer> => {
  const server = createServer((request, response) => {
    const answered = isQuery(request)
      ? answerQuery(request, response, queries)
      : answer(request, response, operations);
    // The caller has disconnected, so we cannot report this to anybody.
    answered.catch(() => response.destroy());
  });
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      const bound = address && typeof address === 'object' ? address.port : port;
      resolve({
        endpoint: `http://127.0.0.1:${bound}`,
        stop: () =>
          new Promise((done) => {
            server.close(() => done());
            server.closeAllConnections();
          }),
      });
    });
  });
};

const answer = async (
  request: IncomingMessage,
  response: ServerResponse,
  operations: Readonly<Record<string, Operation>>,
): Promise<void> => {
  const target = String(request.headers['x-amz-target'] ?? '');
  const reply = (status: number, body: unknown) => {
    const text = JSON.stringify(body);
    response.writeHead(status, {
      'content-type': request.headers['content-type'] ?? 'application/x-amz-json-1.0',
      'x-amzn-requestid': randomUUID(),
    });
    response.end(text);
  };
  try {
    const operation = operations[target];
    if (!operation)
      throw new AwsError('UnknownOperationException', `the local run does not support ${target}`);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const input = JSON.parse(Buffer.concat(chunks).toString() || '{}') as Record<string, unknown>;
    reply(200, (await operation(input)) ?? {});
  } catch (error) {
    const known = error instanceof AwsError;
    const message = error instanceof Error ? error.message : String(error);
    reply(known ? 400 : 500, { __type: known ? error.name : 'InternalServiceError', message });
  }
};
