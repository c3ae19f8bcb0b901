import {
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminInitiateAuthCommand,
  AdminSetUserPasswordCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { randomBytes } from 'node:crypto';
import { CommandFailure } from '../connect.ts';
import { isRefusal, type UserPool } from '../staff/user-pool.ts';

/** Amazon's own mailbox for tests: mail to it is delivered, also in SES's sandbox, and counts for nothing. */
export const addressOf = (mark: string): string => `success+${mark}@simulator.amazonses.com`;

/**
 * Makes a user who lives as long as the smoke test, with a password that nobody sees, and signs them in: an access token as
 * the pages get one. Nobody gets a mail. It takes the rights of an administrator, and a client with the flow for them.
 */
export const signInTestUser = async (
  { client, UserPoolId }: UserPool,
  { email, ClientId }: { email: string; ClientId: string },
): Promise<string> => {
  const user = { UserPoolId, Username: email };
  const password = `${randomBytes(18).toString('base64url')}aA1!`;
  const attributes = [
    { Name: 'email', Value: email },
    { Name: 'email_verified', Value: 'true' },
  ];
  await client.send(
    new AdminCreateUserCommand({ ...user, UserAttributes: attributes, MessageAction: 'SUPPRESS' }),
  );
  await client.send(new AdminSetUserPasswordCommand({ ...user, Password: password, Permanent: true }));
  const { AuthenticationResult, ChallengeName } = await client.send(
    new AdminInitiateAuthCommand({
      UserPoolId,
      ClientId,
      AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: email, PASSWORD: password },
    }),
  );
  const token = AuthenticationResult?.AccessToken;
  if (!token) throw new CommandFailure(`Cognito gives no token, but asks for ${ChallengeName ?? 'nothing'}`);
  return token;
};

export const deleteTestUser = async ({ client, UserPoolId }: UserPool, email: string): Promise<void> => {
  try {
    await client.send(new AdminDeleteUserCommand({ UserPoolId, Username: email }));
  } catch (error) {
    if (!isRefusal(error, 'UserNotFoundException')) throw error;
  }
};
