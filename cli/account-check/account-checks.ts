import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { findAccount, withCloudFormation } from '../deploy/account.ts';
import { toolkitVersion } from '../deploy/toolkit.ts';
import { explainAwsError } from '../explain-aws-error.ts';
import type { Answer } from './answer.ts';
import { askConcurrency } from './ask-concurrency.ts';
import { askDomain } from './ask-domain.ts';
import { askMail, askSender } from './ask-mail.ts';
import { askRegion } from './ask-region.ts';
import { askSms } from './ask-sms.ts';

/** What an account is asked about a deployment. */
export type Wanted = {
  /** The types of all resources. */
  types: readonly string[];
  /** How many functions the deployment expects to run at once. */
  concurrency: number;
  mailFrom?: string | undefined;
  publicUrl?: string | undefined;
};

export type AccountAnswer = Answer & { name: string };

/** The rule `CheckBootstrapVersion` of every template refuses an older one. */
const toolkitNeeded = 6;

/**
 * Asks the account of the credentials. A missing right is one fault and the other questions are still asked; without credentials
 * there is nothing else to ask.
 */
export const askAccount = async (wanted: Wanted): Promise<AccountAnswer[]> => {
  const identity = await ask('credentials', async () => {
    const { account, region, arn } = await findAccount();
    return { says: `${arn} in account ${account}, ${region}`, faults: [] };
  });
  if (identity.faults.length > 0) return [identity];
  return [
    identity,
    ...(await Promise.all([
      ask('bootstrap', () => withCloudFormation(askBootstrap)),
      ask('region', () => withCloudFormation((client) => askRegion(client, wanted.types))),
      ask('concurrency', () => askConcurrency(wanted.concurrency)),
      ask('mail', askMail),
      ask('sender', () => askSender(wanted.mailFrom)),
      ask('sms', askSms),
      ask('domain', () => askDomain(wanted.publicUrl)),
    ])),
  ];
};

const ask = async (name: string, question: () => Promise<Answer>): Promise<AccountAnswer> => {
  try {
    return { name, ...(await question()) };
  } catch (error) {
    const what = explainAwsError(error) ?? ownLine(error);
    if (what === undefined) throw error;
    return { name, says: '', faults: [{ what, remedy: 'then run this check again' }] };
  }
};

/** A refusal of the command line itself, such as a missing region. */
const ownLine = (error: unknown): string | undefined =>
  error instanceof Error && error.name === 'CommandFailure' ? error.message : undefined;

const askBootstrap = async (client: CloudFormationClient): Promise<Answer> => {
  const version = await toolkitVersion(client);
  return {
    says: `the CDK’s own stack has version ${version}`,
    faults:
      version !== undefined && version >= toolkitNeeded
        ? []
        : [
            {
              what:
                version === undefined
                  ? 'the region has no CDK bootstrap'
                  : `the CDK bootstrap has version ${version}, and ${toolkitNeeded} is needed`,
              remedy: 'run npx cdk bootstrap, or npm run deploy with --bootstrap',
            },
          ],
  };
};
