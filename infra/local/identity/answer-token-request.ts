import { createHash } from 'node:crypto';
import { issueAccessToken, issueIdToken } from './issue-tokens.ts';
import type { IssuerKey } from './issuer-keys.ts';
import type { OidcClient } from './oidc-client.ts';
import type { SignIn, SignIns } from './sign-ins.ts';
import { readUser } from './users.ts';

export type IssuerParts = {
  issuer: string;
  dataDir: string;
  key: IssuerKey;
  client: OidcClient;
  signIns: SignIns;
  /** In seconds since 1970, by the machine's clock: tokens do not follow a scaled one. */
  now: () => number;
};

export type JsonAnswer = { status: number; body?: Record<string, unknown> };

const refused = (error: string): JsonAnswer => ({ status: 400, body: { error } });

/** Answers `/oauth2/token`: tokens for a code, or for a refresh token. */
export const answerTokenRequest = async (form: URLSearchParams, parts: IssuerParts): Promise<JsonAnswer> => {
  if (form.get('client_id') !== parts.client.clientId) return refused('invalid_client');
  switch (form.get('grant_type')) {
    case 'authorization_code':
      return redeemCode(form, parts);
    case 'refresh_token':
      return refresh(form, parts);
    case null:
      return refused('invalid_request');
    default:
      return refused('unsupported_grant_type');
  }
};

const redeemCode = async (form: URLSearchParams, parts: IssuerParts): Promise<JsonAnswer> => {
  const code = form.get('code');
  if (!code || !form.get('redirect_uri')) return refused('invalid_request');
  // Whoever shows a code has used it up, even with a wrong verifier.
  const redeemed = parts.signIns.redeem(code);
  if (!redeemed) return refused('invalid_grant');
  const { signIn, request } = redeemed;
  const isSameClient =
    form.get('redirect_uri') === request.redirectUri &&
    challengeOf(form.get('code_verifier') ?? '') === request.challenge;
  if (!isSameClient) return refused('invalid_grant');
  const expiresAt = parts.now() + parts.client.refreshTokenSeconds;
  const refreshToken = parts.signIns.makeRefresh(signIn, expiresAt);
  return tokensFor(signIn, parts, { nonce: request.nonce, refreshToken });
};

const refresh = async (form: URLSearchParams, parts: IssuerParts): Promise<JsonAnswer> => {
  const { signIns, client } = parts;
  const token = form.get('refresh_token');
  if (!token) return refused('invalid_request');
  const used = signIns.use(token, client.rotationGraceSeconds);
  if (!used) return refused('invalid_grant');
  const { signIn, expiresAt } = used;
  // The next token ends when the first would have ended.
  const refreshToken =
    client.rotationGraceSeconds === undefined ? undefined : signIns.makeRefresh(signIn, expiresAt);
  return tokensFor(signIn, parts, { nonce: undefined, refreshToken });
};

const challengeOf = (verifier: string): string => createHash('sha256').update(verifier).digest('base64url');

const tokensFor = async (
  signIn: SignIn,
  { issuer, dataDir, key, client, now }: IssuerParts,
  { nonce, refreshToken }: { nonce: string | undefined; refreshToken: string | undefined },
): Promise<JsonAnswer> => {
  const user = readUser(dataDir, signIn.sub);
  if (!user) return refused('invalid_grant');
  const signedIn = { ...signIn, issuer, clientId: client.clientId, user };
  const at = now();
  const accessToken = await issueAccessToken(key, signedIn, { now: at, seconds: client.accessTokenSeconds });
  const isOpenId = signIn.scope.split(' ').includes('openid');
  const idToken = isOpenId
    ? await issueIdToken(key, signedIn, { now: at, seconds: client.idTokenSeconds, accessToken, nonce })
    : undefined;
  return {
    status: 200,
    body: {
      ...(idToken && { id_token: idToken }),
      access_token: accessToken,
      ...(refreshToken && { refresh_token: refreshToken }),
      expires_in: client.accessTokenSeconds,
      token_type: 'Bearer',
    },
  };
};

/** Answers `/oauth2/revoke`: the sign-in of this refresh token ends. A token that nobody knows is as good as revoked. */
export const answerRevocation = (form: URLSearchParams, { client, signIns }: IssuerParts): JsonAnswer => {
  const token = form.get('token');
  if (!token) return refused('invalid_request');
  if (form.get('client_id') !== client.clientId) return { status: 401, body: { error: 'invalid_client' } };
  if (!signIns.revoke(token) && token.split('.').length === 3) return refused('unsupported_token_type');
  return { status: 200 };
};
