import { GetSMSSandboxAccountStatusCommand, SNSClient } from '@aws-sdk/client-sns';
import { awsClient } from '../../shared/platform/aws-client.ts';
import type { Answer } from './answer.ts';
import { accountLimits } from './account-limits.ts';

/** Whether SNS could send SMS to everybody. Keyun sends none, so a sandbox is no fault. */
export const askSms = async (): Promise<Answer> => {
  const client = awsClient(SNSClient, accountLimits);
  try {
    const { IsInSandbox: isInSandbox } = await client.send(new GetSMSSandboxAccountStatusCommand({}));
    const reach = isInSandbox ? 'only to verified numbers' : 'to any number';
    return { says: `SNS would send SMS ${reach}; Keyun sends none`, faults: [] };
  } finally {
    client.destroy();
  }
};
