import { userIdSchema } from '../../shared/platform/ids.ts';
import type { Caller } from './api-request.ts';
import type { Check } from './draft.ts';

export const nobody: Caller = { userId: '', email: undefined, groups: [] };

/**
 * API Gateway passes a list in a claim as the text `[gates operators]`. Spaces separate the groups; a group's name can
 * contain commas but no spaces.
 */
export const groupsOf = (claim: unknown): string[] => {
  if (Array.isArray(claim)) return claim.filter((group) => typeof group === 'string');
  if (typeof claim !== 'string') return [];
  const list = claim.startsWith('[') && claim.endsWith(']') ? claim.slice(1, -1) : claim;
  return list.split(' ').filter((group) => group !== '');
};

/** The authorizer's verified claims: API Gateway checks the signature before it calls the function. */
const claimsOf = (event: object): Record<string, unknown> => {
  const context = (event as { requestContext?: { authorizer?: { jwt?: { claims?: unknown } } } })
    .requestContext;
  const claims = context?.authorizer?.jwt?.claims;
  return typeof claims === 'object' && claims !== null ? (claims as Record<string, unknown>) : {};
};

/** API Gateway passes a claim that is true as text. */
const isTrue = (claim: unknown): boolean => claim === true || claim === 'true';

/**
 * The gateway takes an id token as gladly as an access token, since nothing in a JWT tells them apart. Cognito's
 * `token_use` does; where another issuer has none, the audience is of its access tokens alone. An id token is for the
 * client that asked for it: it lives on in logs and storage, and nobody can revoke it.
 */
const isAccess = ({ token_use: use }: Record<string, unknown>): boolean =>
  use === undefined || use === 'access';

/** Identifies the caller and checks that the route is for them. A route for anyone ignores tokens. */
export const identifyCaller: Check = (draft) => {
  const wanted = draft.route.caller;
  if (wanted === 'anyone' || wanted === 'provider') return undefined;
  const claims = claimsOf(draft.event);
  const userId = userIdSchema.safeParse(claims.sub);
  if (!userId.success || !isAccess(claims)) return { reason: 'unauthorized' };
  // Another issuer than Cognito names the groups by the usual claim.
  const groups = groupsOf(claims['cognito:groups'] ?? claims.groups);
  draft.caller = {
    userId: userId.data,
    email: typeof claims.email === 'string' && isTrue(claims.email_verified) ? claims.email : undefined,
    groups,
  };
  return wanted === 'passenger' || groups.includes(wanted) ? undefined : { reason: 'forbidden' };
};
