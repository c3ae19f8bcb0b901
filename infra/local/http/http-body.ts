import type { IncomingMessage, ServerResponse } from 'node:http';

/** A client that is still sending would miss the answer, so we read and discard this many bytes, for this long. */
const lingerBytesMax = 16 * 1024 * 1024;
const lingerMilliseconds = 2000;

/**
 * Reads a request's body. It stops as soon as it knows that the body is too large: from the declared length, or when
 * the bytes exceed the limit.
 */
export const readBody = async (request: IncomingMessage, bytesMax: number): Promise<Buffer | 'too large'> => {
  if (Number(request.headers['content-length'] ?? 0) > bytesMax) return 'too large';
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Leaving the loop must not close the connection: the answer still has to go out on it.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bytesMax) return 'too large';
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};

/**
 * Ends a response whose request we have not read to its end, and closes the connection. The whole answer is written by
 * then. For a while we discard what the client still sends, because closing at once would lose the answer.
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
