import { generateKeyPair, importJWK, SignJWT, type JWTPayload } from 'jose';
import { tokenFor } from '../../../infra/local/identity/issue-tokens.ts';
import { issuerKey, type IssuerKey } from '../../../infra/local/identity/issuer-keys.ts';
import { startIssuer, type Issuer } from '../../../infra/local/identity/issuer.ts';
import { makeAuthorizer, type Authorizer } from '../../../infra/local/http/jwt-authorizer.ts';
import { freePort } from '../../../infra/local/run/ports.ts';
import { sampleClient } from '../../support/sample-client.ts';
import { temporaryFolder } from './temporary.ts';

const { clientId } = sampleClient;
const dataDir = temporaryFolder();
let issuer: Issuer;
let key: IssuerKey;
let authorize: Authorizer;

beforeAll(async () => {
  issuer = await startIssuer({ port: await freePort(), dataDir, client: sampleClient });
  key = await issuerKey(dataDir);
  authorize = makeAuthorizer(issuer.endpoint, [clientId]);
});
afterAll(() => issuer.stop());

const now = () => Math.floor(Date.now() / 1000);

const signed = async (claims: JWTPayload, by: IssuerKey = key) =>
  new SignJWT({ iss: issuer.endpoint, aud: clientId, sub: 'someone', exp: now() + 60, ...claims })
    .setProtectedHeader({ alg: 'RS256', kid: by.kid })
    .sign(await importJWK(by, 'RS256'));

const outcomeOf = async (token: string | undefined) => (await authorize(token && `Bearer ${token}`)).outcome;

it('lets a token of the issuer in, its claims as text', async () => {
  const token = await tokenFor(dataDir, {
    issuer: issuer.endpoint,
    clientId,
    email: 'Clerk@Example.com',
    groups: ['operators', 'gates'],
  });
  const allowed = await authorize(`Bearer ${token}`);
  if (allowed.outcome !== 'allowed') throw new Error(allowed.why);
  const { claims } = allowed.context.jwt;
  expect(claims).toMatchObject({
    'cognito:groups': '[operators gates]',
    token_use: 'access',
    client_id: clientId,
    username: claims['sub'],
    scope: 'openid email profile',
  });
  expect(claims['exp']).toMatch(/^\d+$/);
  expect(claims).not.toHaveProperty('aud');
  expect(JSON.stringify(claims)).not.toContain('example.com');
});

it('gives one address one user for ever', async () => {
  const subjects = await Promise.all(
    ['a@example.com', 'A@example.com ', 'b@example.com'].map(async (email) => {
      const token = await tokenFor(dataDir, {
        issuer: issuer.endpoint,
        clientId,
        email,
        groups: [],
      });
      return (JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as JWTPayload).sub;
    }),
  );
  expect(subjects[0]).toBe(subjects[1]);
  expect(subjects[2]).not.toBe(subjects[0]);
});

it('takes an access token by its client id', async () => {
  expect(await outcomeOf(await signed({ aud: undefined as never, client_id: clientId }))).toBe('allowed');
});

it.each<[string, JWTPayload]>([
  ['that has expired', { exp: Math.floor(Date.now() / 1000) - 1 }],
  ['that is not valid yet', { nbf: Math.floor(Date.now() / 1000) + 600 }],
  ['that says it was issued in the future', { iat: Math.floor(Date.now() / 1000) + 600 }],
  ['for another audience, whatever its client', { aud: 'another-client', client_id: clientId }],
  ['of another issuer', { iss: 'https://elsewhere.example' }],
  ['for another audience', { aud: 'another-client' }],
  ['for nobody', { aud: undefined as never }],
  ['without an end', { exp: undefined as never }],
])('refuses a token %s', async (_, claims) => {
  expect(await outcomeOf(await signed(claims))).toBe('unauthorized');
});

it('refuses a token that does not name its key', async () => {
  const claims = { iss: issuer.endpoint, client_id: clientId, sub: 'someone', exp: now() + 60 };
  const nameless = new SignJWT(claims).setProtectedHeader({ alg: 'RS256' });
  expect(await outcomeOf(await nameless.sign(await importJWK(key, 'RS256')))).toBe('unauthorized');
});

it('refuses a token that somebody else has signed, or nobody', async () => {
  const { privateKey } = await generateKeyPair('RS256');
  const forged = await new SignJWT({ iss: issuer.endpoint, aud: clientId, exp: now() + 60 })
    .setProtectedHeader({ alg: 'RS256', kid: key.kid })
    .sign(privateKey);
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const unsigned = `${encode({ alg: 'none' })}.${encode({ iss: issuer.endpoint, aud: clientId, exp: now() + 60 })}.`;
  expect(await outcomeOf(forged)).toBe('unauthorized');
  expect(await outcomeOf(unsigned)).toBe('unauthorized');
  expect(await outcomeOf(undefined)).toBe('unauthorized');
  expect(await outcomeOf('nonsense')).toBe('unauthorized');
});

it('signs anybody in on its page, and asks again for something that is no address', async () => {
  const post = (email: string) =>
    fetch(issuer.endpoint, {
      method: 'POST',
      headers: { accept: 'application/json' },
      body: new URLSearchParams({ email, group: 'gates' }),
    });
  const { token } = (await (await post('gate@example.com')).json()) as { token: string };
  expect(await outcomeOf(token)).toBe('allowed');
  expect((await post('nobody')).status).toBe(422);
});
