import type { OidcClient } from '../../infra/local/identity/oidc-client.ts';

/** A client as the template has it. */
export const sampleClient: OidcClient = {
  clientId: 'the-client',
  callbackUrls: ['http://127.0.0.1:3000/signed-in', 'https://coach.example/signed-in'],
  logoutUrls: ['http://127.0.0.1:3000/'],
  scopes: ['openid', 'email', 'profile', 'aws.cognito.signin.user.admin'],
  accessTokenSeconds: 3600,
  idTokenSeconds: 3600,
  refreshTokenSeconds: 30 * 24 * 3600,
  rotationGraceSeconds: 10,
};
