import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { confirm } from '../../../cli/smoke/pay.ts';
import { decideBuyer, toldBy } from '../../../cli/smoke/sandboxes.ts';
import { planSmoke } from '../../../cli/smoke/plan.ts';
import { Skipped, StepFailed, tellSteps } from '../../../cli/smoke/steps.ts';
import { CommandFailure } from '../../../cli/connect.ts';
import { instantSchema } from '../../../shared/platform/time.ts';

const at = (text: string) => instantSchema.parse(text);
const carrier = { timeZone: 'Europe/Berlin', saleClosesSeconds: 300, holdSecondsMin: 180 };

describe('the plan of a smoke test', () => {
  test('has a trip on which a hold ends soon, and one a day later', () => {
    const now = at('2026-11-27T12:00:00.000Z');
    expect(planSmoke(carrier, { id: '01ABC', now, timeScale: 1 })).toEqual({
      mark: 'keyun-smoke-01abc',
      from: 'keyun-smoke-01abc-a',
      to: 'keyun-smoke-01abc-b',
      soon: {
        tripId: 'keyun-smoke-01abc-soon',
        date: '2026-11-27',
        departs: 13 * 3600 + 660,
        runId: 'keyun-smoke-01abc-soon~2026-11-27',
      },
      later: {
        tripId: 'keyun-smoke-01abc-later',
        date: '2026-11-28',
        departs: 13 * 3600,
        runId: 'keyun-smoke-01abc-later~2026-11-28',
      },
    });
  });

  test('is right on the days when clocks change, and around midnight', () => {
    // Service days count from noon minus twelve hours: at three in the morning, four hours have passed of 25.
    const autumn = planSmoke(carrier, { id: 'x', now: at('2026-10-25T01:49:00.000Z'), timeScale: 1 });
    expect(autumn.soon).toMatchObject({ date: '2026-10-25', departs: 3 * 3600 });
    const late = planSmoke(carrier, { id: 'x', now: at('2026-11-27T22:55:00.000Z'), timeScale: 1 });
    expect(late.soon).toMatchObject({ date: '2026-11-28', departs: 6 * 60 });
  });

  test('leaves as much real time where the clock runs faster', () => {
    const now = at('2026-11-27T12:00:00.000Z');
    const { soon } = planSmoke(carrier, { id: 'x', now, timeScale: 20 });
    expect(soon.departs).toBe(13 * 3600 + 300 + 180 + 180 * 20);
  });
});

const nobody = (why: string) => ({ by: 'nobody', why: expect.stringContaining(why) as string });
const testKey = 'sk_test_4eC39HqLyjWDarjtT1zdp7dc';
const card = { by: 'test-card', gateway: 'https://api.stripe.com', secretKey: testKey };

describe('who pays', () => {
  test.each([
    ['http://127.0.0.1:3003/gateway.do', { by: 'machine', cashier: 'http://127.0.0.1:3003' }],
    ['https://openapi-sandbox.dl.alipaydev.com/gateway.do', { by: 'person' }],
    ['https://openapi.alipay.com/gateway.do', nobody('real money')],
    ['https://alipaydev.com.example/gateway.do', nobody('real money')],
    ['not an address', nobody('real money')],
  ])('at the cashier of %s', (gateway, who) =>
    expect(decideBuyer('alipay', { gateway, secretKey: '' })).toEqual(who),
  );

  test('with WeChat Pay is a machine in the local run, and nobody elsewhere', () => {
    const told = { secretKey: '', gateway: 'http://localhost:3003' };
    expect(decideBuyer('wechatpay', told)).toEqual({ by: 'machine', cashier: 'http://localhost:3003' });
    const real = { secretKey: '', gateway: 'https://api.mch.weixin.qq.com' };
    expect(decideBuyer('wechatpay', real)).toEqual(nobody('no sandbox'));
    // One that somebody adds tomorrow.
    expect(decideBuyer('another' as 'alipay', real)).toEqual(nobody('no sandbox'));
  });

  test.each([
    [
      { gateway: 'http://127.0.0.1:3003', secretKey: testKey },
      { by: 'machine', cashier: 'http://127.0.0.1:3003' },
    ],
    [{ gateway: '', secretKey: testKey }, card],
    [{ gateway: 'https://api.stripe.com', secretKey: testKey }, card],
    [{ gateway: 'https://api.stripe.com.example', secretKey: testKey }, nobody('gateway')],
    [{ gateway: '', secretKey: 'sk_live_4eC39HqLyjWDarjtT1zdp7dc' }, nobody('sk_test_')],
    [{ gateway: '', secretKey: 'rk_test_4eC39HqLyjWDarjtT1zdp7dc' }, nobody('sk_test_')],
    [{ gateway: '', secretKey: ` ${testKey}` }, nobody('sk_test_')],
    [{ gateway: '', secretKey: '' }, nobody('sk_test_')],
  ])('with Stripe and %j', (told, who) => expect(decideBuyer('stripe', told)).toEqual(who));
});

