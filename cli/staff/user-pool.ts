import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { awsClient, type CallLimits } from '../../shared/platform/aws-client.ts';
import { CommandFailure } from '../connect.ts';

/** A person waits for the answer. */
const limits: CallLimits = { attempts: 3, attemptMilliseconds: 8000, connectMilliseconds: 3000 };

/** The users of the local run, or of the deployment that `--stack` names. */
export type UserPool = { client: CognitoIdentityProviderClient; UserPoolId: string; close(): void };

/** Throws a `CommandFailure` if nothing runs here, or if the deployment has no user pool. */
export const openUserPool = (): UserPool => {
  const { USER_POOL_ID: UserPoolId, TIMETABLE_TABLE } = process.env;
  if (!TIMETABLE_TABLE)
    throw new CommandFailure(
      'Keyun is not running here: start it first (npm start), or name a deployment with --stack',
    );
  if (!UserPoolId)
    throw new CommandFailure('this deployment has no user pool: make users where its issuer has them');
  const client = awsClient(CognitoIdentityProviderClient, limits);
  return { client, UserPoolId, close: () => client.destroy() };
};

/** Whether AWS refused with this error. */
export const isRefusal = (error: unknown, name: string): boolean =>
  error instanceof Error && error.name === name;
