import * as oidc from 'openid-client';
import { startIssuer, type Issuer } from '../../../infra/local/identity/issuer.ts';
import { freePort } from '../../../infra/local/run/ports.ts';
import { sampleClient } from '../../support/sample-client.ts';
import { temporaryFolder } from './temporary.ts';

export const client = sampleClient;
export const [callback = '', home = ''] = [client.callbackUrls[0], client.logoutUrls[0]];

export type Step = { status: number; location: string; cookie: string; text: string };

/** What a browser gets at an address of the issuer, without following it. */
const visitAt = async (endpoint: string, address: string | URL, init: RequestInit = {}): Promise<Step> => {
  const response = await fetch(new URL(address, endpoint), { redirect: 'manual', ...init });
  return {
    status: response.status,
    location: response.headers.get('location') ?? '',
    cookie: response.headers.get('set-cookie')?.split(';')[0] ?? '',
    text: await response.text(),
  };
};

/** An issuer whose clock a test moves, and the very client that a program would use with Cognito. */
export const signInFixture = () => {
  const dataDir = temporaryFolder();
  let issuer: Issuer;
  let config: oidc.Configuration;
  let later = 0;
  const now = () => Math.floor(Date.now() / 1000) + later;

  beforeAll(async () => {
    issuer = await startIssuer({ port: await freePort(), dataDir, client, now });
    config = await oidc.discovery(new URL(issuer.endpoint), client.clientId, undefined, oidc.None(), {
      execute: [oidc.allowInsecureRequests],
    });
  });
  afterAll(() => issuer.stop());
  afterEach(() => (later = 0));

  const visit = (address: string | URL, init?: RequestInit) => visitAt(issuer.endpoint, address, init);

  const begin = async (more: Record<string, string> = {}) => {
    const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
    const parameters = {
      redirect_uri: callback,
      scope: 'openid email profile',
      code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
      state: oidc.randomState(),
      nonce: oidc.randomNonce(),
      ...more,
    };
    const { state: expectedState, nonce: expectedNonce } = parameters;
    const checks = { pkceCodeVerifier, expectedState, expectedNonce };
    return { url: oidc.buildAuthorizationUrl(config, parameters), checks };
  };

  /** Follows the browser to the page and fills its form in, up to the address of the client. */
  const fillIn = async (url: URL, fields: Record<string, string> = {}): Promise<Step> => {
    const { location } = await visit(url);
    const body = new URLSearchParams({ email: 'Zhang@Example.com', ...fields });
    return visit(location, { method: 'POST', body });
  };

  const signIn = async (fields: Record<string, string> = {}) => {
    const { url, checks } = await begin();
    const { location, cookie } = await fillIn(url, fields);
    const tokens = await oidc.authorizationCodeGrant(config, new URL(location), {
      ...checks,
      idTokenExpected: true,
    });
    return { tokens, cookie };
  };

  const post = (path: string, body: Record<string, string>) =>
    visit(path, { method: 'POST', body: new URLSearchParams({ client_id: client.clientId, ...body }) });

  return {
    dataDir,
    now,
    endpoint: () => issuer.endpoint,
    config: () => config,
    wait: (seconds: number) => (later += seconds),
    visit,
    begin,
    fillIn,
    signIn,
    refresh: (token = '') => oidc.refreshTokenGrant(config, token),
    grant: (body: Record<string, string>) => post('/oauth2/token', body),
    revoke: (body: Record<string, string>) => post('/oauth2/revoke', body),
  };
};

export const errorOf = ({ status, text }: Step) => [status, (JSON.parse(text) as { error: string }).error];
