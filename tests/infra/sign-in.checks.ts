import { assembly, functionNamed, joined, ofType, target, type Template } from './synthesis.ts';

let whole: Template;
beforeAll(() => {
  ({ whole } = assembly());
}, 120_000);

const one = (type: string) => {
  const [[id, resource] = []] = ofType(whole, type);
  if (!id || !resource) throw new Error(`there is no ${type}`);
  return { id, properties: resource.Properties };
};

const client = () => one('AWS::Cognito::UserPoolClient').properties;

describe('the client of pages and apps', () => {
  test('is public and signs in by a code alone', () => {
    expect(client()).toMatchObject({
      GenerateSecret: false,
      AllowedOAuthFlowsUserPoolClient: true,
      AllowedOAuthFlows: ['code'],
      AllowedOAuthScopes: ['openid', 'email', 'profile', 'aws.cognito.signin.user.admin'],
      SupportedIdentityProviders: ['COGNITO'],
      PreventUserExistenceErrors: 'ENABLED',
      EnableTokenRevocation: true,
    });
  });

  test('uses each refresh token once, and offers no other way to refresh', () => {
    expect(client()).toMatchObject({
      RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 10 },
      ExplicitAuthFlows: ['ALLOW_ADMIN_USER_PASSWORD_AUTH'],
    });
  });

  const addresses = (name: 'CallbackURLs' | 'LogoutURLs') => (client()[name] as []).map(joined);

  test('comes back to the pages and, on dev, to programs on the developer’s machine', () => {
    const api = one('AWS::ApiGatewayV2::Api').id;
    const local = [3000, 5173, 3009].flatMap((port) => [
      `http://localhost:${port}`,
      `http://127.0.0.1:${port}`,
    ]);
    const origins = [`\${${api}}`, ...local];
    expect(addresses('CallbackURLs')).toEqual(origins.map((origin) => `${origin}/signed-in`));
    expect(addresses('LogoutURLs')).toEqual(origins.map((origin) => `${origin}/`));
  });
});

describe('the pages for signing in', () => {
  test('are managed login, which is part of the Essentials plan and needs a branding', () => {
    const { id: pool, properties } = one('AWS::Cognito::UserPool');
    expect(properties['UserPoolTier']).toBe('ESSENTIALS');
    const domain = one('AWS::Cognito::UserPoolDomain').properties;
    expect(domain['ManagedLoginVersion']).toBe(2);
    expect(joined(domain['Domain'])).toBe('keyun-dev-${AWS::AccountId}');
    const branding = one('AWS::Cognito::ManagedLoginBranding').properties;
    expect(branding['UseCognitoProvidedValues']).toBe(true);
    expect(target(branding['UserPoolId'])).toBe(pool);
    expect(target(branding['ClientId'])).toBe(one('AWS::Cognito::UserPoolClient').id);
  });
});

test('the mail’s function alone may look users up, in the one user pool', () => {
  const { id: pool } = one('AWS::Cognito::UserPool');
  const granted = ofType(whole, 'AWS::IAM::Policy').filter(([, policy]) =>
    JSON.stringify(policy).includes('cognito-idp:'),
  );
  expect(granted.map(([id]) => id.slice(0, -8))).toEqual(['EventsSendEmailRoleDefaultPolicy']);
  expect(JSON.stringify(granted)).toContain(
    JSON.stringify({
      Action: 'cognito-idp:AdminGetUser',
      Effect: 'Allow',
      Resource: { 'Fn::GetAtt': [pool, 'Arn'] },
    }),
  );
  const [, { Properties: properties }] = functionNamed(whole, 'events/send-email');
  expect(properties).toHaveProperty('Environment.Variables.USER_POOL_ID', { Ref: pool });
});
