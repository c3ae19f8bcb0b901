import { accepted, rejected } from '../../../shared/platform/outcome.ts';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import {
  notificationHandler,
  type NotificationParts,
} from '../../../functions/middleware/notification-handler.ts';
import { alipayProvider } from '../../../shared/payments/alipay/provider.ts';
import type { VerifiedNotification } from '../../../shared/payments/provider.ts';
import type { Datapoint } from '../../support/alarms/evaluate-alarm.ts';
import { pointsOfLine } from '../../support/alarms/metric-lines.ts';
import { logger } from '../../../shared/platform/log.ts';
import { now, paidFields, payment, secret, signedBody, stranger } from './alipay-fixture.ts';

const clock = () => now;
const provider = alipayProvider({ secret, clock });
const recorded: VerifiedNotification[] = [];
const handle = (parts: Partial<NotificationParts> = {}) =>
  notificationHandler({
    provider: 'alipay',
    find: async () => provider,
    record: async (notification) => {
      recorded.push(notification);
      return accepted({ now: 'recorded' as const });
    },
    clock,
    ...parts,
  });
const eventOf = (body: URLSearchParams, encoded = true) =>
  ({
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    body: encoded ? Buffer.from(body.toString()).toString('base64') : body.toString(),
    isBase64Encoded: encoded,
  }) as unknown as APIGatewayProxyEventV2;

const logged: unknown[][] = [];
const counted: Datapoint[] = [];
beforeEach(() => {
  recorded.length = 0;
  logged.length = 0;
  counted.length = 0;
  for (const level of ['info', 'warn', 'error'] as const) {
    jest.spyOn(logger, level).mockImplementation((...line) => {
      const [, more] = line as unknown[];
      if (JSON.stringify(more)?.includes('"_aws"')) counted.push(...pointsOfLine(more));
      else logged.push([level, ...line]);
    });
  }
});
afterEach(() => jest.restoreAllMocks());

const success = {
  statusCode: 200,
  headers: expect.objectContaining({ 'content-type': 'text/plain' }) as object,
  body: 'success',
};

test.each([true, false])(
  'a genuine notification is recorded and answered success (base64: %s)',
  async (encoded) => {
    expect(await handle()(eventOf(signedBody(paidFields), encoded))).toEqual(success);
    expect(recorded).toMatchObject([{ paymentNumber: payment.paymentId, says: { kind: 'captured' } }]);
  },
);

test('one that was recorded before is answered success again', async () => {
  expect(
    await handle({ record: async () => accepted({ now: 'already-known' as const }) })(
      eventOf(signedBody(paidFields)),
    ),
  ).toEqual(success);
});

test('a forged one is refused, reaches nothing, and is logged by the failed check alone', async () => {
  const answer = await handle()(eventOf(signedBody(paidFields, stranger.privateKey)));
  expect(answer).toMatchObject({ statusCode: 400, body: 'fail' });
  expect(recorded).toEqual([]);
  expect(logged).toEqual([['info', 'notification refused', { provider: 'alipay', why: 'signature' }]]);
});

test('one that does not verify is verified once more by younger keys, and only then refused', async () => {
  const other = alipayProvider({
    secret: {
      ...secret,
      alipayPublicKey: stranger.publicKey.export({ type: 'spki', format: 'pem' }) as string,
    },
    clock,
  });
  const doubts: boolean[] = [];
  const find: NotificationParts['find'] = async ({ doubted }) => {
    doubts.push(doubted);
    return doubted ? other : provider;
  };
  expect(await handle({ find })(eventOf(signedBody(paidFields, stranger.privateKey)))).toEqual(success);
  expect([doubts.splice(0), recorded.length]).toEqual([[false, true], 1]);
  expect(await handle({ find })(eventOf(signedBody(paidFields)))).toEqual(success);
  expect(doubts).toEqual([false]);
});

test('a provider that has just been switched on is found with younger keys', async () => {
  const find: NotificationParts['find'] = async ({ doubted }) => (doubted ? provider : undefined);
  expect(await handle({ find })(eventOf(signedBody(paidFields)))).toEqual(success);
});

test.each(['unknown-payment', 'amount-mismatch'] as const)('%s is answered fail', async (reason) => {
  const answer = await handle({ record: async () => rejected(reason) })(eventOf(signedBody(paidFields)));
  expect(answer).toMatchObject({ statusCode: 400, body: 'fail' });
  // By its number a person finds money whose order a restored table has lost.
  const paymentNumber = '01KDA0000000000000000000RD_1';
  expect(logged).toEqual([
    ['warn', 'notification refused', { provider: 'alipay', paymentNumber, why: reason }],
  ]);
});

test('each notification counts once by its provider, whether it verifies or not', async () => {
  await handle()(eventOf(signedBody(paidFields)));
  await handle()(eventOf(signedBody(paidFields, stranger.privateKey)));
  expect(counted).toMatchObject(
    [1, 0].map((value) => ({ name: 'NotificationVerified', dimensions: { provider: 'alipay' }, value })),
  );
});

test('one that verifies and cannot be booked has verified', async () => {
  await handle({ record: async () => rejected('unknown-payment') })(eventOf(signedBody(paidFields)));
  expect(counted).toMatchObject([{ name: 'NotificationVerified', value: 1 }]);
});

test('a stage without keys has nothing to say', async () => {
  const answer = await handle({ find: async () => undefined })(eventOf(signedBody(paidFields)));
  expect(answer).toMatchObject({ statusCode: 404, body: 'fail' });
});

test('a store that fails or does not answer in time is answered fail, so that Alipay comes again', async () => {
  const broken = handle({ record: () => Promise.reject(new Error('no store')) });
  expect(await broken(eventOf(signedBody(paidFields)))).toMatchObject({ statusCode: 503, body: 'fail' });

  jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask'] });
  try {
    const answering = handle({ record: () => new Promise(() => undefined) })(eventOf(signedBody(paidFields)));
    await jest.advanceTimersByTimeAsync(2_500);
    expect(await answering).toMatchObject({ statusCode: 503, body: 'fail' });
  } finally {
    jest.useRealTimers();
  }
});
