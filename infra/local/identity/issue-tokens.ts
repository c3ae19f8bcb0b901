import { createHash, randomUUID } from 'node:crypto';
import { importJWK, SignJWT, type JWTPayload } from 'jose';
import { issuerKey, type IssuerKey } from './issuer-keys.ts';
import { signUp, type User } from './users.ts';

/** A user who has signed in with a client; all tokens of this sign-in share its `originJti`. */
export type SignedIn = {
  issuer: string;
  clientId: string;
  user: User;
  groups: readonly string[];
  /** Separated by spaces. */
  scope: string;
  /** In seconds since 1970, like all times in tokens. */
  authTime: number;
  originJti: string;
};

export type Validity = { now: number; seconds: number };

/** An access token with the claims of Cognito's: whom it is for, but not their address. */
export const issueAccessToken = (key: IssuerKey, signedIn: SignedIn, validity: Validity): Promise<string> => {
  const { clientId, scope, user } = signedIn;
  return signed(key, signedIn, validity, {
    version: 2,
    client_id: clientId,
    token_use: 'access',
    scope,
    username: user.sub,
  });
};

/** An id token with the claims of Cognito's. It tells a client who has signed in, and opens no route of the API. */
export const issueIdToken = (
  key: IssuerKey,
  signedIn: SignedIn,
  { accessToken, nonce, ...validity }: Validity & { accessToken: string; nonce: string | undefined },
): Promise<string> => {
  const { clientId, user } = signedIn;
  return signed(key, signedIn, validity, {
    aud: clientId,
    token_use: 'id',
    at_hash: halfHash(accessToken),
    'cognito:username': user.sub,
    email: user.email,
    email_verified: true,
    ...(nonce !== undefined && { nonce }),
  });
};

const signed = async (
  key: IssuerKey,
  { issuer, user, groups, authTime, originJti }: SignedIn,
  { now, seconds }: Validity,
  claims: JWTPayload,
): Promise<string> =>
  new SignJWT({
    sub: user.sub,
    ...(groups.length > 0 && { 'cognito:groups': groups }),
    iss: issuer,
    origin_jti: originJti,
    event_id: randomUUID(),
    auth_time: authTime,
    iat: now,
    exp: now + seconds,
    jti: randomUUID(),
    ...claims,
  })
    .setProtectedHeader({ alg: 'RS256', kid: key.kid })
    .sign(await importJWK(key, 'RS256'));

/** The left half of the hash ties an id token to its access token (OpenID Connect Core, 3.1.3.6). */
const halfHash = (token: string): string =>
  createHash('sha256').update(token).digest().subarray(0, 16).toString('base64url');

/** Longer than Cognito's hour, so that a token from the morning still works at noon. */
export const commandHours = 12;

/** An access token for a program on this machine, without a page: the owner of the data folder may be anybody. */
export const tokenFor = async (
  dataDir: string,
  wish: { issuer: string; clientId: string; email: string; groups: readonly string[] },
): Promise<string> => {
  const { issuer, clientId, email, groups } = wish;
  const key = await issuerKey(dataDir);
  const now = Math.floor(Date.now() / 1000);
  const user = signUp(dataDir, key, email);
  const scope = 'openid email profile';
  const signedIn = { issuer, clientId, user, groups, scope, authTime: now, originJti: randomUUID() };
  return issueAccessToken(key, signedIn, { now, seconds: commandHours * 3600 });
};
