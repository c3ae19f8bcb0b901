import { IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import * as z from 'zod';
import { readSendRequest, type Refusal, type SendRequest } from './judge-mail.ts';

type Sandbox = { verified: readonly string[] };

export type MailRules = {
  hasMail(messageId: string): boolean;
  refusal(request: SendRequest, sandbox: Sandbox | undefined): Refusal | undefined;
  accepted(request: SendRequest, messageId: string): void;
};

/**
 * Stands before the mail emulator and does what that lacks:
 * - `POST /v2/email/outbound-emails`: refuses what SES would refuse, and tells of each mail that the emulator took.
 * - `PUT /sandbox` with `{"verified": ["a@example.com"]}`: from then on as in SES's sandbox; `DELETE /sandbox` ends it.
 * - It answers a request that would end the emulator, and this process with it: for a mail that does not exist, the
 *   emulator answers twice, and nothing catches the error of the second answer.
 */
export const guardMailServer = (server: Server, rules: MailRules): void => {
  const inner = server.listeners('request') as RequestListener[];
  let sandbox: Sandbox | undefined;

  const pass = (request: IncomingMessage, response: ServerResponse): void => {
    for (const listener of inner) listener(request, response);
  };
  const switchSandbox = (request: IncomingMessage, response: ServerResponse, body: Buffer): void => {
    const wanted = request.method === 'PUT' ? readSandbox(body) : { verified: undefined };
    if (!wanted) return void response.writeHead(400).end('expected {"verified": ["a@example.com"]}');
    sandbox = wanted.verified && { verified: wanted.verified };
    response.writeHead(204).end();
  };
  const takeMail = (request: IncomingMessage, response: ServerResponse, body: Buffer): void => {
    const mail = readSendRequest(body);
    const refusal = mail && rules.refusal(mail, sandbox);
    if (refusal) return refuse(response, refusal);
    if (mail) whenAccepted(response, (messageId) => rules.accepted(mail, messageId));
    pass(withBody(request, body), response);
  };
  /** The client may disconnect before its whole request is here. */
  const read = (request: IncomingMessage, response: ServerResponse, then: (body: Buffer) => void): void =>
    void buffer(request).then(then, () => response.destroy());

  server.removeAllListeners('request');
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const path = (request.url ?? '/').split('?')[0] ?? '';
    if (asksForNoMail(request.url ?? '/', rules.hasMail))
      response.writeHead(404, { 'content-type': 'text/plain' }).end('there is no such mail');
    else if (path === '/sandbox') read(request, response, (body) => switchSandbox(request, response, body));
    else if (request.method === 'POST' && path === '/v2/email/outbound-emails')
      read(request, response, (body) => takeMail(request, response, body));
    else pass(request, response);
  });
};

const readSandbox = (body: Buffer): Sandbox | undefined => {
  try {
    return z.object({ verified: z.array(z.string()) }).parse(JSON.parse(body.toString()));
  } catch {
    return undefined;
  }
};

const refuse = (response: ServerResponse, { status, name, message }: Refusal): void =>
  void response
    .writeHead(status, { 'content-type': 'application/json', 'x-amzn-errortype': name })
    .end(JSON.stringify({ message }));

/** The same request for a second reader: the body of the first is gone. */
const withBody = (request: IncomingMessage, body: Buffer): IncomingMessage => {
  const { method, url, headers, rawHeaders, httpVersion } = request;
  const copy = Object.assign(new IncomingMessage(request.socket), {
    method,
    url,
    headers,
    rawHeaders,
    httpVersion,
    complete: true,
  });
  copy.push(body);
  copy.push(null);
  return copy;
};

const acceptedSchema = z.object({ MessageId: z.string() });

/** Reads the id of the mail from the emulator's answer, which is one piece of JSON. */
const whenAccepted = (response: ServerResponse, then: (messageId: string) => void): void => {
  const end = response.end.bind(response) as (...args: unknown[]) => ServerResponse;
  response.end = ((...args: unknown[]) => {
    const ended = end(...args);
    const [body] = args;
    if (response.statusCode === 200 && (typeof body === 'string' || Buffer.isBuffer(body))) {
      const { data } = acceptedSchema.safeParse(JSON.parse(body.toString()));
      if (data) then(data.MessageId);
    }
    return ended;
  }) as typeof response.end;
};

const asksForNoMail = (address: string, hasMail: (messageId: string) => boolean): boolean => {
  const [path = '', query = ''] = address.split('?', 2);
  if (!/^\/+get-emlcontent\/*$/i.test(path)) return false;
  const ids = new URLSearchParams(query).getAll('messageId');
  return ids.length !== 1 || !hasMail(ids[0] ?? '');
};
