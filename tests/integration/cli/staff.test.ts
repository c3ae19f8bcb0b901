import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { addMember } from '../../../cli/staff/members.ts';
import { startAwsJsonServer, type AwsJsonServer } from '../../../infra/local/http/aws-json-server.ts';
import { AwsError, type Operation } from '../../../infra/local/http/aws-operation.ts';
import { freePort } from '../../../infra/local/run/ports.ts';
import { awsClient, patientLimits } from '../../../shared/platform/aws-client.ts';

/* Accounts that nobody can have on the local run: its users need no password. */

const email = 'chief@carrier.example';
let account: { Enabled: boolean; UserStatus: string };
let members: unknown[];
let server: AwsJsonServer;
let client: CognitoIdentityProviderClient;

const operations: Record<string, Operation> = {
  ListGroups: () => ({ Groups: [{ GroupName: 'operators' }] }),
  AdminCreateUser: () => {
    throw new AwsError('UsernameExistsException', 'User account already exists');
  },
  AdminGetUser: () => ({ Username: 'a-sub', ...account }),
  AdminAddUserToGroup: ({ Username }) => void members.push(Username),
};

beforeAll(async () => {
  const named = Object.entries(operations).map(([name, operation]) => [
    `AWSCognitoIdentityProviderService.${name}`,
    operation,
  ]);
  server = await startAwsJsonServer(await freePort(), Object.fromEntries(named) as typeof operations);
  const credentials = { accessKeyId: 'x', secretAccessKey: 'x' };
  client = awsClient(CognitoIdentityProviderClient, patientLimits, {
    endpoint: server.endpoint,
    region: 'us-east-1',
    credentials,
  });
});
beforeEach(() => {
  members = [];
});
afterAll(async () => {
  client.destroy();
  await server.stop();
});

const add = () =>
  addMember({ client, UserPoolId: 'us-east-1_Pool', close: () => undefined }, email, {
    group: 'operators',
    resend: false,
  });

test.each(['CONFIRMED', 'FORCE_CHANGE_PASSWORD', 'RESET_REQUIRED'])(
  'an account that is %s becomes a member',
  async (UserStatus) => {
    account = { Enabled: true, UserStatus };
    expect(await add()).toBe('known');
    expect(members).toEqual([email]);
  },
);

test('an account that its owner has not confirmed does not: whoever made it chose its password', async () => {
  account = { Enabled: true, UserStatus: 'UNCONFIRMED' };
  await expect(add()).rejects.toThrow(
    /nobody has confirmed.*admin-delete-user --user-pool-id us-east-1_Pool --username chief@carrier\.example/,
  );
  expect(members).toEqual([]);
});

test('an account that is disabled does not: nobody could sign in', async () => {
  account = { Enabled: false, UserStatus: 'CONFIRMED' };
  await expect(add()).rejects.toThrow(/the account of chief@carrier\.example is disabled/);
  expect(members).toEqual([]);
});
