import { build } from 'esbuild';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { handler as greet } from '../../../functions/api/about/greet.ts';
import { handler as health } from '../../../functions/api/about/health.ts';
import { handler as notFound } from '../../../functions/api/about/not-found.ts';
import { handler as openapi } from '../../../functions/api/about/openapi.ts';
import { docsFiles } from '../../../functions/routes/about.ts';
import manifest from '../../../package.json' with { type: 'json' };
import { greetingPage } from '../../../functions/pages/greeting-page.ts';
import { sampleCarrier } from '../../support/sample-carrier.ts';
import { eventOf, json, send, type Sent } from './api-request.ts';

/** Addresses on other hosts that a page would load something from. */
const loads = (html: string): string[] =>
  [...html.matchAll(/(?:src|href)="([^"]*)"|url\(([^)]*)\)|@import/g)]
    .map(([whole, attribute, url]) => attribute ?? url ?? whole)
    .filter((address) => /^\w*:?\/\/|^http|@import/.test(address));

describe('the root', () => {
  const greeted = (language: string) =>
    send(greet, { headers: { accept: 'text/html,*/*;q=0.8', 'accept-language': language } });

  test('greets a browser with a page of the carrier that needs no other file', async () => {
    const { status, headers, raw } = await greeted('zh-CN,zh;q=0.9');
    expect(status).toBe(200);
    expect(headers['vary']).toBe('accept, accept-language, origin');
    expect(raw.body).toContain('<html lang="zh-CN">');
    expect(raw.body).toContain('<h1>客运铁路</h1>');
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(raw.body).toContain('接口文档');
    expect(loads(raw.body ?? '')).toEqual([]);
  });

  test.each([
    ['en-US,en;q=0.9', 'en', 'Keyun Rail'],
    ['zh-Hans', 'zh-CN', '客运铁路'],
    ['fr, de;q=0.5', 'zh-CN', '客运铁路'],
  ])('speaks to a reader of %s in %s', async (wanted, locale, name) => {
    const { raw } = await greeted(wanted);
    expect(raw.body).toContain(`<html lang="${locale}">`);
    expect(raw.body).toContain(`<h1>${name}</h1>`);
  });

  test('has the name, the language and the colour of its carrier, and nothing of another', () => {
    const carrier = { ...sampleCarrier, name: { 'en-US': 'A & <B>' }, locales: ['en-US'], colour: '#1b4f8a' };
    const page = greetingPage('1.0.0', 'en-US', { ...carrier, defaultLocale: 'en-US' });
    expect(page).toContain('<h1>A &amp; &lt;B&gt;</h1>');
    expect(page).toContain('#1b4f8a');
    expect(page).not.toMatch(/\p{Script=Han}/u);
  });

  test('greets a program with JSON', async () => {
    const { body } = await send(greet, { headers: { accept: '*/*' } });
    expect(body).toMatchObject({
      name: 'Keyun',
      version: manifest.version,
      links: { docs: '/docs', openapi: '/v1/openapi.json', health: '/v1/health' },
    });
  });
});

test('health tells that it answers, and the version', async () => {
  expect((await send(health)).body).toEqual({ status: 'ok', version: manifest.version });
});

test('the OpenAPI document is served as JSON', async () => {
  const { status, body } = await send(openapi);
  expect(status).toBe(200);
  expect(body).toMatchObject({ openapi: '3.1.0', info: { version: manifest.version } });
});

test.each([{}, { body: 'x'.repeat(1000), headers: json }])(
  'what no route matches is a problem like any other',
  async (sent) => {
    const { status, headers, body } = await send(notFound, sent);
    expect(status).toBe(404);
    expect(headers['content-type']).toContain('application/problem+json');
    expect(body.type).toBe('urn:keyun:problem:not-found');
  },
);

describe('the documentation page, bundled as it is deployed', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'keyun-docs-'));
    await build({
      entryPoints: ['functions/api/about/docs.ts'],
      outfile: join(folder, 'index.mjs'),
      bundle: true,
      format: 'esm',
      platform: 'node',
      mainFields: ['module', 'main'],
      logLevel: 'error',
    });
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** In a process of its own: the bundle is an ES module, which Jest does not load. */
  const ask = async (sent: Sent): Promise<APIGatewayProxyStructuredResultV2> => {
    const script = `import { handler } from './index.mjs';
      process.stdout.write(JSON.stringify(await handler(JSON.parse(process.argv[1]), {})));`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '--eval', script, JSON.stringify(eventOf(sent))],
      { cwd: folder, maxBuffer: 10_000_000, env: { ...process.env, POWERTOOLS_LOG_LEVEL: 'SILENT' } },
    );
    return JSON.parse(stdout) as APIGatewayProxyStructuredResultV2;
  };

  test('loads its own files alone, and those exist', async () => {
    const { statusCode, headers, body = '' } = await ask({});
    expect(statusCode).toBe(200);
    expect(headers?.['content-security-policy']).toContain("script-src 'self';");
    const own = [...body.matchAll(/(?:src|href)="docs\/([^"?]+)\?/g)].map(([, file]) => file);
    expect(own.sort()).toEqual([...docsFiles].sort());
    expect(loads(body)).toEqual([]);
  });

  test.each(docsFiles)('%s is sent packed to whom it may, and plain to others', async (file) => {
    const plain = await ask({ path: { file } });
    const packed = await ask({ path: { file }, headers: { 'accept-encoding': 'gzip, deflate' } });
    expect(plain.statusCode).toBe(200);
    expect(packed.headers?.['content-encoding']).toBe('gzip');
    expect(packed.headers?.['content-type']).toBe(plain.headers?.['content-type']);
    expect(gunzipSync(Buffer.from(packed.body ?? '', 'base64')).toString()).toBe(plain.body);
  });

  test('has no other files', async () => {
    expect((await ask({ path: { file: '../../package.json' } })).statusCode).toBe(404);
  });
});