test.each([
  ['{"gateway":"https://a.example/g"}', 'https://a.example/g', ''],
  [`{"secretKey":"${testKey}"}`, '', testKey],
  ['{}', '', ''],
  ['MIIEvQIBADANBgkqhkiG9w0BAQ', '', ''],
  ['{"gateway":"https://a.example","privateKey":"MIIEvQ', '', ''],
  ['null', '', ''],
  ['{"gateway":7,"secretKey":{}}', '', ''],
])('a secret is read without an error that quotes it: %s', (secret, gateway, secretKey) =>
  expect(toldBy(secret)).toEqual({ gateway, secretKey }),
);

describe('the test card', () => {
  const heard: { url: string | undefined; authorization: string | undefined; body: string }[] = [];
  let answer: { status: number; body: string };
  let server: Server;
  let gateway: string;
  beforeAll(async () => {
    server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
      const { url, headers } = request;
      heard.push({ url, authorization: headers.authorization, body: String(Buffer.concat(chunks)) });
      response.writeHead(answer.status).end(answer.body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    gateway = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => void server.close());
  const pay = () =>
    confirm('pi_3OT_secret_abc', { gateway, secretKey: testKey }, new AbortController().signal);

  test('confirms the payment of the client secret', async () => {
    answer = { status: 200, body: '{"id":"pi_3OT","status":"succeeded"}' };
    await pay();
    expect(heard).toEqual([
      {
        url: '/v1/payment_intents/pi_3OT/confirm',
        authorization: `Bearer ${testKey}`,
        body: 'payment_method=pm_card_visa&return_url=https%3A%2F%2Fexample.com%2F',
      },
    ]);
  });

  test.each([
    [402, '{"error":{"type":"card_error","code":"card_declined","message":"…"}}', 'card_declined'],
    [
      401,
      `{"error":{"type":"invalid_request_error","message":"no such key ${testKey}"}}`,
      'invalid_request_error',
    ],
    [502, 'gateway', 'status 502'],
    [200, '{"status":"requires_action"}', 'requires_action'],
  ])('that is not taken says why, and never quotes the key: %i', async (status, body, why) => {
    answer = { status, body };
    const failed = await pay().then(
      () => 'paid',
      ({ message }: Error) => message,
    );
    expect(failed).toBe(`the provider does not take its test card: ${why}`);
  });
});

test('each step is told with its time; a failure ends the test with its line, and a skipped one does not', async () => {
  const lines: string[] = [];
  const { run, seen } = tellSteps((line) => lines.push(line));
  expect(await run('one', async (note) => (note('fine'), 1))).toBe(1);
  expect(await run('two', () => Promise.reject(new Skipped('no keys')))).toBeUndefined();
  await expect(run('three', () => Promise.reject(new CommandFailure('it answers 500')))).rejects.toThrow(
    StepFailed,
  );
  await expect(run('four', () => Promise.reject(AbortSignal.abort().reason as Error))).rejects.toThrow(
    StepFailed,
  );
  expect(lines).toEqual([
    expect.stringMatching(/^✓ one +0\.0 s {2}fine$/),
    expect.stringMatching(/^– two +0\.0 s {2}no keys$/),
    expect.stringMatching(/^✗ three +0\.0 s {2}it answers 500$/),
    expect.stringMatching(/^✗ four +0\.0 s {2}interrupted$/),
  ]);
  expect(seen.map(({ outcome }) => outcome)).toEqual(['done', 'skipped', 'failed', 'failed']);
});
