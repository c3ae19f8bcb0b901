/** Cognito signs users in. `lite` has the older pages, in English only, and no rotation of refresh tokens. */
export type CognitoSignIn = {
  by: 'cognito';
  plan: 'essentials' | 'lite';
  /** The pages' own domain; its certificate is in us-east-1. Absent: a subdomain of Cognito's. */
  domain?: { name: string; certificateArn: string };
};

/** Any other issuer of OpenID Connect signs users in, such as where a region has no Cognito. */
export type IssuerSignIn = {
  by: 'issuer';
  /** The `iss` of its tokens; its keys are found by its `/.well-known/openid-configuration`. */
  issuer: string;
  /** The `aud` of its access tokens, or their `client_id` where they have no `aud`. */
  audiences: readonly [string, ...string[]];
};

/** Who signs users in. */
export type SignIn = CognitoSignIn | IssuerSignIn;
