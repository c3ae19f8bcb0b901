import type { LambdaApiHandler } from '../../functions/middleware/api-handler.ts';
import { writeTogether } from '../../shared/platform/dynamo.ts';
import { drawCode } from '../../shared/tickets/draw-code.ts';
import type { Ticket } from '../../shared/tickets/model.ts';
import { listTickets, putTicket, readTicket } from '../../shared/tickets/store.ts';
import { orderIdSchema } from '../../shared/platform/ids.ts';
import { testTables, type TestTables } from '../support/dynamo.ts';
import { sampleOrder, sampleTickets } from '../support/sample-order.ts';
import { passenger, send } from '../unit/functions/api-request.ts';

const unnumberedId = '01KBZ5Q7W8XN3V4M5T6R7S8P9B';

let tables: TestTables;
let getTicket: LambdaApiHandler;
let getTicketCode: LambdaApiHandler;
const tickets = sampleTickets(sampleOrder('paid'));
const [ticket] = tickets as [Ticket, Ticket];

const issue = (issued: readonly Ticket[]) =>
  writeTogether(
    tables.bookings.client,
    issued.map((each) => ({ label: each.itemId, write: putTicket(tables.bookings, each) })),
  );

beforeAll(async () => {
  tables = await testTables();
  Object.assign(process.env, {
    AWS_REGION: 'local',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_DYNAMODB: tables.endpoint,
    BOOKINGS_TABLE: tables.bookings.name,
  });
  ({ handler: getTicket } = await import('../../functions/api/tickets/get-ticket.ts'));
  ({ handler: getTicketCode } = await import('../../functions/api/tickets/get-ticket-code.ts'));
  await issue(tickets);
});
afterAll(() => tables?.stop());

const ask = (handler: LambdaApiHandler, ticketId: string, claims: unknown = passenger) =>
  send(handler, { path: { ticketId }, claims });

describe('stored tickets', () => {
  test('are found one by one and with their order', async () => {
    expect(await readTicket(tables.bookings, ticket.ticketId, { consistent: true })).toEqual(ticket);
    expect(await listTickets(tables.bookings, ticket.orderId)).toEqual(tickets);
  });

  test('are never written over', async () => {
    const again = tickets.map((each) => ({ ...each, seat: '99Z' }));
    expect(await issue(again)).toMatchObject({
      outcome: 'refused',
      refused: [{ label: '1' }, { label: '2' }],
    });
    expect(await listTickets(tables.bookings, ticket.orderId)).toEqual(tickets);
  });
});

describe('GET /v1/tickets/{ticketId}', () => {
  test('answers the owner, without what is nobody’s business', async () => {
    const { status, body } = await ask(getTicket, ticket.ticketId);
    expect(status).toBe(200);
    const { userId: _, itemId: __, ...shown } = ticket;
    expect(body).toEqual(shown);
  });

  test('has no seat where the place has no number', async () => {
    const other = sampleTickets(sampleOrder('paid', { orderId: orderIdSchema.parse(unnumberedId) }));
    const [unnumbered] = other.map((each) => ({ ...each, seat: '' })) as [Ticket];
    await issue([unnumbered]);
    const { status, body } = await ask(getTicket, unnumbered.ticketId);
    expect(status).toBe(200);
    expect(body).toMatchObject({ coach: unnumbered.coach, seat: null });
  });

  test('is "not found" to anybody else, as for a ticket that does not exist', async () => {
    const others = await ask(getTicket, ticket.ticketId, { sub: 'user-2' });
    const missing = await ask(getTicket, `${ticket.orderId}-9`);
    const malformed = await ask(getTicket, 'x');
    expect([others.status, missing.status, malformed.status]).toEqual([404, 404, 404]);
    expect(others.body).toEqual(missing.body);
  });

  test('needs a signed-in user', async () => {
    expect((await ask(getTicket, ticket.ticketId, {})).status).toBe(401);
  });
});

describe('GET /v1/tickets/{ticketId}/code', () => {
  test('is a picture of the code', async () => {
    const { status, headers, raw } = await ask(getTicketCode, ticket.ticketId);
    expect(status).toBe(200);
    expect(headers).toMatchObject({ 'content-type': 'image/png', 'cache-control': 'no-store' });
    expect(raw.isBase64Encoded).toBe(true);
    expect(raw.body).toBe((await drawCode(ticket.code!)).toString('base64'));
  });

  test('is "not found" to anybody else', async () => {
    expect((await ask(getTicketCode, ticket.ticketId, { sub: 'user-2' })).status).toBe(404);
  });
});
