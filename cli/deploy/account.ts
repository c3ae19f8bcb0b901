import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { awsClient, type CallLimits } from '../../shared/platform/aws-client.ts';
import { CommandFailure } from '../connect.ts';

/** A person waits: a network that is down must be said in seconds. */
const limits: CallLimits = { attempts: 3, attemptMilliseconds: 20_000, connectMilliseconds: 5000 };

/** Where to deploy, as the options say; what they leave out comes from the environment or the profile. */
export type Place = { region?: string | undefined; profile?: string | undefined };

export type Account = { account: string; region: string; arn: string };

/** For every client here and for the CDK's own process: both read these variables. */
export const usePlace = ({ region, profile }: Place): void => {
  if (region) Object.assign(process.env, { AWS_REGION: region, AWS_DEFAULT_REGION: region });
  if (profile) {
    process.env['AWS_PROFILE'] = profile;
    // Keys in the environment would win over the profile that the person named.
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'])
      delete process.env[name];
  }
};

const noCredentials = (profile: string | undefined, error: unknown): unknown =>
  profile &&
  error instanceof Error &&
  error.name === 'CredentialsProviderError' &&
  !/expired/i.test(error.message)
    ? new CommandFailure(
        `the AWS profile "${profile}" is absent or has no credentials: aws configure list-profiles names them all`,
      )
    : error;

const isRegion = (text: string): boolean => /^[a-z]{2,4}(?:-[a-z]+){1,2}-\d{1,2}$/.test(text);

const refuseRegion = (region: string): void => {
  if (!isRegion(region))
    throw new CommandFailure(`"${region}" is no AWS region: pass one such as --region eu-central-1`);
};

/**
 * The account and region that the credentials lead to. Throws one line if there is no region; errors of AWS are explained by
 * `explainAwsError`.
 */
export const findAccount = async (): Promise<Account> => {
  const sts = awsClient(STSClient, limits);
  try {
    const region = await sts.config.region().catch(() => {
      throw new CommandFailure('no AWS region: pass --region <name>, or set AWS_REGION');
    });
    refuseRegion(region);
    const { Account: account = '', Arn: arn = '' } = await sts.send(new GetCallerIdentityCommand({}));
    return { account, region, arn };
  } catch (error) {
    throw noCredentials(process.env['AWS_PROFILE'], error);
  } finally {
    sts.destroy();
  }
};

/** A client of CloudFormation for some work, in the region of the environment if none is named. */
export const withCloudFormation = async <Result>(
  work: (client: CloudFormationClient) => Promise<Result>,
  region?: string,
): Promise<Result> => {
  const client = awsClient(CloudFormationClient, limits, { ...(region && { region }) });
  try {
    return await work(client);
  } finally {
    client.destroy();
  }
};
