import { CfnOutput } from 'aws-cdk-lib';
import type { IHttpRouteAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpJwtAuthorizer, HttpUserPoolAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import type { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';
import type { Identity } from './identity.ts';
import { SignInApp } from './sign-in-app.ts';

/**
 * The check of tokens, and the client for which Cognito issues them. Outputs what a page or an app needs to sign users
 * in: the issuer, and the id of the client or the audience.
 */
export const makeSignIn = (
  scope: Construct,
  props: { deployment: Deployment; identity: Identity | undefined; publicUrl: string },
): IHttpRouteAuthorizer => {
  const { deployment, identity, publicUrl } = props;
  const { signIn, stage } = deployment;
  if (signIn.by === 'issuer') {
    new CfnOutput(scope, 'Issuer', { value: signIn.issuer });
    return new HttpJwtAuthorizer('SignedIn', signIn.issuer, { jwtAudience: [...signIn.audiences] });
  }
  if (!identity) throw new Error('Cognito signs users in, but there is no user pool');
  const { client } = new SignInApp(scope, 'SignIn', { identity, publicUrl, stage });
  new CfnOutput(scope, 'Issuer', { value: identity.userPool.userPoolProviderUrl });
  new CfnOutput(scope, 'UserPoolClientId', { value: client.userPoolClientId });
  return new HttpUserPoolAuthorizer('SignedIn', identity.userPool, { userPoolClients: [client] });
};
