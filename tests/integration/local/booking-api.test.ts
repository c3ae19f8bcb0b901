import { DynamoDBClient, ScanCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { generateKeyPair, importJWK, SignJWT } from 'jose';
import { tokenFor } from '../../../infra/local/identity/issue-tokens.ts';
import { issuerKey } from '../../../infra/local/identity/issuer-keys.ts';
import { passenger } from '../../../cli/demo/passengers.ts';
import { startLocalRun, type LocalRun } from '../../support/local-run.ts';

// The first start may have to bundle and synthesize.
jest.setTimeout(180_000);

let run: LocalRun;
let runId: string;
const tokens: Record<string, string> = {};

const tokenOf = async (email: string): Promise<string> =>
  (tokens[email] ??= await tokenFor(run.dataDir, {
    issuer: run.endpoints.signIn,
    clientId: run.endpoints.clientId,
    email,
    groups: [],
  }));

type Answer = { status: number; type: string | null; body: Record<string, unknown>; text: string };
type Wish = { as?: string; token?: string; key?: string | null; body?: unknown; raw?: string; type?: string };

let keys = 0;
const send = async (method: string, path: string, wish: Wish = {}): Promise<Answer> => {
  const { as = 'owner@example.com', key = `k${(keys += 1)}`, type = 'application/json' } = wish;
  const body = wish.raw ?? (wish.body === undefined ? undefined : JSON.stringify(wish.body));
  const response = await fetch(run.endpoints.api + path, {
    method,
    headers: {
      authorization: `Bearer ${wish.token ?? (await tokenOf(as))}`,
      ...(body !== undefined && { 'content-type': type }),
      ...(key !== null && method === 'POST' && { 'idempotency-key': key }),
    },
    ...(body !== undefined && { body }),
  });
  const text = await response.text();
  const contentType = response.headers.get('content-type');
  return {
    status: response.status,
    type: contentType,
    body: contentType?.includes('json') ? (JSON.parse(text) as Record<string, unknown>) : {},
    text,
  };
};

const orderFor = (...people: number[]) => ({
  runId,
  from: 'VNP',
  to: 'AOH',
  class: 'second',
  passengers: people.map(passenger),
  contact: { email: 'owner@example.com', phone: '+8613800138000', locale: 'zh-CN' },
});

const database = () =>
  new DynamoDBClient({
    endpoint: run.endpoints.dynamodb,
    region: 'us-east-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
  });

/** How much lies in the tables that a sale writes. */
const itemsWritten = async (): Promise<number> => {
  const client = database();
  const { bookings, inventory } = run.endpoints.tables;
  const counts = await Promise.all(
    [bookings, inventory].map(
      async (TableName) => (await client.send(new ScanCommand({ TableName }))).Count ?? 0,
    ),
  );
  client.destroy();
  return counts.reduce((sum, count) => sum + count, 0);
};

beforeAll(async () => {
  run = await startLocalRun();
  const date = new Date(Date.now() + 4 * 86_400_000).toISOString().slice(0, 10);
  const { body } = await send('GET', `/v1/journeys?from=VNP&to=AOH&date=${date}`);
  runId = (body['journeys'] as { runId: string }[])[0]?.runId ?? '';
});
afterAll(() => run.stop());

const errorsOf = ({ body }: Answer) => (body['errors'] as { field: string }[]).map(({ field }) => field);

test('what cannot be an order is refused with the field to blame, and nothing is written', async () => {
  const order = orderFor(1);
  const [person] = order.passengers;
  const withPerson = (change: object) => ({ ...order, passengers: [{ ...person, ...change }] });
  const number = (digits: string) => withPerson({ document: { kind: 'cn-resident-id', number: digits } });
  const cases: [unknown, string][] = [
    [{ ...order, passengers: [] }, 'passengers'],
    [{ ...order, passengers: Array.from({ length: 10 }, (_, n) => passenger(n)) }, 'passengers'],
    [{ ...order, from: 'NOWHERE' }, 'from'],
    [{ ...order, from: 'AOH', to: 'VNP' }, 'to'],
    [{ ...order, to: 5 }, 'to'],
    [{ ...order, class: 'throne' }, 'class'],
    [{ ...order, runId: 'G1~2026-02-30' }, 'runId'],
    [{ ...order, runId: 'NONE~2026-12-01' }, 'runId'],
    [{ ...order, contact: { email: 'nobody' } }, 'contact.email'],
    [number('110105194912310021'), 'passengers[0].document.number'],
    [number('11010519491331002X'), 'passengers[0].document.number'],
    [withPerson({ document: undefined }), 'passengers[0].document'],
    [withPerson({ type: 'dog' }), 'passengers[0].type'],
    [withPerson({ name: '' }), 'passengers[0].name'],
    [{ ...order, price: 1 }, 'price'],
  ];
  const before = await itemsWritten();
  for (const [body, field] of cases) {
    const answer = await send('POST', '/v1/orders', { body });
    expect([field, answer.status, answer.type]).toEqual([field, 422, 'application/problem+json']);
    expect(errorsOf(answer)).toContain(field);
    expect(answer.text).not.toContain('1949');
  }
  for (const raw of ['{', '', '[1', '{"a":1}x', '\u0000']) {
    expect((await send('POST', '/v1/orders', { raw })).status).toBe(400);
  }
  expect(
    (await send('POST', '/v1/orders', { raw: 'x=1', type: 'application/x-www-form-urlencoded' })).status,
  ).toBe(415);
  expect((await send('POST', '/v1/orders', { raw: JSON.stringify('x'.repeat(300_000)) })).status).toBe(413);
  const keyless = await send('POST', '/v1/orders', { body: order, key: null });
  expect([keyless.status, keyless.body['type']]).toEqual([400, 'urn:keyun:problem:idempotency-key-missing']);
  expect(await itemsWritten()).toBe(before);
});

test('tokens that are not ours, expired or unsigned open nothing', async () => {
  const key = await issuerKey(run.dataDir);
  const claims = { sub: 'x', token_use: 'access' };
  const signed = async (privateKey: Parameters<SignJWT['sign']>[0], issuer: string, expires: string) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid: key.kid })
      .setIssuer(issuer)
      .setAudience(run.endpoints.clientId)
      .setIssuedAt(Math.floor(Date.now() / 1000) - 7200)
      .setExpirationTime(expires)
      .sign(privateKey);
  const own = await importJWK(key, 'RS256');
  const { privateKey: foreign } = await generateKeyPair('RS256');
  const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.`;
  const bad = [
    await signed(foreign, run.endpoints.signIn, '1h'),
    await signed(own, run.endpoints.signIn, '-1h'),
    await signed(own, 'https://elsewhere.example', '1h'),
    unsigned,
    'nonsense',
  ];
  for (const token of bad) {
    const answer = await send('GET', '/v1/orders', { token });
    expect([answer.status, answer.text]).toEqual([401, '{"message":"Unauthorized"}']);
  }
});

test('an order is its owner’s alone, and a repeated request is the same request', async () => {
  const body = orderFor(11, 12);
  const first = await send('POST', '/v1/orders', { body, key: 'mine' });
  expect(first.status).toBe(201);
  expect(first.text).not.toContain(body.passengers[0]!.document.number);
  const again = await send('POST', '/v1/orders', { body, key: 'mine' });
  expect([again.status, again.text]).toEqual([201, first.text]);
  const other = await send('POST', '/v1/orders', { body: orderFor(13), key: 'mine' });
  expect([other.status, other.body['type']]).toEqual([422, 'urn:keyun:problem:idempotency-key-reused']);
  const conflict = await send('POST', '/v1/orders', { body, as: 'second@example.com' });
  expect([conflict.status, conflict.body['type']]).toEqual([
    409,
    'urn:keyun:problem:passenger-time-conflict',
  ]);

  const orderId = String(first.body['orderId']);
  const stranger = { as: 'stranger@example.com' };
  const paths: [string, string, object?][] = [
    ['GET', `/v1/orders/${orderId}`],
    ['POST', `/v1/orders/${orderId}/cancellation`],
    ['POST', `/v1/orders/${orderId}/payments`, { provider: 'alipay' }],
    ['GET', `/v1/tickets/${orderId}-1`],
    ['GET', `/v1/tickets/${orderId}-1/code`],
    ['GET', '/v1/orders/not-an-order'],
  ];
  for (const [method, path, wish] of paths) {
    const answer = await send(method, path, { ...stranger, ...(wish && { body: wish }) });
    expect([path, answer.status, answer.type]).toEqual([path, 404, 'application/problem+json']);
  }
  const payment = (provider: string) =>
    send('POST', `/v1/orders/${orderId}/payments`, { body: { provider } });
  expect((await payment('cash')).status).toBe(422);
  const cash = await send('POST', `/v1/orders/${orderId}/payments`, {
    body: { provider: 'alipay', method: 'cash' },
  });
  expect(cash.status).toBe(422);
  expect(cash.text).toContain('must be one of page, wap, qr-code');
  const begun = await payment('alipay');
  expect([begun.status, begun.body['method']]).toEqual([201, 'page']);
});

test('says how one can pay, and which way fits the device', async () => {
  const ask = async (userAgent: string) => {
    const answer = await fetch(`${run.endpoints.api}/v1/payment-methods`, {
      headers: { 'user-agent': userAgent },
    });
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
    return answer.json() as Promise<{ currency: string; providers: { provider: string; fits: string }[] }>;
  };
  const { currency, providers } = await ask('Mozilla/5.0 (X11; Linux x86_64)');
  expect(currency).toBe('CNY');
  expect(providers.map(({ provider }) => provider)).toEqual(['alipay', 'wechatpay', 'stripe']);
  expect(providers[0]).toEqual({
    provider: 'alipay',
    title: 'Alipay',
    methods: [
      { method: 'page', action: 'redirect', needs: [] },
      { method: 'wap', action: 'redirect', needs: [] },
      { method: 'qr-code', action: 'qr-code', needs: [] },
    ],
    fits: 'page',
  });
  expect((await ask('Mozilla/5.0 (iPhone) Mobile')).providers[0]?.fits).toBe('wap');
});

test('a notification that nobody signed changes nothing', async () => {
  const answer = await fetch(`${run.endpoints.api}/v1/payment-callbacks/alipay`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'out_trade_no=x&trade_status=TRADE_SUCCESS&total_amount=1.00&sign=AAAA&sign_type=RSA2',
  });
  expect([answer.status, await answer.text()]).toEqual([400, 'fail']);
  expect((await send('POST', '/v1/payment-callbacks/unknown', { raw: 'x' })).status).toBe(404);
});

test('a repeated order is answered with the bytes that were stored, whichever release wrote them', async () => {
  const wish = { key: 'of-an-earlier-release', body: orderFor(40) };
  const first = await send('POST', '/v1/orders', wish);
  expect(first.status).toBe(201);
  const client = database();
  const TableName = run.endpoints.tables.bookings;
  const { Items = [] } = await client.send(
    new ScanCommand({
      TableName,
      FilterExpression: 'begins_with(pk, :prefix) AND answer = :answer',
      ExpressionAttributeValues: { ':prefix': { S: 'IDEMPOTENCY#' }, ':answer': { S: first.text } },
    }),
  );
  const [{ pk, sk } = {}] = Items;
  if (!pk || !sk) throw new Error('the answer is not stored as it was sent');
  const older = first.text.replace('{', '{ "gone": true, ');
  await client.send(
    new UpdateItemCommand({
      TableName,
      Key: { pk, sk },
      UpdateExpression: 'SET answer = :older',
      ExpressionAttributeValues: { ':older': { S: older } },
    }),
  );
  client.destroy();
  const again = await send('POST', '/v1/orders', wish);
  expect(again).toMatchObject({ status: 201, type: first.type, text: older });
});

test('a browser comes back to the addresses of the template, the API’s own among them, and to no other', async () => {
  const { api, signIn, clientId } = run.endpoints;
  const asked = async (redirectUri: string) => {
    const query = new URLSearchParams({
      client_id: clientId,
      redirect_uri: redirectUri,
      response_type: 'code',
      scope: 'openid email profile',
      code_challenge: 'A'.repeat(43),
      code_challenge_method: 'S256',
    });
    const answer = await fetch(`${signIn}/oauth2/authorize?${query}`, { redirect: 'manual' });
    return [answer.status, answer.headers.get('location')?.slice(0, 7)];
  };
  expect(await asked(`${api}/signed-in`)).toEqual([302, '/login?']);
  expect(await asked('http://localhost:3000/signed-in')).toEqual([302, '/login?']);
  expect(await asked(`${api}/elsewhere`)).toEqual([400, undefined]);
  expect(await asked('https://coach.example/signed-in')).toEqual([400, undefined]);
});
