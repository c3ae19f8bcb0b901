import type { LambdaApiHandler } from '../../../functions/middleware/api-handler.ts';
import { submitRefund } from '../../../shared/paying/submit-refund.ts';
import { itemIdSchema, ticketIdOf } from '../../../shared/platform/ids.ts';
import { refundWorld, type RefundWorld } from '../../support/refund-world.ts';
import { tableEnvironment } from '../../support/table-environment.ts';
import { json, passenger, send } from '../../unit/functions/api-request.ts';

/* POST /v1/orders/{orderId}/refund-offers, and the acceptance, by the rules of cn-rail. */

let world: RefundWorld;
let makeOffer: LambdaApiHandler;
let acceptOffer: LambdaApiHandler;
let getOrder: LambdaApiHandler;
let getTicket: LambdaApiHandler;
let getTicketCode: LambdaApiHandler;
beforeAll(async () => {
  world = await refundWorld();
  Object.assign(process.env, tableEnvironment(world.tables, world.time.now));
  ({ handler: makeOffer } = await import('../../../functions/api/refunds/make-offer.ts'));
  ({ handler: acceptOffer } = await import('../../../functions/api/refunds/accept-offer.ts'));
  ({ handler: getOrder } = await import('../../../functions/api/orders/get-order.ts'));
  ({ handler: getTicket } = await import('../../../functions/api/tickets/get-ticket.ts'));
  ({ handler: getTicketCode } = await import('../../../functions/api/tickets/get-ticket-code.ts'));
});
afterAll(() => world.stop());

let keys = 0;
const ask = (orderId: string, body: object | undefined, more: { key?: string; claims?: unknown } = {}) =>
  send(makeOffer, {
    path: { orderId },
    claims: more.claims ?? passenger,
    headers: { ...json, 'idempotency-key': more.key ?? `key-${(keys += 1)}` },
    ...(body && { body: JSON.stringify(body) }),
  });
const accept = (offerId: unknown, claims: unknown = passenger) =>
  send(acceptOffer, { path: { offerId: String(offerId) }, claims });

const ticketOf = (orderId: Awaited<ReturnType<RefundWorld['issued']>>, item: number) =>
  ticketIdOf(orderId, itemIdSchema.parse(String(item)));

test('an offer tells each ticket’s fee and refund, and its acceptance answers with the order', async () => {
  const run = await world.openRun('2026-12-03', 1);
  const orderId = await world.issued(run, [1, 2]);
  const wanted = ticketOf(orderId, 1);
  const offered = await ask(orderId, { ticketIds: [wanted] }, { key: 'one' });
  expect(offered.status).toBe(201);
  expect(offered.body).toEqual({
    offerId: expect.stringMatching(new RegExp(`^${orderId}-`)),
    validUntil: expect.stringMatching(/^2026-12-01T00:1/),
    tickets: [
      {
        ticketId: wanted,
        price: { amount: 30_000, currency: 'CNY' },
        fee: { amount: 1500, currency: 'CNY' },
        rule: { atLeast: 'PT48H', percent: 5 },
        refund: { amount: 28_500, currency: 'CNY' },
      },
    ],
    refund: { amount: 28_500, currency: 'CNY' },
  });
  expect((await ask(orderId, { ticketIds: [wanted] }, { key: 'one' })).body).toEqual(offered.body);
  expect(await ask(orderId, { ticketIds: [wanted] })).toMatchObject({
    status: 409,
    body: { type: expect.stringMatching(/offer-open$/) },
  });

  const { offerId } = offered.body;
  const accepted = await accept(offerId);
  expect(accepted.status).toBe(200);
  expect(accepted.body).toMatchObject({
    orderId,
    state: 'issued',
    items: [{ ticketId: wanted }, { ticketId: ticketOf(orderId, 2) }],
    refunds: [{ amount: { amount: 28_500, currency: 'CNY' }, state: 'under-way' }],
    history: expect.arrayContaining([{ at: expect.any(String), event: 'tickets-refunded' }]),
  });
  expect(await accept(offerId)).toMatchObject({
    status: 409,
    body: { type: expect.stringMatching(/offer-used$/) },
  });

  const path = { ticketId: wanted };
  const ticket = await send(getTicket, { path, claims: passenger });
  expect(ticket.body).toMatchObject({
    state: 'refunded',
    refund: {
      fee: { amount: 1500, currency: 'CNY' },
      amount: { amount: 28_500, currency: 'CNY' },
      rule: { atLeast: 'PT48H', percent: 5 },
    },
  });
  expect(ticket.body).not.toHaveProperty('code');
  expect((await send(getTicketCode, { path, claims: passenger })).status).toBe(404);
});

test('without a body the offer is for all tickets', async () => {
  const run = await world.openRun('2026-12-20', 1);
  const orderId = await world.issued(run, [3, 4], { user: 'user-1' });
  const offered = await ask(orderId, undefined);
  expect(offered).toMatchObject({ status: 201, body: { refund: { amount: 60_000 } } });
  expect(offered.body['tickets']).toHaveLength(2);
  expect((await accept(offered.body['offerId'])).body).toMatchObject({ state: 'refunding' });
  for (const { refundNumber } of (await world.stored(orderId)).refunds)
    await submitRefund(world.dependencies)(orderId, refundNumber);
  const { body } = await send(getOrder, { path: { orderId }, claims: passenger });
  expect(body).toMatchObject({ state: 'refunded', refunds: [{ state: 'paid' }] });
});

test('bad input and other people’s orders are refused', async () => {
  const run = await world.openRun('2026-12-21', 1);
  const orderId = await world.issued(run, [5], { user: 'user-1' });
  const own = ticketOf(orderId, 1);
  const statusOf = async (body: object) => (await ask(orderId, body)).status;
  expect(await statusOf({ ticketIds: [] })).toBe(422);
  expect(await statusOf({ ticketIds: [own, own] })).toBe(422);
  expect(await statusOf({ ticketIds: ['x'] })).toBe(422);
  expect(await statusOf({ tickets: [own] })).toBe(422);
  expect(await statusOf({ ticketIds: [ticketOf(orderId, 2)] })).toBe(404);
  expect((await ask(orderId, {}, { claims: { ...passenger, sub: 'user-2' } })).status).toBe(404);
  expect((await send(makeOffer, { path: { orderId }, claims: passenger })).status).toBe(400);
  expect((await accept('x')).status).toBe(404);
  expect((await accept(`${orderId}-${orderId}`)).status).toBe(404);
  const offered = await ask(orderId, {});
  expect((await accept(offered.body['offerId'], { ...passenger, sub: 'user-2' })).status).toBe(404);
});
