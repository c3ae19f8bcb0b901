import { startLocalRun, type LocalRun } from '../../support/local-run.ts';
import { routes } from '../../../functions/routes.ts';

// The first start may have to bundle and synthesize.
jest.setTimeout(180_000);

let run: LocalRun;
beforeAll(async () => {
  run = await startLocalRun();
});
afterAll(() => run.stop());

const send = (path: string, init?: RequestInit) => fetch(run.endpoints.api + path, init);
const date = new Date(Date.now() + 4 * 86_400_000).toISOString().slice(0, 10);
const search = `/v1/journeys?from=VNP&to=AOH&date=${date}`;

test('the timetable is kept for a while, a search at the edge alone, and nothing of a person', async () => {
  const keeping = async (path: string) => (await send(path)).headers.get('cache-control');
  expect(await keeping('/v1/stops?query=BJN')).toBe('public, max-age=300, stale-if-error=0');
  expect(await keeping(search)).toBe('public, max-age=0, s-maxage=5, stale-if-error=0');
  expect(await keeping('/v1/runs/none~2026-01-01')).toBe('no-store');
  expect(await keeping('/v1/health')).toBe('no-store');
});

test('stops are sent once, and again in another language', async () => {
  const path = '/v1/stops?query=BJN';
  const first = await send(path, { headers: { 'accept-language': 'zh-CN' } });
  const tag = first.headers.get('etag') ?? '';
  const again = await send(path, { headers: { 'accept-language': 'zh-CN', 'if-none-match': `W/${tag}` } });
  expect([first.status, again.status, await again.text()]).toEqual([200, 304, '']);
  expect([again.headers.get('etag'), again.headers.get('content-type')]).toEqual([
    tag,
    first.headers.get('content-type'),
  ]);
  expect(again.headers.get('vary')).toContain('accept-language');
});

test('every address that answers GET answers HEAD with the same head, and no body', async () => {
  const open = Object.values(routes).filter(({ method, caller }) => method === 'GET' && caller === 'anyone');
  expect(open.length).toBeGreaterThan(6);
  const filled = (path: string) =>
    path
      .replace('{file}', 'initializer.js')
      .replace('{runId}', 'none~2026-01-01')
      .replace('/v1/stops', '/v1/stops?query=BJN');
  for (const { path } of open) {
    const [got, head] = [await send(filled(path)), await send(filled(path), { method: 'HEAD' })];
    const told = ({ headers }: Response) =>
      Object.fromEntries(
        [...headers].filter(
          ([name]) =>
            !/^(?:connection|keep-alive|date|x-request-id|apigw-requestid|content-length)$/.test(name),
        ),
      );
    expect([path, head.status, told(head), await head.text()]).toEqual([path, got.status, told(got), '']);
  }
  expect((await send('/v1/orders', { method: 'HEAD' })).status).toBe(401);
});

test('another method is 405 and names those that there are; OPTIONS needs no token', async () => {
  const refused = await send('/v1/orders', { method: 'DELETE' });
  expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'POST, GET, HEAD, OPTIONS']);
  expect(await refused.json()).toMatchObject({ type: 'urn:keyun:problem:method-not-allowed' });
  const asked = await send('/v1/orders', { method: 'OPTIONS' });
  expect([asked.status, asked.headers.get('allow')]).toEqual([204, 'POST, GET, HEAD, OPTIONS']);
  expect((await send('/v1/moon', { method: 'OPTIONS' })).status).toBe(404);
});

test('every answer of a function protects itself', async () => {
  for (const path of ['/', '/docs', '/v1/carrier', '/v1/moon', search]) {
    const { headers } = await send(path);
    expect([path, headers.get('x-content-type-options'), headers.get('strict-transport-security')]).toEqual([
      path,
      'nosniff',
      'max-age=31536000',
    ]);
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'.*frame-ancestors 'none'$/);
  }
});
