import * as z from 'zod';
import { AwsError, type Operation } from '../http/aws-operation.ts';
import type { Deployment } from '../template/deployment.ts';
import {
  addressOf,
  isPasswordOf,
  readPoolUsers,
  sealPassword,
  writePoolUsers,
  type PoolUser,
} from './pool-users.ts';

type Dependencies = {
  deployment: Deployment;
  dataDir: string;
  /** The `sub` of the user with an address. */
  subjectOf: (email: string) => string;
  /** An access token, which is valid for an hour, for the client. */
  tokenFor: (wish: { clientId: string; email: string; groups: readonly string[] }) => Promise<string>;
};

const groupSchema = z.object({ GroupName: z.string(), Description: z.string().optional() });
const clientSchema = z.object({ ExplicitAuthFlows: z.array(z.string()).default([]) });

/** The flow of a program that has AWS credentials and the password; the local run supports no other. */
const withPassword = 'ADMIN_USER_PASSWORD_AUTH';

type Input = Record<string, unknown>;

/**
 * Cognito's calls for administrators, with its errors: users whom somebody makes by name, their groups, and a sign-in with a
 * password for who has AWS credentials. The groups are the template's. Nobody gets a mail.
 */
export const cognitoAdmin = (dependencies: Dependencies): Record<string, Operation> => {
  const { deployment } = dependencies;
  const pools = deployment.all('AWS::Cognito::UserPool', z.object({})).map(({ ref }) => ref);
  const inPool =
    (operation: Operation): Operation =>
    (input) => {
      const { UserPoolId } = input;
      if (!pools.includes(String(UserPoolId)))
        throw new AwsError('ResourceNotFoundException', `User pool ${String(UserPoolId)} does not exist.`);
      return operation(input);
    };
  const operations = { ...ofUsers(dependencies), ...ofGroups(dependencies), ...ofSignIn(dependencies) };
  return Object.fromEntries(
    Object.entries(operations).map(([name, operation]) => [
      `AWSCognitoIdentityProviderService.${name}`,
      inPool(operation),
    ]),
  );
};

const userOf = (dataDir: string, { Username }: Input): PoolUser => {
  const user = readPoolUsers(dataDir)[addressOf(Username)];
  if (!user) throw new AwsError('UserNotFoundException', 'User does not exist.');
  return user;
};

const change = (dataDir: string, input: Input, next: (user: PoolUser) => PoolUser): void => {
  const user = userOf(dataDir, input);
  writePoolUsers(dataDir, { ...readPoolUsers(dataDir), [user.email]: next(user) });
};

const described = ({ subjectOf }: Dependencies, { email, status }: PoolUser) => {
  const sub = subjectOf(email);
  const Attributes = [
    { Name: 'email', Value: email },
    { Name: 'email_verified', Value: 'true' },
    { Name: 'sub', Value: sub },
  ];
  return { Username: sub, Attributes, Enabled: true, UserStatus: status };
};

const ofUsers = (dependencies: Dependencies): Record<string, Operation> => {
  const { dataDir } = dependencies;
  return {
    AdminCreateUser: ({ Username, MessageAction }) => {
      const email = addressOf(Username);
      if (!/^[^\s@]+@[^\s@]+$/.test(email))
        throw new AwsError('InvalidParameterException', 'Username should be an email.');
      const users = readPoolUsers(dataDir);
      const known = users[email];
      if (known && MessageAction !== 'RESEND')
        throw new AwsError('UsernameExistsException', 'User account already exists');
      if (MessageAction === 'RESEND' && userOf(dataDir, { Username }).status !== 'FORCE_CHANGE_PASSWORD')
        throw new AwsError('UnsupportedUserStateException', 'Resend not possible. The user is confirmed.');
      const user: PoolUser = known ?? { email, status: 'FORCE_CHANGE_PASSWORD', groups: [] };
      writePoolUsers(dataDir, { ...users, [email]: user });
      return { User: described(dependencies, user) };
    },
    AdminDeleteUser: (input) => {
      const { email } = userOf(dataDir, input);
      const { [email]: _deleted, ...others } = readPoolUsers(dataDir);
      writePoolUsers(dataDir, others);
    },
  };
};

const ofGroups = (dependencies: Dependencies): Record<string, Operation> => {
  const { deployment, dataDir } = dependencies;
  const groups = deployment
    .all('AWS::Cognito::UserPoolGroup', groupSchema)
    .map(({ properties }) => properties);
  const known = ({ GroupName }: Input): string => {
    if (groups.some((group) => group.GroupName === GroupName)) return String(GroupName);
    throw new AwsError('ResourceNotFoundException', 'Group not found.');
  };
  return {
    ListGroups: () => ({ Groups: groups }),
    AdminAddUserToGroup: (input) => {
      const group = known(input);
      change(dataDir, input, (user) => ({ ...user, groups: [...new Set([...user.groups, group])] }));
    },
    AdminRemoveUserFromGroup: (input) => {
      const group = known(input);
      change(dataDir, input, (user) => ({ ...user, groups: user.groups.filter((each) => each !== group) }));
    },
    AdminListGroupsForUser: (input) => {
      const user = userOf(dataDir, input);
      return { Groups: groups.filter(({ GroupName }) => user.groups.includes(GroupName)) };
    },
    ListUsersInGroup: (input) => {
      const group = known(input);
      const members = Object.values(readPoolUsers(dataDir)).filter((user) => user.groups.includes(group));
      return { Users: members.map((user) => described(dependencies, user)) };
    },
  };
};

const ofSignIn = ({ deployment, dataDir, tokenFor }: Dependencies): Record<string, Operation> => {
  const clients = deployment.all('AWS::Cognito::UserPoolClient', clientSchema);
  const authParametersSchema = z.object({ USERNAME: z.string(), PASSWORD: z.string() });
  return {
    AdminSetUserPassword: (input) => {
      const status = input['Permanent'] === true ? 'CONFIRMED' : 'FORCE_CHANGE_PASSWORD';
      const password = sealPassword(String(input['Password']));
      change(dataDir, input, (user) => ({ ...user, status, password }));
    },
    AdminInitiateAuth: async ({ ClientId, AuthFlow, AuthParameters }) => {
      const clientId = String(ClientId);
      const client = clients.find(({ ref }) => ref === clientId);
      if (!client)
        throw new AwsError('ResourceNotFoundException', `User pool client ${clientId} does not exist.`);
      const { ExplicitAuthFlows } = client.properties;
      if (AuthFlow !== withPassword || !ExplicitAuthFlows.includes(`ALLOW_${withPassword}`))
        throw new AwsError('InvalidParameterException', 'Auth flow not enabled for this client');
      const { USERNAME, PASSWORD } = authParametersSchema.parse(AuthParameters);
      const user = readPoolUsers(dataDir)[addressOf(USERNAME)];
      if (!user || !isPasswordOf(user, PASSWORD))
        throw new AwsError('NotAuthorizedException', 'Incorrect username or password.');
      const { email, groups } = user;
      const AccessToken = await tokenFor({ clientId, email, groups });
      return { AuthenticationResult: { AccessToken, TokenType: 'Bearer', ExpiresIn: 3600 } };
    },
  };
};
