import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { now, secret } from './alipay-fixture.ts';

/** A Secrets Manager with one secret, found as the local run's is found: by its endpoint. */
let keeper: Server;
let kept = '{}';
let asked = 0;
const before = { ...process.env };

beforeAll(async () => {
  keeper = createServer((_, response) => {
    asked += 1;
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    response.end(JSON.stringify({ SecretString: kept }));
  });
  await new Promise<void>((resolve) => keeper.listen(0, '127.0.0.1', resolve));
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_SECRETS_MANAGER: `http://127.0.0.1:${(keeper.address() as AddressInfo).port}`,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_REGION: 'eu-central-1',
  });
});
afterAll(() => {
  process.env = before;
  keeper.closeAllConnections();
  return new Promise((resolve) => keeper.close(resolve));
});
beforeEach(() => {
  asked = 0;
  jest.resetModules();
  process.env['ALIPAY_SECRET_ID'] = 'alipay';
});

/** As a fresh process would: settings and secrets are read once in each. */
const providersOf = async () => (await import('../../../shared/payments/providers.ts')).paymentProviders;
const clock = () => now;
const timeLeft = () => 10_000;

test('a provider whose keys are complete is switched on, and its secret is read once', async () => {
  kept = JSON.stringify(secret);
  const paymentProviders = await providersOf();
  expect((await paymentProviders({ clock, timeLeft })).get('alipay')).toMatchObject({
    name: 'alipay',
    currencies: ['CNY'],
  });
  expect((await paymentProviders({ clock, timeLeft })).size).toBe(1);
  expect(asked).toBe(1);
});

test.each([{}, { ...secret, appId: ' ' }, { ...secret, privateKey: undefined }, { ...secret, gateway: '' }])(
  'one without all of its keys is switched off, not broken (%#)',
  async (partial) => {
    kept = JSON.stringify(partial);
    expect(await (await providersOf())({ clock, timeLeft })).toEqual(new Map());
  },
);

test('a deployment that has no such secret has no such provider', async () => {
  delete process.env['ALIPAY_SECRET_ID'];
  expect(await (await providersOf())({ clock, timeLeft })).toEqual(new Map());
  expect(asked).toBe(0);
});

test('a secret that cannot be read says so, without its content', async () => {
  kept = 'private';
  await expect((await providersOf())({ clock, timeLeft })).rejects.toThrow('the secret alipay is not JSON');
});
