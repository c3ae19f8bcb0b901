import type { Settings } from './settings.ts';

/** What the stacks say about themselves after a deployment, by the names of their outputs. */
export type Outputs = Readonly<Record<string, string>>;

/** What a person does after a deployment, in order, with the names of this deployment in the commands. */
export const nextSteps = (outputs: Outputs, { deployment }: Settings): string[] => {
  const { carrier, operatorEmail, mailFrom } = deployment;
  const secrets = Object.entries(outputs).filter(([name]) => /^(?!Document|Ticket)\w+SecretId$/.test(name));
  return [
    `Look whether it answers: curl ${outputs['PublicUrl'] ?? outputs['ApiUrl'] ?? ''}/v1/health`,
    operatorEmail
      ? `Confirm the subscription in the mail to ${operatorEmail}: until then no alarm reaches anybody.`
      : 'Deploy again with --operator-email <address>: no alarm reaches anybody now.',
    `Verify ${mailFrom} or its domain in SES, and ask SES for production access (up to 24 hours).`,
    ...secrets.map(
      ([name, id]) =>
        `Put the keys of ${name.replace(/SecretId$/, '')} into its secret, or leave it switched off: ` +
        `aws secretsmanager put-secret-value --secret-id ${id} --secret-string file://keys.json`,
    ),
    `Make staff, import the timetable of ${carrier} and open the sale, then buy one ticket.`,
  ];
};
