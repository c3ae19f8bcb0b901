import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { startAwsJsonServer, type AwsJsonServer } from '../../../infra/local/http/aws-json-server.ts';
import { issuerKey } from '../../../infra/local/identity/issuer-keys.ts';
import { userOperations } from '../../../infra/local/identity/user-pool.ts';
import { signUp } from '../../../infra/local/identity/users.ts';
import { freePort } from '../../../infra/local/run/ports.ts';
import { cognitoAddresses } from '../../../shared/notifications/cognito-addresses.ts';
import type { FindConfirmedAddress } from '../../../shared/notifications/confirmed-address.ts';
import { awsClient, patientLimits } from '../../../shared/platform/aws-client.ts';
import { userIdSchema } from '../../../shared/platform/ids.ts';
import { temporaryFolder } from './temporary.ts';

const dataDir = temporaryFolder();
let server: AwsJsonServer;
let confirmedAddressOf: FindConfirmedAddress;

beforeAll(async () => {
  const unconfirmed = { Username: 'u', UserAttributes: [{ Name: 'email', Value: 'new@example.com' }] };
  const own = userOperations(dataDir);
  const name = 'AWSCognitoIdentityProviderService.AdminGetUser';
  server = await startAwsJsonServer(await freePort(), {
    [name]: (input) => {
      if (input['Username'] === 'unconfirmed') return unconfirmed;
      if (input['Username'] === 'broken') throw new Error('no answer');
      return own[name]?.(input);
    },
  });
  const client = awsClient(
    CognitoIdentityProviderClient,
    { ...patientLimits, attempts: 1 },
    {
      endpoint: server.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
    },
  );
  confirmedAddressOf = cognitoAddresses({ userPoolId: 'us-east-1_Pool', client });
});
afterAll(() => server.stop());

const addressOf = (userId: string) => confirmedAddressOf(userIdSchema.parse(userId));

it('the address of a user is found by the id that their tokens have', async () => {
  const { sub } = signUp(dataDir, await issuerKey(dataDir), 'Zhang@Example.com');
  expect(await addressOf(sub)).toBe('zhang@example.com');
});

it.each(['unconfirmed', '00000000-0000-4000-8000-000000000000', '../../issuer'])(
  'nobody is found by %s',
  async (userId) => {
    expect(await addressOf(userId)).toBeUndefined();
  },
);

it('a user pool that does not answer is no answer', async () => {
  await expect(addressOf('broken')).rejects.toThrow('no answer');
});
