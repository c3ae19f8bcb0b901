import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  AccountRecovery,
  CfnUserPoolGroup,
  Mfa,
  UserPool,
  type UserPoolClient,
} from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';

/** The users: passengers sign up with their e-mail address; a person puts operators and gate staff into groups. */
export class Identity extends Construct {
  readonly userPool: UserPool;
  readonly client: UserPoolClient;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.userPool = new UserPool(this, 'UserPool', {
      selfSignUpEnabled: true,
      signInAliases: { email: true },
      signInCaseSensitive: false,
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      autoVerify: { email: true },
      // We send tickets to the address, so a new address is valid only after its owner has confirmed it.
      keepOriginal: { email: true },
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

    this.client = this.userPool.addClient('Client', {
      // The second needs AWS credentials: `keyun smoke` signs a user of its own in.
      authFlows: { userSrp: true, adminUserPassword: true },
      disableOAuth: true,
      // The same answer for a wrong password and for an unknown address.
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      accessTokenValidity: Duration.hours(1),
      idTokenValidity: Duration.hours(1),
      refreshTokenValidity: Duration.days(30),
    });
  }
}
