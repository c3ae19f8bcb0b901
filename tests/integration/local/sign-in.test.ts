import { createRemoteJWKSet, jwtVerify } from 'jose';
import * as oidc from 'openid-client';
import { startIssuer } from '../../../infra/local/identity/issuer.ts';
import { makeAuthorizer } from '../../../infra/local/http/jwt-authorizer.ts';
import { freePort } from '../../../infra/local/run/ports.ts';
import { callback, client, home, signInFixture } from './sign-in-fixture.ts';

const { dataDir, now, endpoint, config, visit, begin, signIn, refresh } = signInFixture();

const claimsOf = async (token: string) => {
  const keys = createRemoteJWKSet(new URL(`${endpoint()}/.well-known/jwks.json`));
  return (await jwtVerify(token, keys, { issuer: endpoint() })).payload as Record<string, unknown>;
};

describe('one client signs a user in', () => {
  test('from discovery to sign-out', async () => {
    const { tokens } = await signIn({ group: 'gates' });
    const { sub = '' } = tokens.claims() ?? {};
    const authorize = makeAuthorizer(endpoint(), [client.clientId]);
    expect(await authorize(`Bearer ${tokens.access_token}`)).toMatchObject({
      outcome: 'allowed',
      context: { jwt: { claims: { sub, token_use: 'access', 'cognito:groups': '[gates]' } } },
    });

    expect(await oidc.fetchUserInfo(config(), tokens.access_token, sub)).toEqual({
      sub,
      username: sub,
      email: 'zhang@example.com',
      // As Cognito writes it here, and only here.
      email_verified: 'true',
    });

    const refreshed = await refresh(tokens.refresh_token);
    expect(await claimsOf(refreshed.access_token)).toMatchObject({ sub, 'cognito:groups': ['gates'] });

    await oidc.tokenRevocation(config(), refreshed.refresh_token ?? '');
    await expect(refresh(refreshed.refresh_token)).rejects.toMatchObject({ error: 'invalid_grant' });
    await expect(oidc.fetchUserInfo(config(), refreshed.access_token, sub)).rejects.toThrow();

    const out = await visit(oidc.buildEndSessionUrl(config(), { logout_uri: home }));
    expect([out.status, out.location]).toEqual([302, home]);
  });

  test('with the claims of Cognito’s tokens', async () => {
    const { tokens } = await signIn({ group: 'operators' });
    const [access, id] = [await claimsOf(tokens.access_token), await claimsOf(tokens.id_token ?? '')];
    const uuid = expect.stringMatching(/^[0-9a-f-]{36}$/);
    const both = {
      sub: uuid,
      'cognito:groups': ['operators'],
      iss: endpoint(),
      origin_jti: uuid,
      event_id: uuid,
      auth_time: expect.any(Number),
      iat: expect.any(Number),
      exp: expect.any(Number),
      jti: uuid,
    };
    expect(access).toEqual({
      ...both,
      version: 2,
      client_id: client.clientId,
      token_use: 'access',
      scope: 'openid email profile',
      username: access['sub'],
    });
    expect(id).toEqual({
      ...both,
      aud: client.clientId,
      token_use: 'id',
      at_hash: expect.any(String),
      nonce: expect.any(String),
      'cognito:username': id['sub'],
      email: 'zhang@example.com',
      email_verified: true,
    });
    expect(id['origin_jti']).toBe(access['origin_jti']);
    expect(id['jti']).not.toBe(access['jti']);
    expect(Number(access['exp']) - Number(access['iat'])).toBe(client.accessTokenSeconds);
  });

  test('without the page while the browser remembers, unless it asks for the page', async () => {
    const { cookie } = await signIn();
    const headers = { cookie };
    const again = await visit((await begin()).url, { headers });
    expect(again.location).toContain(`${callback}?code=`);
    const asked = await visit((await begin({ prompt: 'login' })).url, { headers });
    expect(asked.location).toMatch(/^\/login\?/);

    await visit(oidc.buildEndSessionUrl(config(), { logout_uri: home }), { headers });
    expect((await visit((await begin()).url, { headers })).location).toMatch(/^\/login\?/);
    const silent = await visit((await begin({ prompt: 'none' })).url, { headers });
    expect(new URL(silent.location).searchParams.get('error')).toBe('login_required');
  });

  test('who may stay signed in over a restart', async () => {
    const { tokens } = await signIn();
    const other = await startIssuer({ port: await freePort(), dataDir, client, now });
    const body = new URLSearchParams({
      client_id: client.clientId,
      grant_type: 'refresh_token',
      refresh_token: tokens.refresh_token ?? '',
    });
    const answer = await fetch(`${other.endpoint}/oauth2/token`, { method: 'POST', body });
    await other.stop();
    expect(answer.status).toBe(200);
  });

  test('on a page that speaks Chinese or English and asks again for something that is no address', async () => {
    const { location } = await visit((await begin({ lang: 'zh-CN' })).url);
    expect((await visit(location)).text).toContain('<h1>登录或注册</h1>');
    expect((await visit(location.replace('zh-CN', 'en'))).text).toContain('<h1>Sign in or sign up</h1>');
    const body = new URLSearchParams({ email: 'nobody' });
    const again = await visit(location, { method: 'POST', body });
    expect([again.status, again.text]).toEqual([422, expect.stringContaining('role="alert"')]);
  });
});
