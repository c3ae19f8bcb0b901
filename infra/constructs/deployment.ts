import type { RestoredTables } from './restored-tables.ts';
import type { SignIn } from './sign-in.ts';

export const mailIdentities = ['domain', 'address', 'existing-domain', 'existing-address'] as const;
export type MailIdentity = (typeof mailIdentities)[number];

/** A distribution in front of the API. */
export type Front = {
  /** The domain of pages and API. */
  domain: string;
  /** Both are in us-east-1. */
  certificateArn: string;
  webAclArn: string;
};

/** The settings of a deployment. Only `infra/app.ts` reads them from the CDK context. */
export type Deployment = {
  stage: 'dev' | 'prod';
  /** The carrier, by the name of its folder in `carriers`. */
  carrier: string;
  /** The sender of mails to passengers. */
  mailFrom: string;
  /**
   * What SES verifies: the sender's domain or only the address. The stack makes this identity, unless it exists already in
   * the account and region.
   */
  mailIdentity: MailIdentity;
  /** Whether SES has verified the identity: then Cognito sends its mails as `mailFrom`, too. */
  mailVerified: boolean;
  /** The account’s quota of functions that run at once, in this region. */
  concurrency: number;
  /** The account’s quota of requests a second to its API gateways, in this region. */
  gatewayRate: number;
  /** The public address of this deployment, if it is not the API's own endpoint. */
  publicUrl?: string;
  /** The address for mails about anything that needs a person. */
  operatorEmail?: string;
  /** How a new version of a function that takes part in a purchase gets its calls. */
  release: 'gradual' | 'at-once';
  /** The origins whose pages may call the API, beside its own. */
  allowedOrigins?: readonly string[];
  /** What stands before the API; absent if clients reach the gateway themselves. */
  front?: Front;
  /** Whether the firewall of such a front is part of the deployment. */
  hasFirewall: boolean;
  signIn: SignIn;
  /** Where a browser finds the folder that has `docs`: alarms and the dashboard link their pages there. */
  docsUrl?: string;
  /** Tables that a person has restored, instead of the stack's own: docs/how-to/restore.md. */
  restored?: RestoredTables;
  /** Metrics for each route of the gateway, which CloudWatch bills one by one. */
  detailedMetrics: boolean;
};

/** The stacks of a deployment. The command line reads the outputs of all of them. */
export const stackParts = ['Data', 'Selling', 'Api', 'Operators'] as const;

/** The name of a stack: `Keyun-dev-Data`. */
export const stackName = (
  { stage }: Deployment,
  part: (typeof stackParts)[number] | 'Firewall' | 'Front',
): string => `Keyun-${stage}-${part}`;
