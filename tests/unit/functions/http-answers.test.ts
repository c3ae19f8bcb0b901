import * as z from 'zod';
import { handler as notFound } from '../../../functions/api/about/not-found.ts';
import { answered, apiHandler, refused, sent } from '../../../functions/middleware/api-handler.ts';
import { cacheControl } from '../../../functions/middleware/keep-answer.ts';
import { routes } from '../../../functions/routes.ts';
import { route, type Keeping } from '../../../functions/routes/route.ts';
import { notificationHandler } from '../../../functions/middleware/notification-handler.ts';
import { instantOf } from '../../../shared/platform/time.ts';
import { eventOf, send } from './api-request.ts';

const stopRoute = (kept?: Keeping) =>
  route({
    method: 'GET',
    path: '/v1/stop',
    function: 'api/get-stop',
    caller: 'anyone',
    tag: 'Stops',
    summary: 'Get the stop',
    success: {
      status: 200,
      description: 'It',
      body: z.object({ name: z.string() }),
      localised: true,
      ...(kept && { kept }),
    },
    problems: ['not-found'],
  });
const minute = { browserSeconds: 60, sharedSeconds: 60 };
const stopNamed = (name: string, kept: Keeping | undefined = minute) =>
  apiHandler(stopRoute(kept), async () => answered({ name }));

describe('an answer that caches may keep', () => {
  test('says how long, on what it depends, and has a tag of its bytes', async () => {
    const { headers, raw } = await send(stopNamed('北京南'));
    expect(headers).toMatchObject({
      'cache-control': 'public, max-age=60, stale-if-error=0',
      vary: 'accept-language, origin',
    });
    expect(headers['etag']).toMatch(/^"[\w-]{27}"$/);
    expect(raw.body).toBe('{"name":"北京南"}');
    expect((await send(stopNamed('北京南'))).headers['etag']).toBe(headers['etag']);
    expect((await send(stopNamed('北京西'))).headers['etag']).not.toBe(headers['etag']);
  });

  test.each<[string, (tag: string) => string]>([
    ['alone', (tag) => tag],
    ['weakened by a cache that packs', (tag) => `W/${tag}`],
    ['among others', (tag) => `"old", ${tag}`],
    ['as a star', () => '*'],
  ])('is 304 without a body for a client that names its tag %s', async (_, asked) => {
    const { headers: first } = await send(stopNamed('北京南'));
    const { status, headers, raw } = await send(stopNamed('北京南'), {
      headers: { 'if-none-match': asked(first['etag'] ?? '') },
    });
    expect([status, raw.body]).toEqual([304, undefined]);
    expect(headers).toEqual(first);
  });

  test('is sent again if it has changed', async () => {
    const { headers } = await send(stopNamed('北京西'));
    const { status, body } = await send(stopNamed('北京南'), {
      headers: { 'if-none-match': headers['etag'] ?? '' },
    });
    expect([status, body]).toEqual([200, { name: '北京南' }]);
  });

  test('may be bytes', async () => {
    const image = apiHandler(stopRoute(minute), async () => sent('image/png', new Uint8Array([1, 2])));
    const { headers } = await send(image);
    const again = await send(image, { headers: { 'if-none-match': headers['etag'] ?? '' } });
    expect([again.status, again.raw.body, again.raw.isBase64Encoded]).toEqual([304, undefined, undefined]);
  });

  test('is not kept when it is a refusal', async () => {
    const { headers } = await send(apiHandler(stopRoute(minute), async () => refused('not-found')));
    expect(headers['cache-control']).toBe('no-store');
    expect(headers).not.toHaveProperty('etag');
  });

  // CloudFront would otherwise give the last seats that it knows for as long as we fail.
  test.each([
    [{ browserSeconds: 0, sharedSeconds: 0 }, 'no-cache'],
    [{ browserSeconds: 0, sharedSeconds: 5 }, 'public, max-age=0, s-maxage=5, stale-if-error=0'],
    [{ browserSeconds: 300, sharedSeconds: 300 }, 'public, max-age=300, stale-if-error=0'],
  ])('%o is %s', (kept, said) => {
    expect(cacheControl(kept)).toBe(said);
  });
});

test('an answer that nobody may keep has no tag, and no client knows it', async () => {
  const { status, headers } = await send(
    apiHandler(stopRoute(), async () => answered({ name: '北京南' })),
    { headers: { 'if-none-match': '*' } },
  );
  expect([status, headers['cache-control']]).toEqual([200, 'no-store']);
  expect(headers).not.toHaveProperty('etag');
});

