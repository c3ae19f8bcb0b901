import { createRemoteJWKSet, jwtVerify, type JWTPayload } from 'jose';

export type JwtContext = { jwt: { claims: Record<string, string>; scopes: null } };

export type Authorizer = (
  authorization: string | undefined,
) => Promise<{ outcome: 'allowed'; context: JwtContext } | { outcome: 'unauthorized'; why: string }>;

/** `iat` has whole seconds; a clock that was rounded up is not a fault. */
const millisecondsOfIssuing = 1000;

/**
 * Checks a bearer token as API Gateway's JWT authorizer does: signature by the issuer's published keys (RSA only),
 * issuer, `exp`, `nbf` and `iat` by the machine's clock, and `aud`, or `client_id` where there is no `aud`. An id token
 * passes like an access token: the function tells them apart.
 */
export const makeAuthorizer = (issuer: string, audiences: readonly string[]): Authorizer => {
  const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`));
  return async (authorization) => {
    const token = authorization?.replace(/^Bearer /i, '').trim();
    if (!token) return { outcome: 'unauthorized', why: 'no token' };
    try {
      const { payload, protectedHeader } = await jwtVerify(token, keys, {
        issuer,
        algorithms: ['RS256', 'RS384', 'RS512'],
        requiredClaims: ['exp'],
      });
      if (protectedHeader.kid === undefined) return { outcome: 'unauthorized', why: 'no key id' };
      if (payload.iat !== undefined && payload.iat * 1000 > Date.now() + millisecondsOfIssuing)
        return { outcome: 'unauthorized', why: 'issued in the future' };
      const meant = payload.aud ?? payload['client_id'];
      if (![meant].flat().some((one) => audiences.includes(String(one))))
        return { outcome: 'unauthorized', why: 'not for this audience' };
      return { outcome: 'allowed', context: { jwt: { claims: claimsOf(payload), scopes: null } } };
    } catch (error) {
      return { outcome: 'unauthorized', why: error instanceof Error ? error.message : 'not valid' };
    }
  };
};

/** Every claim arrives as text. A list arrives as its entries between brackets, separated by spaces. */
const claimsOf = (payload: JWTPayload): Record<string, string> =>
  Object.fromEntries(Object.entries(payload).map(([name, value]) => [name, textOf(value)]));

const textOf = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(String).join(' ')}]`;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};
