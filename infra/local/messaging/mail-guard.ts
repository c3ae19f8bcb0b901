import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';

/**
 * Answers a request that would end the mail emulator, and this process with it: for a mail that does not exist, the
 * emulator answers twice, and nothing catches the error of the second answer.
 */
export const guardMailServer = (server: Server, hasMail: (messageId: string) => boolean): void => {
  const inner = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (asksForNoMail(request.url ?? '/', hasMail))
      response.writeHead(404, { 'content-type': 'text/plain' }).end('there is no such mail');
    else for (const listener of inner) listener(request, response);
  });
};

const asksForNoMail = (address: string, hasMail: (messageId: string) => boolean): boolean => {
  const [path = '', query = ''] = address.split('?', 2);
  if (!/^\/+get-emlcontent\/*$/i.test(path)) return false;
  const ids = new URLSearchParams(query).getAll('messageId');
  return ids.length !== 1 || !hasMail(ids[0] ?? '');
};
