import { Duration } from 'aws-cdk-lib';
import { CfnManagedLoginBranding, OAuthScope, UserPoolClient as UserPoolApp } from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';
import type { Identity } from './identity.ts';

/** Where a browser comes back to after it has signed in or out, below the address of the pages. */
const paths = { signedIn: '/signed-in', signedOut: '/' };

/**
 * Programs on a developer's machine: the API with its pages, the pages' own server, and the program of
 * docs/how-to/sign-in.md. Cognito takes plain http for these two hosts alone, and compares the whole address.
 */
const localPorts = { api: 3000, pages: 5173, commandLine: 3009 };

const localAddresses = Object.values(localPorts).flatMap((port) => [
  `http://localhost:${port}`,
  `http://127.0.0.1:${port}`,
]);

/**
 * The client of the pages and of apps: authorization code with PKCE. It is public, so it has no secret. It stands where
 * the address of the pages is known.
 */
export class SignInApp extends Construct {
  readonly client: UserPoolApp;

  constructor(
    scope: Construct,
    id: string,
    { identity, publicUrl, stage }: { identity: Identity; publicUrl: string; stage: Deployment['stage'] },
  ) {
    super(scope, id);
    const pages = [publicUrl.replace(/\/$/, ''), ...(stage === 'dev' ? localAddresses : [])];
    const isLite = identity.plan === 'lite';
    this.client = new UserPoolApp(this, 'Client', {
      userPool: identity.userPool,
      generateSecret: false,
      oAuth: {
        flows: { authorizationCodeGrant: true, implicitCodeGrant: false, clientCredentials: false },
        // The last one lets users change their own password and address.
        scopes: [OAuthScope.OPENID, OAuthScope.EMAIL, OAuthScope.PROFILE, OAuthScope.COGNITO_ADMIN],
        callbackUrls: pages.map((address) => address + paths.signedIn),
        logoutUrls: pages.map((address) => address + paths.signedOut),
      },
      // Only for a person with AWS credentials who signs a user in from the command line.
      authFlows: { adminUserPassword: true },
      // The same answer for a wrong password and for an unknown address.
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      accessTokenValidity: Duration.hours(1),
      idTokenValidity: Duration.hours(1),
      refreshTokenValidity: Duration.days(30),
      // Every refresh token is used once. Two tabs that refresh at the same moment both succeed.
      ...(!isLite && { refreshTokenRotationGracePeriod: Duration.seconds(10) }),
    });
    // Without it, the pages of managed login say that they are unavailable.
    if (!isLite)
      new CfnManagedLoginBranding(this, 'Branding', {
        userPoolId: identity.userPool.userPoolId,
        clientId: this.client.userPoolClientId,
        useCognitoProvidedValues: true,
      });
  }
}
