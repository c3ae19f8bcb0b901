import * as oidc from 'openid-client';
import { callback, client, errorOf, home, signInFixture } from './sign-in-fixture.ts';

const { endpoint, wait, visit, begin, fillIn, signIn, refresh, grant, revoke } = signInFixture();

describe('a code is refused', () => {
  const redeem = async (
    change: (parts: {
      code: string;
      checks: Awaited<ReturnType<typeof begin>>['checks'];
    }) => Record<string, string>,
  ) => {
    const { url, checks } = await begin();
    const { location } = await fillIn(url);
    const code = new URL(location).searchParams.get('code') ?? '';
    const given = { grant_type: 'authorization_code', redirect_uri: callback, code };
    const good = { ...given, code_verifier: checks.pkceCodeVerifier };
    const first = await grant({ ...good, ...change({ code, checks }) });
    return { first, good };
  };

  test('with another verifier, and is then used up', async () => {
    const { first, good } = await redeem(() => ({ code_verifier: oidc.randomPKCECodeVerifier() }));
    expect(errorOf(first)).toEqual([400, 'invalid_grant']);
    expect(errorOf(await grant(good))).toEqual([400, 'invalid_grant']);
  });

  test.each<[string, Record<string, string>, string]>([
    ['without a verifier', { code_verifier: '' }, 'invalid_grant'],
    [
      'for another address of the client',
      { redirect_uri: 'https://coach.example/signed-in' },
      'invalid_grant',
    ],
    ['without an address', { redirect_uri: '' }, 'invalid_request'],
    ['from another client', { client_id: 'another' }, 'invalid_client'],
    ['that nobody made', { code: 'made-up' }, 'invalid_grant'],
    ['without a code', { code: '' }, 'invalid_request'],
    ['as a password', { grant_type: 'password' }, 'unsupported_grant_type'],
  ])('%s', async (_, change, error) => {
    expect(errorOf((await redeem(() => change)).first)).toEqual([400, error]);
  });

  test('the second time', async () => {
    const { first, good } = await redeem(() => ({}));
    expect(first.status).toBe(200);
    expect(errorOf(await grant(good))).toEqual([400, 'invalid_grant']);
  });

  test('after five minutes', async () => {
    const { first } = await redeem(() => {
      wait(301);
      return {};
    });
    expect(errorOf(first)).toEqual([400, 'invalid_grant']);
  });
});

