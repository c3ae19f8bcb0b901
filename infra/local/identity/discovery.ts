/** The description of the issuer, with the fields of Cognito's. */
export const discoveryOf = (issuer: string): Record<string, unknown> => ({
  authorization_endpoint: `${issuer}/oauth2/authorize`,
  end_session_endpoint: `${issuer}/logout`,
  id_token_signing_alg_values_supported: ['RS256'],
  issuer,
  jwks_uri: `${issuer}/.well-known/jwks.json`,
  response_types_supported: ['code', 'token'],
  revocation_endpoint: `${issuer}/oauth2/revoke`,
  scopes_supported: ['openid', 'email', 'phone', 'profile'],
  subject_types_supported: ['public'],
  token_endpoint: `${issuer}/oauth2/token`,
  token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
  userinfo_endpoint: `${issuer}/oauth2/userInfo`,
});
