import { importJWK, jwtVerify } from 'jose';
import type { IssuerParts, JsonAnswer } from './answer-token-request.ts';
import { publicKeyOf } from './issuer-keys.ts';
import { readUser } from './users.ts';

const invalid: JsonAnswer = {
  status: 401,
  body: {
    error: 'invalid_token',
    error_description: 'Access token is expired, disabled, or deleted, or the user has globally signed out.',
  },
};

/** Answers `/oauth2/userInfo`: what the access token's scopes show of its user. Cognito writes `email_verified` as text. */
export const answerUserInfo = async (
  authorization: string | undefined,
  { issuer, dataDir, key, signIns, now }: IssuerParts,
): Promise<JsonAnswer> => {
  const token = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1];
  if (!token) return { status: 400, body: { error: 'invalid_request' } };
  try {
    const { payload } = await jwtVerify(token, await importJWK(publicKeyOf(key), 'RS256'), {
      issuer,
      algorithms: ['RS256'],
      requiredClaims: ['exp', 'sub', 'scope', 'origin_jti'],
      currentDate: new Date(now() * 1000),
    });
    const scopes = String(payload['scope']).split(' ');
    const user = readUser(dataDir, String(payload.sub));
    if (payload['token_use'] !== 'access' || !scopes.includes('openid') || !user) return invalid;
    if (signIns.isRevoked(String(payload['origin_jti']))) return invalid;
    const { sub, email } = user;
    const showsEmail = scopes.includes('email') || !scopes.includes('profile');
    return {
      status: 200,
      body: { sub, ...(showsEmail && { email_verified: 'true', email }), username: sub },
    };
  } catch {
    return invalid;
  }
};
