import type { LambdaApiHandler } from '../../../functions/middleware/api-handler.ts';
import { deriveKey } from '../../../shared/platform/secrets.ts';
import { ticketKeyOf } from '../../../shared/tickets/code-keys.ts';
import { gateWorld, type GateWorld } from '../../support/gate-world.ts';
import { keeperOfSecrets } from '../../support/keeper-of-secrets.ts';
import { tableEnvironment } from '../../support/table-environment.ts';
import { json, passenger, send } from '../../unit/functions/api-request.ts';

/* POST /v1/check-ins and GET /v1/gate/keys, by the rules of cn-rail; what passengers see of it. */

const gate = { ...passenger, sub: 'gate-1', 'cognito:groups': '[gates]' };
const secret = 's'.repeat(64);

let world: GateWorld;
let keeper: Awaited<ReturnType<typeof keeperOfSecrets>>;
const handlers: Record<string, LambdaApiHandler> = {};
const before = { ...process.env };
beforeAll(async () => {
  world = await gateWorld();
  keeper = await keeperOfSecrets({});
  keeper.kept.set('tickets', { text: secret });
  Object.assign(process.env, tableEnvironment(world.tables, world.time.now), keeper.environment, {
    TICKET_SECRET_ID: 'tickets',
    KEYUN_CARRIER: 'cn-rail',
  });
  for (const name of [
    'gate/check-in',
    'gate/list-keys',
    'gate/get-manifest',
    'gate/sync-uses',
    'orders/get-order',
    'tickets/get-ticket',
  ])
    handlers[name] = (
      (await import(`../../../functions/api/${name}.ts`)) as { handler: LambdaApiHandler }
    ).handler;
});
afterAll(async () => {
  process.env = before;
  await keeper.stop();
  await world.stop();
});

const call = (name: string, sent: Parameters<typeof send>[1]) => send(handlers[name]!, sent);
const scan = (body: object, claims: unknown = gate) =>
  call('gate/check-in', { claims, headers: json, body: JSON.stringify(body) });

/** An order on a run that leaves in half an hour: the clock of the handlers stands still but for milliseconds. */
let pairs = 0;
const boarding = async () => {
  pairs += 1;
  world.time.now = (await import('../../../shared/platform/clock.ts')).systemClock()();
  const run = await world.openRun('2026-12-01', 4);
  const orderId = await world.issued(run, [2 * pairs, 2 * pairs + 1], { user: 'user-1' });
  const [code = '', other = ''] = await world.codesOf(orderId);
  return { run, orderId, body: { code, runId: run.runId, stopId: 'S0', gateId: 'north-1' }, other };
};

test('a ticket lets in once, and everybody who may know sees when', async () => {
  const { run, orderId, body, other } = await boarding();
  const first = await scan(body);
  expect(first.body).toMatchObject({
    ticketId: `${orderId}-1`,
    runId: run.runId,
    trip: 'G1',
    from: { stopId: 'S0', name: '北京南' },
    class: 'second',
    coach: '05',
    seat: expect.stringMatching(/^\d[A-F]$/),
    passenger: { initials: '旅' },
    checkIn: { at: expect.stringMatching(/^2026-12-01T00:0/), stopId: 'S0', gateId: 'north-1' },
  });
  expect(first.status).toBe(200);
  const { at } = first.body['checkIn'] as { at: string };

  const again = await scan({ ...body, gateId: 'south-2' });
  expect(again.status).toBe(409);
  expect(again.body).toMatchObject({
    type: 'urn:keyun:problem:already-checked-in',
    detail: `The first use was at ${at}, at the stop S0, by the gate north-1.`,
    firstUse: { at, stopId: 'S0', gateId: 'north-1' },
  });

  const path = { ticketId: `${orderId}-1` };
  const ticket = await call('tickets/get-ticket', { path, claims: passenger });
  expect(ticket.body).toMatchObject({ state: 'checkedIn', checkIn: { at, stopId: 'S0' } });
  expect(ticket.body['checkIn']).not.toHaveProperty('gateId');
  const order = await call('orders/get-order', { path: { orderId }, claims: passenger });
  expect((order.body['history'] as object[]).at(-1)).toEqual({
    at,
    event: 'ticket-checked-in',
    ticketId: `${orderId}-1`,
  });

  const named = { ...body, code: other, useId: 'my-own-use' };
  expect([(await scan(named)).status, (await scan(named)).status]).toEqual([200, 200]);
});

