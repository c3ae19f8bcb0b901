import type { Deployment } from '../../infra/constructs/deployment.ts';
import type { Outputs } from './outputs.ts';

const standIn = 'tickets@keyun.example';

/** How SES comes to know that the sender is ours, by what the stack has made. */
const verification = (outputs: Outputs, { mailFrom, mailIdentity }: Deployment): string => {
  const domain = mailFrom.slice(mailFrom.indexOf('@') + 1);
  const records = Object.entries(outputs)
    .filter(([name]) => name.startsWith('MailDnsRecord'))
    .map(([, record]) => `\n       ${record}`);
  if (mailIdentity === 'address') return `Follow the link in the mail of SES to ${mailFrom} within 24 hours`;
  if (records.length > 0) return `Add these records to the DNS of ${domain}:${records.join('')}\n     `;
  return `See that SES has verified ${mailIdentity.endsWith('domain') ? domain : mailFrom} in this account`;
};

/** What a person does until SES takes every mail. */
export const mailSteps = (outputs: Outputs, deployment: Deployment): string[] => {
  const { mailFrom, mailIdentity, mailVerified } = deployment;
  if (mailFrom === standIn)
    return [`Deploy again with --mail-from <address>: nobody owns ${standIn}, so that no mail leaves now.`];
  const domain = mailFrom.slice(mailFrom.indexOf('@') + 1);
  const identity = mailIdentity.endsWith('domain') ? domain : mailFrom;
  return [
    ...(mailVerified
      ? []
      : [
          `${verification(outputs, deployment)} and wait (minutes, at most 72 hours) for true: ` +
            `aws sesv2 get-email-identity --email-identity ${identity} --query VerifiedForSendingStatus; ` +
            'then deploy again with --mail-verified true.',
        ]),
    'See whether SES sends to everybody: aws sesv2 get-account --query ProductionAccessEnabled; if it is false, ask with ' +
      `aws sesv2 put-account-details --production-access-enabled --mail-type TRANSACTIONAL --website-url https://${domain} ` +
      '(up to 24 hours; docs/how-to/mail.md).',
  ];
};