test('no handler lets caches keep what its route does not', async () => {
  const willing = { 'Cache-Control': 'private, max-age=86400' };
  const personal = apiHandler(stopRoute(), async () => answered({ name: '王' }, 200, willing));
  expect((await send(personal)).headers['cache-control']).toBe('no-store');
  const image = apiHandler(stopRoute(), async () => sent('image/png', new Uint8Array([1]), willing));
  expect((await send(image)).headers['cache-control']).toBe('no-store');
});

test('caches keep answers to anyone’s GET alone, and none that says how seats stand for longer than five seconds', () => {
  const kept = Object.entries(routes).filter(([, { success }]) => success.kept);
  expect(kept.map(([name]) => name).sort()).toEqual([
    'findStops',
    'getCarrier',
    'getDocs',
    'getDocsFile',
    'getOpenApi',
    'getRun',
    'greet',
    'searchJourneys',
  ]);
  for (const [name, { method, caller }] of kept)
    expect({ name, method, caller }).toEqual({ name, method: 'GET', caller: 'anyone' });
  expect(routes['searchJourneys']?.success.kept).toEqual({ browserSeconds: 0, sharedSeconds: 5 });
});

const securityHeaders = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
};

test('every answer protects itself: a success, a refusal, a failure, and what a provider gets', async () => {
  const thrown = apiHandler(stopRoute(), async () => {
    throw new Error('broken');
  });
  const callback = notificationHandler({
    provider: 'alipay',
    find: async () => undefined,
    record: async () => {
      throw new Error('never');
    },
    clock: () => instantOf(0),
  });
  const answers = [await send(stopNamed('北京南')), await send(notFound), await send(thrown)];
  for (const { headers } of answers) expect(headers).toMatchObject(securityHeaders);
  expect((await callback(eventOf({}))).headers).toMatchObject({
    ...securityHeaders,
    'cache-control': 'no-store',
  });
});

test.each(['HEAD', 'GET'])('HEAD is GET without its body: %s', async (method) => {
  const { status, headers, raw } = await send(stopNamed('北京南'), { method });
  expect([status, raw.body]).toEqual([200, method === 'GET' ? '{"name":"北京南"}' : undefined]);
  expect(headers).toMatchObject({
    'content-type': 'application/json; charset=utf-8',
    etag: expect.any(String),
  });
});

describe('what no route matches', () => {
  const ask = (method: string, rawPath: string) => send(notFound, { method, rawPath });

  test.each([
    ['DELETE', '/v1/orders', 'POST, GET, HEAD, OPTIONS'],
    ['PUT', '/v1/journeys', 'GET, HEAD, OPTIONS'],
    ['POST', '/v1/runs/G1~2026-12-01', 'GET, HEAD, OPTIONS'],
    ['GET', '/v1/orders/o1/cancellation', 'POST, OPTIONS'],
    ['HEAD', '/v1/payment-callbacks/alipay', 'POST, OPTIONS'],
    ['PATCH', '/', 'GET, HEAD, OPTIONS'],
  ])('%s %s is 405, and says what the address takes', async (method, path, allow) => {
    const { status, headers } = await ask(method, path);
    expect([status, headers['allow'], headers['content-type']]).toEqual([
      405,
      allow,
      'application/problem+json',
    ]);
  });

  test.each(['/v1/moon', '/v1/orders/', '/v1/runs/', '/v1', '', '/v1/orders/o1/refunds', '//v1/orders'])(
    '%s has no method',
    async (path) => {
      for (const method of ['GET', 'OPTIONS', 'DELETE']) {
        const { status, headers } = await ask(method, path);
        expect([method, status, headers['allow']]).toEqual([method, 404, undefined]);
      }
    },
  );

  test('every address of the table answers OPTIONS with its methods', async () => {
    for (const { method, path } of Object.values(routes)) {
      const { status, headers, raw } = await ask('OPTIONS', path.replaceAll(/\{[^}]+\}/g, 'x'));
      expect([path, status, raw.body]).toEqual([path, 204, undefined]);
      const allowed = headers['allow']?.split(', ');
      expect(allowed).toContain(method);
      expect(allowed?.includes('HEAD')).toBe(allowed?.includes('GET'));
    }
  });
});
