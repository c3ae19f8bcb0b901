import type { OidcClient } from './oidc-client.ts';

/** A request of a browser to sign in, which the client may make. */
export type AuthorizeRequest = {
  redirectUri: string;
  /** Separated by spaces. */
  scope: string;
  challenge: string;
  state: string | undefined;
  nonce: string | undefined;
  prompt: string | undefined;
};

type OAuthError = 'invalid_request' | 'invalid_scope' | 'unauthorized_client';

export type AuthorizeRead =
  | { outcome: 'accepted'; request: AuthorizeRequest }
  /** Nothing goes back to an address that the client does not have: it may belong to anybody. */
  | { outcome: 'refused'; why: string }
  /** The client learns what is wrong. */
  | { outcome: 'sent back'; error: OAuthError; redirectUri: string; state: string | undefined };

/**
 * Reads the parameters of `/oauth2/authorize` and `/login` as Cognito does, and more strictly: Cognito signs in a client that
 * forgets PKCE, and this one does not, so that its author notices here.
 */
export const readAuthorizeRequest = (parameters: URLSearchParams, client: OidcClient): AuthorizeRead => {
  const valueOf = (name: string): string | undefined => parameters.get(name) ?? undefined;
  if (valueOf('client_id') !== client.clientId) return { outcome: 'refused', why: 'Client does not exist.' };
  const redirectUri = valueOf('redirect_uri');
  if (redirectUri === undefined || !client.callbackUrls.includes(redirectUri))
    return { outcome: 'refused', why: 'redirect_mismatch' };

  const state = valueOf('state');
  const sentBack = (error: OAuthError): AuthorizeRead => ({
    outcome: 'sent back',
    error,
    redirectUri,
    state,
  });
  const isRepeated = [...new Set(parameters.keys())].some((name) => parameters.getAll(name).length > 1);
  if (isRepeated) return sentBack('invalid_request');
  const responseType = valueOf('response_type');
  if (responseType === 'token') return sentBack('unauthorized_client');
  if (responseType !== 'code') return sentBack('invalid_request');
  const challenge = valueOf('code_challenge');
  // A SHA-256 hash has 43 characters in base64url.
  if (valueOf('code_challenge_method') !== 'S256' || !challenge || !/^[\w-]{43}$/.test(challenge))
    return sentBack('invalid_request');
  const scopes = (valueOf('scope') ?? '').split(' ').filter((scope) => scope !== '');
  if (scopes.some((scope) => !client.scopes.includes(scope))) return sentBack('invalid_scope');
  const scope = (scopes.length > 0 ? scopes : client.scopes).join(' ');
  const request = {
    redirectUri,
    scope,
    challenge,
    state,
    nonce: valueOf('nonce'),
    prompt: valueOf('prompt'),
  };
  return { outcome: 'accepted', request };
};

/** The address at which the client learns how it went. */
export const backTo = (redirectUri: string, answer: Readonly<Record<string, string | undefined>>): string => {
  const url = new URL(redirectUri);
  for (const [name, value] of Object.entries(answer))
    if (value !== undefined) url.searchParams.append(name, value);
  return url.href;
};
