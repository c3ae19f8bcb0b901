import { GetItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { spawn } from 'node:child_process';
import { connect, createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { awsClient, type CallLimits } from '../../shared/platform/aws-client.ts';
import { alipayProvider } from '../../shared/payments/alipay/provider.ts';
import { patientProvider } from '../../shared/payments/patient-provider.ts';
import { now, payment, secret } from '../unit/payments/alipay-fixture.ts';

const head = 'HTTP/1.1 200 OK\r\ncontent-type: application/x-amz-json-1.0\r\ncontent-length: 1000\r\n\r\n';

/** Ways in which a service can keep a caller waiting for ever. */
const ways: Record<string, (socket: Socket) => void> = {
  'accepts and says nothing': () => undefined,
  'sends the head of an answer and no more': (socket) => socket.write(head),
  'sends its answer in drops': (socket) => {
    socket.write(head);
    const drops = setInterval(() => socket.write(' '), 20);
    socket.on('close', () => clearInterval(drops));
  },
};

/** A server that does so with each request, and counts the connections that are still open. */
const serverThat = async (way: (socket: Socket) => void) => {
  const open = new Set<Socket>();
  let requests = 0;
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => open.delete(socket));
    socket.once('data', () => {
      requests += 1;
      way(socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests: () => requests,
    /** Until every connection was closed by the caller. */
    allClosed: () =>
      Promise.all([...open].map((socket) => new Promise((resolve) => socket.once('close', resolve)))),
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
};

/** Nobody takes its connections, and its queue of them is full: whoever knocks now is not even refused. */
const fullServer = async () => {
  const program = `
    const server = require('node:net').createServer();
    server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () =>
      process.send(server.address().port, () => process.kill(process.pid, 'SIGSTOP')));`;
  const child = spawn(process.execPath, ['--eval', program], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const port = await new Promise<number>((resolve) => child.once('message', (said) => resolve(Number(said))));
  const queue: Socket[] = [];
  let isTaken = true;
  while (isTaken) {
    const socket = connect(port, '127.0.0.1').on('error', () => undefined);
    queue.push(socket);
    isTaken = await Promise.race([
      new Promise<boolean>((resolve) => socket.once('connect', () => resolve(true))),
      sleep(300).then(() => false),
    ]);
  }
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      for (const socket of queue) socket.destroy();
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
    },
  };
};

describe('a service that does not even take the connection', () => {
  let server: Awaited<ReturnType<typeof fullServer>>;
  beforeAll(async () => {
    server = await fullServer();
  });
  afterAll(() => server.stop());

  const ask = (limits: CallLimits, abortSignal?: AbortSignal) => {
    const client = awsClient(DynamoDBClient, limits, {
      endpoint: server.url,
      region: 'local',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
    const command = new GetItemCommand({ TableName: 't', Key: { pk: { S: 'a' } } });
    return client.send(command, abortSignal && { abortSignal }).finally(() => client.destroy());
  };

  test('is given up long before an answer would be', async () => {
    const began = performance.now();
    const limits = { attempts: 2, attemptMilliseconds: 60_000, connectMilliseconds: 100 };
    await expect(ask(limits)).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(performance.now() - began).toBeLessThan(5000);
  });

  test('is given up with its attempt, whatever the limit for connecting', async () => {
    const limits = { attempts: 2, attemptMilliseconds: 100, connectMilliseconds: 60_000 };
    await expect(ask(limits)).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  test('is left by whoever is told to give up', async () => {
    const limits = { attempts: 3, attemptMilliseconds: 60_000, connectMilliseconds: 60_000 };
    await expect(ask(limits, AbortSignal.timeout(100))).rejects.toThrow();
  });

  test('is left when it is a payment provider, by its own limit and by whoever has less time', async () => {
    const alipay = alipayProvider({ secret: { ...secret, gateway: server.url }, clock: () => now });
    await expect(alipay.query(payment)).rejects.toMatchObject({ name: 'TransientFailure' });
    const hurried = patientProvider(alipay, () => 3000 + 150);
    await expect(hurried.query(payment)).rejects.toMatchObject({ name: 'TimeoutError' });
  });
});

describe.each(Object.entries(ways))('a service that %s', (_, way) => {
  test('is asked a bounded number of times, each for a bounded time', async () => {
    const server = await serverThat(way);
    const limits = { attempts: 2, attemptMilliseconds: 150, connectMilliseconds: 100 };
    const client = awsClient(DynamoDBClient, limits, {
      endpoint: server.url,
      region: 'local',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
    const asked = client.send(new GetItemCommand({ TableName: 't', Key: { pk: { S: 'a' } } }));
    await expect(asked).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(server.requests()).toBe(2);
    await server.allClosed();
    client.destroy();
    await server.stop();
  });

  test('is left by whoever is told to give up', async () => {
    const server = await serverThat(way);
    const limits = { attempts: 3, attemptMilliseconds: 60_000, connectMilliseconds: 1000 };
    const client = awsClient(DynamoDBClient, limits, {
      endpoint: server.url,
      region: 'local',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
    const command = new GetItemCommand({ TableName: 't', Key: { pk: { S: 'a' } } });
    await expect(client.send(command, { abortSignal: AbortSignal.timeout(100) })).rejects.toThrow();
    client.destroy();
    await server.allClosed();
    await server.stop();
  });

  test('is left when it is a payment provider, by its own limit', async () => {
    const server = await serverThat(way);
    const alipay = alipayProvider({ secret: { ...secret, gateway: server.url }, clock: () => now });
    await expect(alipay.query(payment)).rejects.toMatchObject({ name: 'TransientFailure' });
    await server.allClosed();
    await server.stop();
  });

  test('is left when it is a payment provider, and its connection is closed', async () => {
    const server = await serverThat(way);
    const alipay = alipayProvider({ secret: { ...secret, gateway: server.url }, clock: () => now });
    const patient = patientProvider(alipay, () => 3000 + 150);
    await expect(patient.query(payment)).rejects.toMatchObject({ name: 'TimeoutError' });
    await server.allClosed();
    await server.stop();
  });
});
