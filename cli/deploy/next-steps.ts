import { mailSteps } from './mail-steps.ts';
import type { Outputs } from './outputs.ts';
import type { Settings } from './settings.ts';

const quoted = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text}'`);

/** The command that asks the account about these settings. */
export const accountCheck = ({ context, deployment: { stage, carrier } }: Settings): string =>
  [
    `npm run -s keyun -- deploy-check --account --stage ${stage} --carrier ${carrier}`,
    ...Object.entries(context)
      .filter(([name]) => name !== 'stage' && name !== 'carrier')
      .map(([name, value]) => `--context ${quoted(`${name}=${String(value)}`)}`),
  ].join(' ');

const providerSteps = (outputs: Outputs): string[] =>
  Object.entries(outputs)
    .filter(([name]) => /^(?!Document|Ticket)\w+SecretId$/.test(name))
    .map(([name, id]) => {
      const provider = name.replace(/SecretId$/, '');
      return (
        `Put the keys of ${provider} into its secret, or leave it switched off (docs/how-to/payment-providers.md): ` +
        `aws secretsmanager put-secret-value --secret-id ${id} --secret-string file://${provider.toLowerCase()}.json`
      );
    });

/** What a person does after a deployment, in order, with the names of this deployment in the commands. */
export const nextSteps = (outputs: Outputs, settings: Settings, region: string): string[] => {
  const { carrier, operatorEmail, signIn, stage } = settings.deployment;
  const keyun = (words: string): string => `npm run -s keyun -- ${words}`;
  return [
    `In your shell: export AWS_REGION=${region} KEYUN_STACK=Keyun-${stage}`,
    `Look whether it answers: curl ${outputs['PublicUrl'] ?? outputs['ApiUrl'] ?? ''}/v1/health`,
    operatorEmail
      ? `Confirm the subscription in the mail to ${operatorEmail}: until then no alarm reaches anybody.`
      : 'Deploy again with --operator-email <address>: no alarm reaches anybody now.',
    ...mailSteps(outputs, settings.deployment),
    ...providerSteps(outputs),
    signIn.by === 'cognito'
      ? `Make staff: ${keyun('staff add <address> --group operators')}`
      : `Make staff at ${signIn.issuer}, with the groups operators and gates.`,
    `Import the timetable of ${carrier}: ${keyun('timetable import <feed.zip> --dry-run')}, then without --dry-run.`,
    `Open the sale: ${keyun('sales open --days 30')}`,
    `Try everything that a buyer needs: ${keyun(signIn.by === 'cognito' ? 'smoke' : 'smoke --token <access token>')}`,
    `Ask the account what it still lacks: ${accountCheck(settings)}`,
  ];
};
