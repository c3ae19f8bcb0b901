import { AwsError, type Operation } from '../http/aws-operation.ts';
import { addressOf, readPoolUsers } from './pool-users.ts';
import { readUser } from './users.ts';

/**
 * The operations of Cognito's user pools that functions use, on this machine's users: those who have signed in,
 * by their id, and those whom an administrator has made, by their address.
 */
export const userOperations = (dataDir: string): Record<string, Operation> => ({
  'AWSCognitoIdentityProviderService.AdminGetUser': ({ Username: name }) => {
    const user = readUser(dataDir, String(name));
    if (!user) return madeByAdministrator(dataDir, name);
    const { sub, email } = user;
    return {
      Username: sub,
      Enabled: true,
      UserStatus: 'CONFIRMED',
      UserAttributes: [
        { Name: 'email', Value: email },
        { Name: 'email_verified', Value: 'true' },
        { Name: 'sub', Value: sub },
      ],
    };
  },
});

const madeByAdministrator = (dataDir: string, name: unknown) => {
  const user = readPoolUsers(dataDir)[addressOf(name)];
  if (!user) throw new AwsError('UserNotFoundException', 'User does not exist.');
  const { email, status } = user;
  return {
    Username: email,
    Enabled: true,
    UserStatus: status,
    UserAttributes: [
      { Name: 'email', Value: email },
      { Name: 'email_verified', Value: 'true' },
    ],
  };
};
