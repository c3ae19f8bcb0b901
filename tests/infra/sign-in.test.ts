import { App, Stack } from 'aws-cdk-lib';
import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpUrlIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Identity } from '../../infra/constructs/identity.ts';
import { Mail } from '../../infra/constructs/mail.ts';
import type { Deployment } from '../../infra/constructs/deployment.ts';
import { makeSignIn } from '../../infra/constructs/make-sign-in.ts';
import type { CognitoSignIn, SignIn } from '../../infra/constructs/sign-in.ts';

const cognito: CognitoSignIn = { by: 'cognito', plan: 'essentials' };

const sample: Omit<Deployment, 'signIn'> = {
  stage: 'prod',
  carrier: 'eu-coach',
  mailFrom: 'tickets@coach.example',
  mailIdentity: 'domain',
  mailVerified: false,
  concurrency: 10,
  gatewayRate: 2500,
  detailedMetrics: false,
  release: 'gradual',
  hasFirewall: false,
};

/** A stack with nothing but an API whose one route is for users who have signed in. */
const stackWith = (signIn: SignIn, more: Partial<Deployment> = {}) => {
  const stack = new Stack(new App(), 'Stack');
  const deployment = { ...sample, ...more, signIn };
  const { stage } = deployment;
  const mail = new Mail(stack, 'Mail', deployment);
  const identity =
    signIn.by === 'cognito'
      ? new Identity(stack, 'Identity', { stage, signIn, mail, senderName: '客运 Coach' })
      : undefined;
  new HttpApi(stack, 'Api').addRoutes({
    path: '/',
    methods: [HttpMethod.GET],
    integration: new HttpUrlIntegration('Answer', 'https://coach.example'),
    authorizer: makeSignIn(stack, { deployment, identity, publicUrl: 'https://coach.example/' }),
  });
  return Template.fromStack(stack);
};

test('the client of prod comes back to the public address alone', () => {
  stackWith(cognito).hasResourceProperties('AWS::Cognito::UserPoolClient', {
    CallbackURLs: ['https://coach.example/signed-in'],
    LogoutURLs: ['https://coach.example/'],
  });
});

test('the Lite plan has the older pages, without branding and rotation', () => {
  const template = stackWith({ ...cognito, plan: 'lite' });
  template.hasResourceProperties('AWS::Cognito::UserPool', { UserPoolTier: 'LITE' });
  template.hasResourceProperties('AWS::Cognito::UserPoolDomain', { ManagedLoginVersion: 1 });
  template.resourceCountIs('AWS::Cognito::ManagedLoginBranding', 0);
  const [client] = Object.values(template.findResources('AWS::Cognito::UserPoolClient'));
  expect(client?.['Properties']).not.toHaveProperty('RefreshTokenRotation');
  expect(client).toHaveProperty('Properties.ExplicitAuthFlows', [
    'ALLOW_ADMIN_USER_PASSWORD_AUTH',
    'ALLOW_REFRESH_TOKEN_AUTH',
  ]);
});

test('the pages may stand on a domain of the carrier', () => {
  const certificateArn = 'arn:aws:acm:us-east-1:111122223333:certificate/0000-1111';
  const domain = { name: 'sign-in.coach.example', certificateArn };
  stackWith({ ...cognito, domain }).hasResourceProperties('AWS::Cognito::UserPoolDomain', {
    Domain: domain.name,
    CustomDomainConfig: { CertificateArn: certificateArn },
    ManagedLoginVersion: 2,
  });
});

test('where another issuer signs users in, its tokens are checked and there are no users here', () => {
  const issuer = 'https://id.coach.example/realms/coach';
  const template = stackWith({ by: 'issuer', issuer, audiences: ['keyun', 'keyun-desk'] });
  template.hasResourceProperties('AWS::ApiGatewayV2::Authorizer', {
    AuthorizerType: 'JWT',
    JwtConfiguration: { Issuer: issuer, Audience: ['keyun', 'keyun-desk'] },
  });
  template.hasResourceProperties('AWS::ApiGatewayV2::Route', { AuthorizationType: 'JWT' });
  expect(JSON.stringify(template.toJSON())).not.toContain('AWS::Cognito');
});

describe('mails with codes to confirm an address', () => {
  test('come from Cognito’s own address until SES has verified the sender', () => {
    stackWith(cognito).hasResourceProperties('AWS::Cognito::UserPool', {
      EmailConfiguration: { EmailSendingAccount: 'COGNITO_DEFAULT' },
    });
  });

  const ses = (identity: string) => ({
    EmailConfiguration: {
      EmailSendingAccount: 'DEVELOPER',
      From: `=?UTF-8?B?${Buffer.from('客运 Coach').toString('base64')}?= <tickets@coach.example>`,
      ConfigurationSet: Match.anyValue(),
      SourceArn: {
        'Fn::Join': [
          '',
          [
            'arn:',
            { Ref: 'AWS::Partition' },
            ':ses:',
            { Ref: 'AWS::Region' },
            ':',
            { Ref: 'AWS::AccountId' },
            `:identity/${identity}`,
          ],
        ],
      },
    },
  });

  test('then come from the carrier by SES, which knows the sender before Cognito uses it', () => {
    const template = stackWith(cognito, { mailVerified: true });
    template.hasResourceProperties('AWS::Cognito::UserPool', ses('coach.example'));
    const [identity] = Object.keys(template.findResources('AWS::SES::EmailIdentity'));
    template.hasResource('AWS::Cognito::UserPool', { DependsOn: [identity] });
  });

  test('name the address where SES knows only that', () => {
    const template = stackWith(cognito, { mailVerified: true, mailIdentity: 'existing-address' });
    template.hasResourceProperties('AWS::Cognito::UserPool', ses('tickets@coach.example'));
  });
});