describe('a request to sign in', () => {
  test.each<[string, Record<string, string>]>([
    ['an unknown client', { client_id: 'another' }],
    ['an address that the client does not have', { redirect_uri: 'https://evil.example/signed-in' }],
    ['an address below one of the client’s', { redirect_uri: `${callback}/more` }],
  ])('of %s goes nowhere', async (_, more) => {
    const { url } = await begin();
    for (const [name, value] of Object.entries(more)) url.searchParams.set(name, value);
    for (const path of ['/oauth2/authorize', '/login', '/signup']) {
      const answer = await visit(path + url.search);
      expect([answer.status, answer.location]).toEqual([400, '']);
    }
  });

  test.each<[string, Record<string, string | undefined>, string]>([
    ['without PKCE', { code_challenge: undefined, code_challenge_method: undefined }, 'invalid_request'],
    ['with the verifier itself', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['with a challenge that is no hash', { code_challenge: 'short' }, 'invalid_request'],
    ['for tokens in the address', { response_type: 'token' }, 'unauthorized_client'],
    ['for nothing', { response_type: undefined }, 'invalid_request'],
    ['for a scope that the client does not have', { scope: 'openid admin' }, 'invalid_scope'],
  ])('%s is told to the client', async (_, more, error) => {
    const { url, checks } = await begin();
    for (const [name, value] of Object.entries(more))
      if (value === undefined) url.searchParams.delete(name);
      else url.searchParams.set(name, value);
    const back = new URL((await visit(url)).location);
    expect(back.origin + back.pathname).toBe(callback);
    expect(Object.fromEntries(back.searchParams)).toEqual({ error, state: checks.expectedState });
  });

  test('that says something twice is told to the client', async () => {
    const { url } = await begin();
    url.searchParams.append('scope', 'openid');
    expect(new URL((await visit(url)).location).searchParams.get('error')).toBe('invalid_request');
  });
});

describe('a refresh token', () => {
  test('is used once; a second tab has ten seconds', async () => {
    const { tokens } = await signIn();
    const first = tokens.refresh_token ?? '';
    await refresh(first);
    await refresh(first);
    wait(11);
    await expect(refresh(first)).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  test('and its successors end when the first ends', async () => {
    const { tokens } = await signIn();
    wait(client.refreshTokenSeconds - 60);
    const { refresh_token: next = '' } = await refresh(tokens.refresh_token);
    wait(61);
    expect(errorOf(await grant({ grant_type: 'refresh_token', refresh_token: next }))).toEqual([
      400,
      'invalid_grant',
    ]);
  });

  test('alone can be revoked, by its own client; nobody’s is as good as revoked', async () => {
    const { tokens } = await signIn();
    expect(errorOf(await revoke({ token: tokens.access_token }))).toEqual([400, 'unsupported_token_type']);
    expect(errorOf(await revoke({}))).toEqual([400, 'invalid_request']);
    const token = tokens.refresh_token ?? '';
    expect(errorOf(await revoke({ token, client_id: 'another' }))).toEqual([401, 'invalid_client']);
    await refresh(token);
    expect((await revoke({ token: 'made-up' })).status).toBe(200);
  });
});

test.each([
  ['another site', { logout_uri: 'https://evil.example/' }],
  ['an address below one of the client’s', { logout_uri: `${home}more` }],
  ['nowhere', {}],
  ['another site by the way of signing in', { redirect_uri: 'https://evil.example/', response_type: 'code' }],
])('signing out does not lead to %s', async (_, parameters) => {
  const query = new URLSearchParams({ client_id: client.clientId, ...parameters });
  const answer = await visit(`/logout?${query}`);
  expect([answer.status, answer.location]).toEqual([400, '']);
});

test('signing out may lead to signing in again', async () => {
  const { url } = await begin();
  expect((await visit(`/logout${url.search}`)).location).toMatch(/^\/login\?/);
});

test.each<[string, (tokens: { access_token: string; id_token?: string | undefined }) => string]>([
  ['an id token', ({ id_token: id = '' }) => id],
  [
    'a token that nobody signed',
    ({ access_token: token }) =>
      `${Buffer.from('{"alg":"none"}').toString('base64url')}.${token.split('.')[1]}.`,
  ],
  ['nonsense', () => 'nonsense'],
])('%s shows nothing of its user', async (_, tokenOf) => {
  const { tokens } = await signIn();
  const headers = { authorization: `Bearer ${tokenOf(tokens)}` };
  const answer = await fetch(`${endpoint()}/oauth2/userInfo`, { headers });
  expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([
    401,
    'Bearer error="invalid_token"',
  ]);
});

test('an access token shows nothing of its user after it has expired', async () => {
  const { tokens } = await signIn();
  wait(client.accessTokenSeconds + 1);
  const headers = { authorization: `Bearer ${tokens.access_token}` };
  expect((await fetch(`${endpoint()}/oauth2/userInfo`, { headers })).status).toBe(401);
});

test('pages of any origin may ask for tokens, as with Cognito', async () => {
  const { headers, status } = await fetch(`${endpoint()}/oauth2/token`, { method: 'OPTIONS' });
  expect([status, headers.get('access-control-allow-origin')]).toEqual([204, '*']);
  const answer = await fetch(`${endpoint()}/oauth2/token`, { method: 'POST', body: '' });
  expect(answer.headers.get('access-control-allow-origin')).toBe('*');
});
