import * as z from 'zod';
import type { Deployment } from '../template/deployment.ts';
import { number } from '../template/template-shapes.ts';

/** The client that may sign users in here, with Cognito's settings. */
export type OidcClient = {
  clientId: string;
  callbackUrls: readonly string[];
  logoutUrls: readonly string[];
  scopes: readonly string[];
  accessTokenSeconds: number;
  idTokenSeconds: number;
  refreshTokenSeconds: number;
  /** How long a refresh token that was used stays good; undefined if it can be used again and again. */
  rotationGraceSeconds: number | undefined;
};

const clientSchema = z.object({
  AllowedOAuthFlows: z.tuple([z.literal('code')]),
  AllowedOAuthScopes: z.array(z.string()),
  CallbackURLs: z.array(z.string()),
  LogoutURLs: z.array(z.string()).default([]),
  GenerateSecret: z.literal(false),
  AccessTokenValidity: number,
  IdTokenValidity: number,
  RefreshTokenValidity: number,
  TokenValidityUnits: z.object({
    AccessToken: z.literal('minutes'),
    IdToken: z.literal('minutes'),
    RefreshToken: z.literal('minutes'),
  }),
  RefreshTokenRotation: z
    .object({ Feature: z.literal('ENABLED'), RetryGracePeriodSeconds: number })
    .optional(),
});

const authorizerSchema = z.object({ JwtConfiguration: z.object({ Audience: z.array(z.string()) }) });

/**
 * The template's client. If another issuer signs users in, this one stands in for it: tokens of the command line open the API,
 * and no page can come back.
 */
export const readClient = (deployment: Deployment): OidcClient => {
  const [client] = deployment.all('AWS::Cognito::UserPoolClient', clientSchema);
  if (!client) return standIn(deployment);
  const { properties, ref: clientId } = client;
  return {
    clientId,
    callbackUrls: properties.CallbackURLs,
    logoutUrls: properties.LogoutURLs,
    scopes: properties.AllowedOAuthScopes,
    accessTokenSeconds: properties.AccessTokenValidity * 60,
    idTokenSeconds: properties.IdTokenValidity * 60,
    refreshTokenSeconds: properties.RefreshTokenValidity * 60,
    rotationGraceSeconds: properties.RefreshTokenRotation?.RetryGracePeriodSeconds,
  };
};

const standIn = (deployment: Deployment): OidcClient => {
  const { properties } = deployment.one('AWS::ApiGatewayV2::Authorizer', authorizerSchema);
  return {
    clientId: properties.JwtConfiguration.Audience[0] ?? '',
    callbackUrls: [],
    logoutUrls: [],
    scopes: ['openid'],
    accessTokenSeconds: 3600,
    idTokenSeconds: 3600,
    refreshTokenSeconds: 3600,
    rotationGraceSeconds: undefined,
  };
};