test('each refusal has a type of its own, and says what the gate needs', async () => {
  const { body } = await boarding();
  const refusal = async (more: object) => (await scan({ ...body, ...more })).body;
  expect(await refusal({ stopId: 'S1' })).toMatchObject({
    type: expect.stringMatching(/too-early-to-board$/),
    opensAt: expect.any(String),
  });
  expect(await refusal({ stopId: 'S3' })).toMatchObject({ type: expect.stringMatching(/wrong-stop$/) });
  expect(await refusal({ runId: 'G1~2026-12-02' })).toMatchObject({
    type: expect.stringMatching(/wrong-run$/),
  });
  expect(await refusal({ code: 'x' })).toMatchObject({
    status: 422,
    type: expect.stringMatching(/code-damaged$/),
  });
});

test('bad input is refused, and so is everybody who is no gate', async () => {
  const { body } = await boarding();
  const statusOf = async (more: object) => (await scan({ ...body, ...more })).status;
  expect(await statusOf({ code: '' })).toBe(422);
  expect(await statusOf({ runId: 'x' })).toBe(422);
  expect(await statusOf({ gateId: 'a b' })).toBe(422);
  expect(await statusOf({ useId: 'short' })).toBe(422);
  expect(await statusOf({ force: true })).toBe(422);
  expect((await scan({})).status).toBe(422);
  expect((await scan(body, passenger)).status).toBe(403);
  expect((await scan(body, { ...passenger, 'cognito:groups': '[operators]' })).status).toBe(403);
  expect((await scan(body, {})).status).toBe(401);
  expect((await call('gate/list-keys', { claims: passenger })).status).toBe(403);
});

test('gates get the public keys, and nothing of the secret', async () => {
  const answer = await call('gate/list-keys', { claims: gate });
  const { keyId, publicKey } = ticketKeyOf(deriveKey(secret, 'sign-tickets'));
  expect(answer.body).toEqual({
    carrierId: 'cn-rail',
    keys: [{ keyId, algorithm: 'Ed25519', publicKey: publicKey.toString('base64url') }],
  });
  expect(answer.headers['cache-control']).toBe('no-store');
});

test('gates get a run page by page, and tell uses of it', async () => {
  const { run, orderId, body } = await boarding();
  const first = await call('gate/get-manifest', { claims: gate, path: { runId: run.runId } });
  expect(first.status).toBe(200);
  expect(first.body).toMatchObject({
    run: { runId: run.runId, trip: 'G1', state: 'open' },
    rules: { opensBefore: 'PT2H', closesBefore: 'PT3M', laterStops: true },
    ended: [],
    tickets: [],
  });
  const query = `cursor=${String(first.body['cursor'])}`;
  const second = await call('gate/get-manifest', { claims: gate, path: { runId: run.runId }, query });
  expect(second.body).not.toHaveProperty('cursor');
  expect(second.body['tickets']).toContainEqual(
    expect.objectContaining({ ticketId: `${orderId}-2`, from: 'S0', to: 'S3', coach: '05', class: 'second' }),
  );
  const wrong = { claims: gate, path: { runId: run.runId }, query: 'cursor=abc' };
  expect((await call('gate/get-manifest', wrong)).status).toBe(422);
  const gone = { claims: gate, path: { runId: 'G9~2026-12-01' } };
  expect((await call('gate/get-manifest', gone)).status).toBe(404);

  const use = { useId: 'use-no-1', code: body.code, stopId: 'S0', at: '2026-12-01T08:00:00+08:00' };
  const sync = { runId: run.runId, gateId: 'north-1', sentAt: '2026-12-01T08:00:10+08:00', uses: [use] };
  const tell = (more: object) =>
    call('gate/sync-uses', { claims: gate, headers: json, body: JSON.stringify({ ...sync, ...more }) });
  const told = await tell({});
  expect(told.body).toEqual({
    now: expect.any(String),
    uses: [{ useId: 'use-no-1', ticketId: `${orderId}-1`, became: 'recorded' }],
  });
  expect((await tell({})).body).toMatchObject({ uses: told.body['uses'] });
  expect((await tell({ uses: [{ ...use, useId: 'use-no-2' }] })).body).toMatchObject({
    uses: [{ became: 'reported', reason: 'already-checked-in', firstUse: { gateId: 'north-1' } }],
  });
  expect((await tell({ uses: [] })).status).toBe(422);
  expect((await tell({ uses: [use, use] })).status).toBe(422);
  expect((await tell({ uses: Array.from({ length: 201 }, () => use) })).status).toBe(422);
  expect((await tell({ sentAt: 'now' })).status).toBe(422);
  expect((await tell({ sentAt: '2026-12-01T08:00:10' })).status).toBe(422);
  expect((await tell({ runId: 'G9~2026-12-01' })).status).toBe(404);
});
