import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { bookingKey } from '../../../shared/bookings/keys.ts';
import { providerNames } from '../../../shared/payments/known-providers.ts';
import type { ProviderName } from '../../../shared/payments/model.ts';
import { listPayments } from '../../../shared/payments/store.ts';
import type { OrderId } from '../../../shared/platform/ids.ts';
import type { Run } from '../../../shared/timetable/model.ts';
import { json, passenger, send } from '../../unit/functions/api-request.ts';
import { moneyWorld, type MoneyWorld } from './money-world.ts';

/** Which provider a client may pay with: its currency, its secret, and what the client is told otherwise. */

let world: MoneyWorld;
let run: Run;
let people = 0;
beforeAll(async () => {
  world = await moneyWorld();
  run = await world.nextRun(20);
});
afterAll(() => world.stop());

/** Each order is another passenger's. */
const claimsOf = new Map<OrderId, object>();
const held = async (currency = 'CNY'): Promise<OrderId> => {
  const user = `user-${(people += 1)}`;
  const orderId = await world.held(run, [people], { user });
  claimsOf.set(orderId, { ...passenger, sub: user, username: user });
  await world.bookings.client.send(
    new UpdateCommand({
      TableName: world.bookings.name,
      Key: bookingKey('order', orderId),
      UpdateExpression: 'SET amount.currency = :currency',
      ExpressionAttributeValues: { ':currency': currency },
    }),
  );
  return orderId;
};
const pay = (orderId: OrderId, provider: string) =>
  send(world.api.createPayment, {
    path: { orderId },
    headers: { ...json, 'idempotency-key': `${orderId}-${provider}` },
    body: JSON.stringify({ provider }),
    claims: claimsOf.get(orderId),
  });
const problem = (name: string) => `urn:keyun:problem:${name}`;
/** These secrets are changed, and every function has read them since. */
const switchTo = (texts: Partial<Record<ProviderName, string>>): void => {
  for (const name of providerNames)
    world.keeper.kept.set(name, { text: texts[name] ?? JSON.stringify(world.sandbox.secrets[name]) });
  world.pass(300);
};

test.each(['alipay', 'wechatpay'] as const)(
  '%s takes no euros: 422, and no payment is begun',
  async (name) => {
    const orderId = await held('EUR');
    const { status, body } = await pay(orderId, name);
    expect([status, body['type']]).toEqual([422, problem('currency-unsupported')]);
    expect(await listPayments(world.bookings, orderId)).toEqual([]);
  },
);

test('no provider takes a currency that nobody uses any more: 422', async () => {
  for (const name of providerNames) {
    const { status, body } = await pay(await held('DEM'), name);
    expect([status, body['type']]).toEqual([422, problem('currency-unsupported')]);
  }
});

test('one that takes the currency begins the payment', async () => {
  for (const [name, currency] of [
    ['alipay', 'CNY'],
    ['wechatpay', 'CNY'],
    ['stripe', 'EUR'],
  ] as const)
    expect(await pay(await held(currency), name)).toMatchObject({ status: 201, body: { provider: name } });
});

test('where one is switched off, the client is told of the others', async () => {
  switchTo({ wechatpay: '{}' });
  const { status, body } = await pay(await held(), 'wechatpay');
  expect([status, body['type']]).toEqual([422, problem('provider-unavailable')]);
  expect(body['errors']).toEqual([
    { field: 'provider', message: 'must be one of the payment providers of this carrier: alipay, stripe' },
  ]);
  expect((await pay(await held(), 'alipay')).status).toBe(201);
  switchTo({});
});

test('where none is switched on, the client is told that it cannot pay here', async () => {
  switchTo({ alipay: '{}', wechatpay: '{}', stripe: '{}' });
  const { status, body } = await pay(await held(), 'alipay');
  expect([status, body['type']]).toEqual([422, problem('provider-unavailable')]);
  expect(body['detail']).toBe('This carrier takes no payments at the moment.');
  const methods = await send(world.api.listMethods, {});
  expect([methods.status, methods.body['providers']]).toEqual([200, []]);
  switchTo({});
});

test('where its secret cannot be read, the client may come again, and the others work', async () => {
  const orderId = await held();
  world.keeper.kept.set('alipay', 'down');
  jest.resetModules();
  const fresh = (await import('../../../functions/api/payments/create-payment.ts')).handler;
  const methods = (await import('../../../functions/api/payments/list-methods.ts')).handler;
  const request = (provider: string) => ({
    path: { orderId },
    headers: { ...json, 'idempotency-key': `fresh-${provider}` },
    body: JSON.stringify({ provider }),
    claims: claimsOf.get(orderId),
  });
  expect(await send(fresh, request('alipay'))).toMatchObject({
    status: 503,
    body: { type: problem('busy') },
  });
  expect((await send(fresh, request('wechatpay'))).status).toBe(201);
  const { providers } = (await send(methods, {})).body as { providers: { provider: string }[] };
  expect(providers.map(({ provider }) => provider)).toEqual(['wechatpay', 'stripe']);
  switchTo({});
}, 20_000);
