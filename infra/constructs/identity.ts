import { Aws, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AccountRecovery,
  CfnUserPoolGroup,
  FeaturePlan,
  ManagedLoginVersion,
  Mfa,
  UserPool,
  UserPoolEmail,
  type UserPoolDomain,
} from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import type { Deployment } from './deployment.ts';
import type { Mail } from './mail.ts';
import type { CognitoSignIn } from './sign-in.ts';

type IdentityProps = {
  stage: Deployment['stage'];
  signIn: CognitoSignIn;
  mail: Mail;
  /** The carrier's name, for the sender of mails. */
  senderName: string;
};

/** The users: passengers sign up with their e-mail address; a person puts operators and gate staff into groups. */
export class Identity extends Construct {
  readonly userPool: UserPool;
  readonly domain: UserPoolDomain;
  readonly plan: CognitoSignIn['plan'];

  constructor(scope: Construct, id: string, { stage, signIn, mail, senderName }: IdentityProps) {
    super(scope, id);
    this.plan = signIn.plan;
    this.userPool = new UserPool(this, 'UserPool', {
      // A price per user who signs in during a month: see docs/adr/0021-users-sign-in-on-managed-login.md.
      featurePlan: signIn.plan === 'lite' ? FeaturePlan.LITE : FeaturePlan.ESSENTIALS,
      selfSignUpEnabled: true,
      signInAliases: { email: true },
      signInCaseSensitive: false,
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      autoVerify: { email: true },
      // We send tickets to the address, so a new address is valid only after its owner has confirmed it.
      keepOriginal: { email: true },
      email: emailOf(mail, senderName),
      standardAttributes: { email: { required: true, mutable: true } },
      passwordPolicy: {
        minLength: 12,
        requireLowercase: true,
        requireUppercase: true,
        requireDigits: true,
        requireSymbols: true,
        tempPasswordValidity: Duration.days(3),
      },
      mfa: Mfa.OPTIONAL,
      mfaSecondFactor: { otp: true, sms: false },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    // Cognito refuses a sender that does not exist yet.
    if (mail.identity && mail.isVerified) this.userPool.node.addDependency(mail.identity);
    acknowledge(this.userPool, {
      'AwsSolutions-COG2':
        'A second factor is offered to everyone and forced on no passenger who buys a ticket.',
      'AwsSolutions-COG8':
        'The Plus plan is priced per user; the gateway throttles and Cognito locks out guessing.',
    });

    for (const [groupName, description] of [
      ['operators', 'Staff who run timetables, sales and refunds'],
      ['gates', 'Staff and devices that check tickets in'],
    ] as const) {
      new CfnUserPoolGroup(this, groupName, {
        userPoolId: this.userPool.userPoolId,
        groupName,
        description,
      });
    }

    this.domain = this.#domainOf(stage, signIn);
  }

  /** The address of the pages on which users sign in. */
  get signInUrl(): string {
    return this.domain.baseUrl();
  }

  /** A prefix is unique among all accounts of a region, so it contains the account. */
  #domainOf(stage: Deployment['stage'], { plan, domain }: CognitoSignIn): UserPoolDomain {
    const managedLoginVersion =
      plan === 'lite' ? ManagedLoginVersion.CLASSIC_HOSTED_UI : ManagedLoginVersion.NEWER_MANAGED_LOGIN;
    if (!domain)
      return this.userPool.addDomain('Domain', {
        cognitoDomain: { domainPrefix: `keyun-${stage}-${Aws.ACCOUNT_ID}` },
        managedLoginVersion,
      });
    const certificate = Certificate.fromCertificateArn(this, 'Certificate', domain.certificateArn);
    return this.userPool.addDomain('Domain', {
      customDomain: { domainName: domain.name, certificate },
      managedLoginVersion,
    });
  }
}

/** Codes to confirm an address come from the carrier as soon as SES has verified its sender; until then, from Cognito. */
const emailOf = (mail: Mail, senderName: string): UserPoolEmail =>
  mail.isVerified
    ? UserPoolEmail.withSES({
        fromEmail: mail.from,
        fromName: senderName,
        sesRegion: Aws.REGION,
        configurationSetName: mail.configurationSetName,
        ...(mail.domain && { sesVerifiedDomain: mail.domain }),
      })
    : UserPoolEmail.withCognito();
