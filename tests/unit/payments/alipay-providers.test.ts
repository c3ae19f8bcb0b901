import { generateKeyPairSync } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PaymentProviders } from '../../../shared/payments/providers.ts';
import { now, paidFields, secret, signedBody } from './alipay-fixture.ts';

/** A Secrets Manager with one secret, found as the local run's is found: by its endpoint. */
let keeper: Server;
let kept = '{}';
let asked = 0;
let down = false;
let deleted = false;
const before = { ...process.env };

beforeAll(async () => {
  keeper = createServer((_, response) => {
    asked += 1;
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    if (down) response.statusCode = 503;
    if (deleted) {
      response.statusCode = 400;
      response.end(JSON.stringify({ __type: 'ResourceNotFoundException' }));
    } else response.end(JSON.stringify({ SecretString: kept }));
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
  down = false;
  deleted = false;
  jest.resetModules();
  process.env['ALIPAY_SECRET_ID'] = 'alipay';
});

/** As a fresh process would: settings are read once in each. */
const providersOf = async () => (await import('../../../shared/payments/providers.ts')).paymentProviders;
const namesOf = (opened: PaymentProviders) => [...opened.values()].map(({ name }) => name);
const clock = () => now;
const timeLeft = () => 10_000;

test('a provider whose keys are complete is switched on, and its secret is read once', async () => {
  kept = JSON.stringify(secret);
  const paymentProviders = await providersOf();
  expect((await paymentProviders({ clock, timeLeft })).get('alipay')).toMatchObject({
    name: 'alipay',
    currencies: ['CNY'],
  });
  expect(namesOf(await paymentProviders({ clock, timeLeft }))).toEqual(['alipay']);
  expect(asked).toBe(1);
});

test.each([{}, { ...secret, appId: ' ' }, { ...secret, privateKey: undefined }, { ...secret, gateway: '' }])(
  'one without all of its keys is switched off, not broken (%#)',
  async (partial) => {
    kept = JSON.stringify(partial);
    expect(namesOf(await (await providersOf())({ clock, timeLeft }))).toEqual([]);
  },
);

test('a deployment that has no such secret has no such provider', async () => {
  delete process.env['ALIPAY_SECRET_ID'];
  expect(namesOf(await (await providersOf())({ clock, timeLeft }))).toEqual([]);
  expect(asked).toBe(0);
});

/** A fresh process at a time that the test moves, with what it has logged as errors. */
const freshProcess = async () => {
  const { logger } = await import('../../../shared/platform/log.ts');
  const said = (level: 'error' | 'warn' | 'info') => {
    const lines: string[] = [];
    jest.spyOn(logger, level).mockImplementation((...line) => void lines.push(JSON.stringify(line)));
    return lines;
  };
  const [errors, , informed] = [said('error'), said('warn'), said('info')];
  let passed = 0;
  const real = Date.now;
  jest.spyOn(Date, 'now').mockImplementation(() => real() + passed);
  const paymentProviders = await providersOf();
  return {
    alipay: async (doubted = false) => (await paymentProviders({ clock, timeLeft, doubted })).get('alipay'),
    pass: (seconds: number) => (passed += seconds * 1000),
    errors,
    counted: () => informed.filter((line) => line.includes('"SecretsUnusable":1')).length,
  };
};
afterEach(() => jest.restoreAllMocks());

const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });
const otherPublicKey = stranger.publicKey.export({ type: 'spki', format: 'pem' });
const signedByStranger = () => ({
  headers: {},
  body: Buffer.from(signedBody(paidFields, stranger.privateKey).toString()),
  receivedAt: now,
});

test('a changed secret is in use within five minutes', async () => {
  kept = JSON.stringify(secret);
  const { alipay, pass } = await freshProcess();
  expect((await (await alipay())?.readNotification(signedByStranger()))?.outcome).toBe('rejected');
  kept = JSON.stringify({ ...secret, alipayPublicKey: otherPublicKey });
  pass(299);
  expect((await (await alipay())?.readNotification(signedByStranger()))?.outcome).toBe('accepted');
});

test('whoever doubts it has the changed one within a minute, and may doubt as often as it likes', async () => {
  kept = JSON.stringify(secret);
  const { alipay, pass } = await freshProcess();
  await alipay();
  kept = JSON.stringify({ ...secret, alipayPublicKey: otherPublicKey });
  pass(60);
  for (let n = 0; n < 50; n += 1)
    expect((await (await alipay(true))?.readNotification(signedByStranger()))?.outcome).toBe('accepted');
  expect(asked).toBe(2);
});

const unusable = [
  'private',
  '"private"',
  '[]',
  JSON.stringify({ ...secret, alipayPublicKey: 'private' }),
  JSON.stringify({ ...secret, privateKey: '-----BEGIN PRIVATE KEY-----private' }),
  JSON.stringify({ ...secret, appId: ' ' }),
];

test.each(unusable)(
  'one that cannot be used is an alarm, and the last good one serves (%#)',
  async (garbage) => {
    kept = JSON.stringify(secret);
    const { alipay, pass, errors, counted } = await freshProcess();
    const genuine = { headers: {}, body: Buffer.from(signedBody(paidFields).toString()), receivedAt: now };
    await alipay();
    kept = garbage;
    pass(299);
    for (let n = 0; n < 3; n += 1)
      expect((await (await alipay())?.readNotification(genuine))?.outcome).toBe('accepted');
    expect([errors.length, counted()]).toEqual([1, 1]);
    expect(errors.join()).not.toContain('private');
    // The alarm lasts as long as the mistake.
    pass(299);
    await alipay();
    expect(counted()).toBe(2);
    kept = JSON.stringify({ ...secret, alipayPublicKey: otherPublicKey });
    pass(299);
    expect((await (await alipay())?.readNotification(signedByStranger()))?.outcome).toBe('accepted');
    expect(counted()).toBe(2);
  },
);

test.each(unusable)(
  'a process that never could use it has no such provider, and says so (%#)',
  async (garbage) => {
    kept = garbage;
    const { alipay, errors, counted } = await freshProcess();
    expect(await alipay()).toBeUndefined();
    expect([errors.length, counted()]).toEqual([1, 1]);
    expect(errors.join()).not.toContain('private');
  },
);

test('an empty object switches a provider off in a running process, without an alarm', async () => {
  kept = JSON.stringify(secret);
  const { alipay, pass, errors, counted } = await freshProcess();
  await alipay();
  kept = '{}';
  pass(299);
  expect(await alipay()).toBeUndefined();
  expect([errors.length, counted()]).toEqual([0, 0]);
});

test('while the keeper of secrets is down, the keys that a process has serve; a new process fails', async () => {
  kept = JSON.stringify(secret);
  const { alipay, pass, counted } = await freshProcess();
  await alipay();
  down = true;
  pass(3600);
  expect(await alipay()).toMatchObject({ name: 'alipay' });
  expect(counted()).toBe(0);
  jest.resetModules();
  await expect((await freshProcess()).alipay()).rejects.toThrow('its secret cannot be read now');
}, 20_000);

test('one that was deleted is an alarm, and the keys that a process has serve', async () => {
  kept = JSON.stringify(secret);
  const { alipay, pass, counted } = await freshProcess();
  await alipay();
  deleted = true;
  pass(299);
  expect(await alipay()).toMatchObject({ name: 'alipay' });
  expect(counted()).toBe(1);
});
