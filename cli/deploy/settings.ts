import type { Command } from 'commander';
import type { Deployment } from '../../infra/constructs/deployment.ts';
import { contextNames, readDeployment, type Typed } from '../../infra/read-deployment.ts';
import { writtenSettings } from '../../infra/local/run/paths.ts';
import { soundCarrier } from '../../shared/carriers/read-carrier.ts';
import { carrierNames } from '../../shared/platform/carrier-folder.ts';
import { CommandFailure } from '../connect.ts';

/** `mailFrom` → `--mail-from` */
const optionOf: Typed = (name, example) =>
  `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}${example ? ` ${example}` : ''}`;

/** What the help says about each value of the context. */
const meanings: Readonly<Record<string, string>> = {
  stage: 'dev or prod; both fit in one account',
  carrier: 'the carrier, by the name of its folder in carriers',
  mailFrom: 'the sender of mails to passengers',
  mailIdentity: 'what SES verifies: domain, address, or existing-… if the account has it already',
  mailVerified: 'true as soon as SES has verified the sender',
  concurrency: 'how many functions may run at once in the account',
  gatewayRate: 'how many requests a second API Gateway takes in the region',
  publicUrl: 'the start of links in mails and of payment callbacks',
  operatorEmail: 'the address for mails about problems',
  release: 'gradual or at-once: how new versions of the functions of a purchase get their calls',
  front: 'off, firewall or on: CloudFront and WAF before the API',
  domain: 'the domain of the distribution in front',
  certificateArn: 'its certificate, by the ARN in us-east-1',
  webAclArn: 'its firewall, by the output of Keyun-<stage>-Firewall',
  docsUrl: 'where the pages of docs are, for the links of alarms',
  detailedMetrics: 'true for API Gateway’s metrics of each route, which cost extra',
  signInPlan: 'the plan of Cognito: essentials or lite',
  signInDomain: 'the sign-in pages’ own domain',
  signInCertificate: 'its certificate, by the ARN in us-east-1',
  issuer: 'an OIDC issuer that signs users in instead of Cognito',
  audience: 'the aud of its access tokens, with commas between several',
  restored: 'the tables that a person has restored, instead of the stack’s own',
  allowedOrigins: 'the origins of other pages that may use the API, with commas between',
};

/** An option for each value of the CDK's context, so that the names stand in one place (infra/read-deployment.ts). */
export const addSettings = (command: Command): Command =>
  contextNames.reduce((all, name) => all.option(`${optionOf(name)} <value>`, meanings[name]), command);

export type Settings = { context: Readonly<Record<string, unknown>>; deployment: Deployment };

/**
 * The settings that the options say, then those of cdk.json (`written`). Its carrier is for the local run alone: what is deployed
 * must be said, since a carrier chosen by accident would sell in another currency. Throws a line for each value that cannot be
 * used.
 */
export const readSettings = (
  options: Readonly<Record<string, unknown>>,
  written: Readonly<Record<string, unknown>> = writtenSettings,
): Settings => {
  const said = contextNames.flatMap((name) => {
    const value = options[name] ?? (name === 'carrier' ? undefined : written[name]);
    return value === undefined ? [] : [[name, value] as const];
  });
  const context = Object.fromEntries(said);
  if (!context['carrier'])
    throw new CommandFailure(
      `say which carrier sells here: --carrier <name>, one of ${carrierNames().join(', ')}`,
    );
  const read = readDeployment(context, optionOf);
  if ('refusals' in read) throw new CommandFailure(read.refusals.join('\n'));
  soundCarrier(read.deployment.carrier);
  return { context, deployment: read.deployment };
};
