import { answered } from '../../../functions/middleware/api-handler.ts';
import { json, passenger, send, type Sent } from './api-request.ts';
import { exampleHandler } from './example-route.ts';

const good: Sent = {
  path: { parcelId: 'p1' },
  headers: { ...json, 'idempotency-key': 'key-1' },
  claims: passenger,
  body: '{"weight":3}',
};

const typeOf = (reason: string): string => `urn:keyun:problem:${reason}`;

describe('the caller', () => {
  test('has an address if the token says that it is confirmed', async () => {
    const seen: unknown[] = [];
    const handler = exampleHandler(async ({ caller }) => {
      seen.push(caller.email);
      return answered({ weight: 1, copies: 1 });
    });
    for (const email_verified of ['true', 'false', undefined])
      await send(handler, { ...good, claims: { ...passenger, email: 'li@example.com', email_verified } });
    expect(seen).toEqual(['li@example.com', undefined, undefined]);
  });
});

describe('the frame refuses', () => {
  test('an id token, which is for the client alone', async () => {
    const claims = { ...passenger, token_use: 'id' };
    const { status, body } = await send(exampleHandler(), { ...good, claims });
    expect([status, body.type]).toEqual([401, typeOf('unauthorized')]);
  });

  test.each(['operators', 'gates'] as const)('whoever is not among the %s', async (group) => {
    const handler = exampleHandler(undefined, group);
    const member = { ...passenger, 'cognito:groups': `[${group}]` };
    const stranger = { ...passenger, 'cognito:groups': `[x-${group} ${group},x]` };
    expect((await send(handler, { ...good, claims: member })).status).toBe(201);
    expect((await send(handler, { ...good, claims: stranger })).body.type).toBe(typeOf('forbidden'));
    expect((await send(handler, { ...good, claims: passenger })).body.type).toBe(typeOf('forbidden'));
  });

  test('nobody of whom another issuer names the groups in the usual claim', async () => {
    const { token_use: _, ...claims } = passenger;
    const handler = exampleHandler(undefined, 'operators');
    const member = { ...claims, groups: '[gates operators]' };
    expect((await send(handler, { ...good, claims: member })).status).toBe(201);
  });
});
