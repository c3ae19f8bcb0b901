import { GetAccountCommand, GetEmailIdentityCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { awsClient } from '../../shared/platform/aws-client.ts';
import type { Answer } from './answer.ts';
import { accountLimits } from './account-limits.ts';

const withSes = async <Result>(work: (client: SESv2Client) => Promise<Result>): Promise<Result> => {
  const client = awsClient(SESv2Client, accountLimits);
  try {
    return await work(client);
  } finally {
    client.destroy();
  }
};

/** Whether SES sends to everybody, and how much. */
export const askMail = (): Promise<Answer> =>
  withSes(async (client) => {
    const { ProductionAccessEnabled, SendingEnabled, SendQuota } = await client.send(
      new GetAccountCommand({}),
    );
    const { MaxSendRate: rate = 0, Max24HourSend: day = 0 } = SendQuota ?? {};
    return {
      says: `SES sends ${rate} mails a second, ${day} a day`,
      faults: [
        ...(ProductionAccessEnabled
          ? []
          : [
              {
                what: `SES is in the sandbox: only verified addresses get mail, ${day} a day`,
                remedy: 'ask for production access (docs/how-to/mail.md)',
              },
            ]),
        ...(SendingEnabled
          ? []
          : [
              {
                what: 'SES has stopped sending for this account',
                remedy: 'read its messages in the console of SES',
              },
            ]),
      ],
    };
  });

/** Whether SES has verified the sender: its domain, or the address itself. */
export const askSender = async (mailFrom: string | undefined): Promise<Answer> => {
  if (mailFrom === undefined) return unsaid;
  return withSes(async (client) => {
    const domain = mailFrom.slice(mailFrom.indexOf('@') + 1);
    for (const identity of [domain, mailFrom]) if (await isVerified(client, identity)) return sound(identity);
    return {
      says: '',
      faults: [
        {
          what: `SES has verified neither ${domain} nor ${mailFrom}`,
          remedy: 'deploy, and enter the records of the domain (docs/how-to/mail.md)',
        },
      ],
    };
  });
};

const unsaid: Answer = { says: 'no sender to ask for: say --context mailFrom=<address>', faults: [] };

const sound = (identity: string): Answer => ({ says: `SES has verified ${identity}`, faults: [] });

const isVerified = async (client: SESv2Client, identity: string): Promise<boolean> => {
  try {
    const answer = await client.send(new GetEmailIdentityCommand({ EmailIdentity: identity }));
    return answer.VerifiedForSendingStatus === true;
  } catch (error) {
    if (error instanceof Error && error.name === 'NotFoundException') return false;
    throw error;
  }
};
