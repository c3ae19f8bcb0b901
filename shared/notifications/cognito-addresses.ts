import {
  AdminGetUserCommand,
  CognitoIdentityProviderClient,
  UserNotFoundException,
} from '@aws-sdk/client-cognito-identity-provider';
import { awsClient, functionLimits } from '../platform/aws-client.ts';
import type { FindConfirmedAddress } from './confirmed-address.ts';

/** The addresses of the users of a Cognito user pool. The id of a user is also their name there. */
export const cognitoAddresses = ({
  userPoolId,
  client = awsClient(CognitoIdentityProviderClient, functionLimits),
}: {
  userPoolId: string;
  client?: CognitoIdentityProviderClient;
}): FindConfirmedAddress => {
  return async (userId) => {
    try {
      const wish = new AdminGetUserCommand({ UserPoolId: userPoolId, Username: userId });
      const { UserAttributes: attributes = [] } = await client.send(wish);
      const valueOf = (name: string) => attributes.find(({ Name }) => Name === name)?.Value;
      return valueOf('email_verified') === 'true' ? valueOf('email') : undefined;
    } catch (error) {
      if (error instanceof UserNotFoundException) return undefined;
      throw error;
    }
  };
};
