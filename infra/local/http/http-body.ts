import type { IncomingMessage, ServerResponse } from 'node:http';

/** A client that is still sending would not see the answer: so much of it, and for so long, is taken and forgotten. */
const lingerBytesMax = 16 * 1024 * 1024;
const lingerMilliseconds = 2000;

/** A request's body. One that is too large is not read on once that is known: by its length, or when it goes beyond. */
export const readBody = async (request: IncomingMessage, bytesMax: number): Promise<Buffer | 'too large'> => {
  if (Number(request.headers['content-length'] ?? 0) > bytesMax) return 'too large';
  const chunks: Buffer[] = [];
  let bytes = 0;
  // To leave the loop must not close the connection, on which the answer is still to go out.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bytesMax) return 'too large';
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};

/**
 * Ends a response whose request has not been read to its end, and the connection with it. The whole answer has been
 * written; what the client still sends is thrown away for a while, since closing at once would take the answer from it.
 */
export const endUnread = (request: IncomingMessage, response: ServerResponse): void => {
  let bytes = 0;
  const end = () => {
    clearTimeout(timer);
    response.end(() => {
      if (!request.complete) request.socket.destroy();
    });
  };
  const timer = setTimeout(end, lingerMilliseconds);
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > lingerBytesMax) end();
  });
  request.on('end', end);
  request.on('error', () => undefined);
  response.on('close', () => clearTimeout(timer));
  request.resume();
};
