import { AwsError, type Operation } from '../http/aws-operation.ts';
import { readUser } from './users.ts';

/** The operations of Cognito's user pools that functions use, on this machine's users. */
export const userOperations = (dataDir: string): Record<string, Operation> => ({
  'AWSCognitoIdentityProviderService.AdminGetUser': ({ Username: name }) => {
    const user = readUser(dataDir, String(name));
    if (!user) throw new AwsError('UserNotFoundException', 'User does not exist.');
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
