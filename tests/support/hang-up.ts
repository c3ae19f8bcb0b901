import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A request as it goes over the wire. */
export type WireRequest = {
  endpoint: string;
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  body: string;
};

/** How a client goes: its machine is reset, it closes, or it sends no more and closes when it has heard something. */
export const manners = ['resets', 'closes', 'half-closes'] as const;
export type Manner = (typeof manners)[number];

/** How much of its request it has sent by then, and whether it waits for the first of the answer. */
export const moments = [
  'before it says anything',
  'in the headers',
  'before the body',
  'in the body',
  'after the body',
  'a little after the body',
  'in the answer',
] as const;
export type Moment = (typeof moments)[number];

/** Sends a request and goes away in the middle of it. Resolves when the client's side is gone. */
export const hangUp = async (request: WireRequest, moment: Moment, manner: Manner): Promise<void> => {
  const { hostname, port } = new URL(request.endpoint);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  if (moment !== 'before it says anything') socket.write(sentBy(moment, request));
  if (moment === 'a little after the body') await sleep(3);
  if (moment === 'in the answer') await Promise.race([until(socket, 'data'), until(socket, 'close')]);
  await leave(socket, manner);
};

/** Unlike `once`, an error is no reason to stop: closing follows it. */
const until = (socket: Socket, event: 'close' | 'data' | 'end'): Promise<unknown> =>
  new Promise((resolve) => (socket.closed ? resolve(undefined) : socket.once(event, resolve)));

const leave = async (socket: Socket, manner: Manner): Promise<void> => {
  const closed = until(socket, 'close');
  if (manner === 'resets') socket.resetAndDestroy();
  if (manner === 'closes') socket.destroy();
  if (manner === 'half-closes') {
    socket.end();
    await Promise.race([until(socket, 'data'), until(socket, 'end'), sleep(50), closed]);
    socket.destroy();
  }
  await closed;
};

const sentBy = (moment: Moment, { method = 'POST', path = '/', headers = {}, body }: WireRequest): string => {
  const lines = [
    `${method} ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  const head = lines.join('\r\n');
  if (moment === 'in the headers') return head.slice(0, head.length - 10);
  if (moment === 'before the body') return `${head}\r\n\r\n`;
  if (moment === 'in the body') return `${head}\r\n\r\n${body.slice(0, Math.floor(body.length / 2))}`;
  return `${head}\r\n\r\n${body}`;
};
