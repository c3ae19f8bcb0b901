import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LambdaApiHandler } from '../../../functions/middleware/api-handler.ts';
import { itemIdSchema, ticketIdOf } from '../../../shared/platform/ids.ts';
import { refundWorld, type RefundWorld } from '../../support/refund-world.ts';
import { tableEnvironment } from '../../support/table-environment.ts';
import { json, passenger, send } from '../../unit/functions/api-request.ts';

/* POST /v1/orders/{orderId}/exchange-offers, and the acceptance, by the rules of cn-rail. */

/** The keeper of secrets, in front of the keys of this world. */
const keeper = createServer((_, answer) => {
  answer.setHeader('content-type', 'application/x-amz-json-1.1');
  answer.end(JSON.stringify({ SecretString: 'test' }));
});

let world: RefundWorld;
let makeOffer: LambdaApiHandler;
let acceptOffer: LambdaApiHandler;
let getOrder: LambdaApiHandler;
let getTicket: LambdaApiHandler;
beforeAll(async () => {
  world = await refundWorld();
  await once(keeper.listen(0, '127.0.0.1'), 'listening');
  Object.assign(process.env, tableEnvironment(world.tables, world.time.now), {
    DOCUMENT_SECRET_ID: 'documents',
    TICKET_SECRET_ID: 'tickets',
    AWS_ENDPOINT_URL_SECRETS_MANAGER: `http://127.0.0.1:${(keeper.address() as AddressInfo).port}`,
  });
  ({ handler: makeOffer } = await import('../../../functions/api/exchanges/make-offer.ts'));
  ({ handler: acceptOffer } = await import('../../../functions/api/exchanges/accept-offer.ts'));
  ({ handler: getOrder } = await import('../../../functions/api/orders/get-order.ts'));
  ({ handler: getTicket } = await import('../../../functions/api/tickets/get-ticket.ts'));
});
afterAll(async () => {
  keeper.close();
  await world.stop();
});

let keys = 0;
const ask = (orderId: string, body: object, more: { key?: string; claims?: unknown } = {}) =>
  send(makeOffer, {
    path: { orderId },
    claims: more.claims ?? passenger,
    headers: { ...json, 'idempotency-key': more.key ?? `key-${(keys += 1)}` },
    body: JSON.stringify(body),
  });
const accept = (offerId: unknown) =>
  send(acceptOffer, { path: { offerId: String(offerId) }, claims: passenger });
const cny = (amount: number) => ({ amount, currency: 'CNY' });

test('an offer tells the new seats and the difference, and its acceptance answers with the new order', async () => {
  const [run, other] = [await world.openRun('2026-12-20', 1), await world.openRun('2026-12-21', 1)];
  const orderId = await world.issued(run, [1, 2]);
  const ticketId = ticketIdOf(orderId, itemIdSchema.parse('2'));
  const wish = { ticketIds: [ticketId], runId: other.runId, from: 'S0', to: 'S2', class: 'second' };
  const offered = await ask(orderId, wish, { key: 'one' });
  expect(offered).toMatchObject({
    status: 201,
    body: {
      offerId: expect.stringMatching(new RegExp(`^${orderId}-`)),
      items: [{ itemId: '2', ticketId, coach: '05', price: cny(30_000), newPrice: cny(20_000), fee: cny(0) }],
      fee: cny(0),
      toRefund: cny(10_000),
    },
  });
  expect(offered.body).not.toHaveProperty('toPay');
  expect((await ask(orderId, wish, { key: 'one' })).body).toEqual(offered.body);
  expect(await ask(orderId, wish)).toMatchObject({ status: 409 });
  const { offerId, newOrderId } = offered.body;
  const accepted = await accept(offerId);
  expect(accepted).toMatchObject({
    status: 200,
    body: { orderId: newOrderId, state: 'issued', amount: cny(0), exchangeOf: orderId },
  });
  expect(await accept(offerId)).toMatchObject({
    status: 409,
    body: { type: expect.stringMatching(/offer-used$/) },
  });
  const old = await send(getTicket, { path: { ticketId }, claims: passenger });
  expect(old.body).toMatchObject({ state: 'exchanged', exchange: { newOrderId } });
  expect(old.body).not.toHaveProperty('code');
  const { body } = await send(getOrder, { path: { orderId }, claims: passenger });
  expect(body).toMatchObject({ state: 'issued', refunds: [{ amount: cny(10_000), state: 'under-way' }] });
  await world.expectClean(run, other);
});

test('an order whose tickets are all exchanged says so', async () => {
  const [run, other] = [await world.openRun('2026-12-22', 1), await world.openRun('2026-12-23', 1)];
  const orderId = await world.issued(run, [3], { user: 'user-1' });
  const wish = { runId: other.runId, from: 'S0', to: 'S3', class: 'second' };
  const offered = await ask(orderId, wish);
  expect(offered.body).toMatchObject({ toPay: cny(0) });
  await accept(offered.body['offerId']);
  const { body } = await send(getOrder, { path: { orderId }, claims: passenger });
  expect(body).toMatchObject({ state: 'exchanged' });
});

test('bad input and other people’s orders are refused', async () => {
  const run = await world.openRun('2026-12-24', 1);
  const orderId = await world.issued(run, [5], { user: 'user-1' });
  const wish = { runId: run.runId, from: 'S0', to: 'S2', class: 'second' };
  const statusOf = async (more: object) => (await ask(orderId, { ...wish, ...more })).status;
  expect(await statusOf({ ticketIds: [] })).toBe(422);
  expect(await statusOf({ from: 'S2', to: 'S0' })).toBe(422);
  expect(await statusOf({ runId: 'G9~2026-12-24' })).toBe(422);
  expect(await statusOf({ runId: undefined })).toBe(422);
  expect(await statusOf({ class: 'first' })).toBe(422);
  expect(await statusOf({ passengers: [] })).toBe(422);
  expect((await ask(orderId, wish, { claims: { ...passenger, sub: 'user-2' } })).status).toBe(404);
  expect((await accept('x')).status).toBe(404);
  expect((await accept(`${orderId}-${orderId}`)).status).toBe(404);
});
