import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { createServer, type Server } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { notificationHandler } from '../../functions/middleware/notification-handler.ts';
import { startSandbox, type Sandbox } from '../../infra/local/providers/sandbox.ts';
import { alipayProvider } from '../../shared/payments/alipay/provider.ts';
import type { Payment } from '../../shared/payments/model.ts';
import type { PaymentProvider } from '../../shared/payments/provider.ts';
import { putPayment, readPayment } from '../../shared/payments/store.ts';
import { writeTogether } from '../../shared/platform/dynamo.ts';
import { orderIdSchema, paymentIdOf, type PaymentId } from '../../shared/platform/ids.ts';
import { money } from '../../shared/platform/money.ts';
import { newUlid } from '../../shared/platform/random.ts';
import { instantOf, plusSeconds } from '../../shared/platform/time.ts';
import { recordNotification } from '../../shared/paying/record-notification.ts';
import { testTables, type TestTables } from '../support/dynamo.ts';
import { shortly } from './sandbox-shop.ts';

/** From the cashier's button to the stored payment: sandbox, callback function and database, all of them real. */
const clock = () => instantOf(Date.now());
const dataDir = mkdtempSync(join(tmpdir(), 'keyun-callback-'));
const answers: (string | undefined)[] = [];
let tables: TestTables;
let sandbox: Sandbox;
let provider: PaymentProvider;
let api: Server;

beforeAll(async () => {
  tables = await testTables();
  sandbox = await startSandbox({ dataDir, clock });
  provider = alipayProvider({ secret: sandbox.secrets.alipay, clock });
  const handler = notificationHandler({
    provider: 'alipay',
    find: async () => provider,
    record: (notification) =>
      recordNotification({ bookings: tables.bookings, clock })('alipay', notification),
    clock,
  });
  api = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    // API Gateway hands a form over in base64.
    const event = {
      headers: request.headers,
      body: Buffer.concat(chunks).toString('base64'),
      isBase64Encoded: true,
    };
    const { statusCode = 500, headers, body } = await handler(event as unknown as APIGatewayProxyEventV2);
    answers.push(body);
    response.writeHead(statusCode, headers as Record<string, string>).end(body);
  });
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  await sandbox.stop();
  api.closeAllConnections();
  await new Promise((resolve) => api.close(resolve));
  await tables.stop();
  rmSync(dataDir, { recursive: true });
});
beforeEach(() => void (answers.length = 0));

/** A payment that is stored, and whose buyer stands at the cashier. */
const enterCashier = async (): Promise<PaymentId> => {
  const orderId = orderIdSchema.parse(newUlid(clock()));
  const payment: Payment & { state: 'created' } = {
    orderId,
    paymentId: paymentIdOf(orderId, 1),
    provider: 'alipay',
    method: 'page',
    state: 'created',
    amount: money(55_300, 'CNY'),
    createdAt: clock(),
    expiresAt: plusSeconds(clock(), 900),
  };
  const write = putPayment(tables.bookings, payment);
  await writeTogether(tables.bookings.client, [{ label: 'payment', write }]);
  const notifyUrl = `http://127.0.0.1:${(api.address() as AddressInfo).port}/v1/payment-callbacks/alipay`;
  const action = await provider.begin(payment, {
    subject: 'G1',
    device: { userAgent: '' },
    returnUrl: undefined,
    notifyUrl,
  });
  await fetch(action.kind === 'redirect' ? action.url : '');
  return payment.paymentId;
};

const press = (paymentId: PaymentId, action: string) =>
  fetch(`${sandbox.url}/cashier/${paymentId}/${action}`, { method: 'POST' });

const answered = async (count: number): Promise<typeof answers> => {
  for (let tries = 0; answers.length < count && tries < 100; tries += 1) await shortly();
  return answers.slice();
};
const stored = (paymentId: PaymentId) => readPayment(tables.bookings, paymentId);

test('a payment at the cashier becomes a captured payment', async () => {
  const paymentId = await enterCashier();
  await press(paymentId, 'pay');
  expect(await answered(1)).toEqual(['success']);
  expect(await stored(paymentId)).toMatchObject({ state: 'captured', refundable: 55_300 });
});

test.each(['pay-notify-twice', 'pay-notify-out-of-order'])('%s captures once', async (action) => {
  const paymentId = await enterCashier();
  await press(paymentId, action);
  expect(await answered(2)).toEqual(['success', 'success']);
  expect(await stored(paymentId)).toMatchObject({ state: 'captured', refundable: 55_300 });
});

test.each(['forge', 'change-amount'])(
  '%s captures nothing, and the true payment counts afterwards',
  async (action) => {
    const paymentId = await enterCashier();
    await press(paymentId, action);
    expect(await answered(1)).toEqual(['fail']);
    expect(await stored(paymentId)).toMatchObject({ state: 'created' });
    await press(paymentId, 'pay');
    expect(await answered(2)).toEqual(['fail', 'success']);
    expect(await stored(paymentId)).toMatchObject({ state: 'captured' });
  },
);

test('a payment that nobody has stored is not acknowledged', async () => {
  const paymentId = await enterCashier();
  const unknown = paymentId.replace(/_1$/, '_2');
  const reading = await recordNotification({ bookings: tables.bookings, clock })('alipay', {
    notificationId: 'n1',
    paymentNumber: unknown,
    says: { kind: 'captured', providerTrade: '1', paid: money(55_300, 'CNY') },
  });
  expect(reading).toMatchObject({ reason: 'unknown-payment' });
});
